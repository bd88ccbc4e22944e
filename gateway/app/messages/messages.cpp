#include "gateway/app/messages/messages.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "gateway/app/messages/messages_words.h"
#include "gateway/core/calendar/zone.h"
#include "gateway/core/explain/explain.h"
#include "mapping/json/json.h"
#include "mapping/map/touch.h"

namespace baton {
namespace {

std::string fill(std::string_view pattern, std::string_view value) {
  return fmt::format(fmt::runtime(pattern), value);
}

// A name may hold line breaks and control characters; a headline is one line.
std::string one_line(std::string_view text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  return out;
}

std::optional<Instant> moment(const json::object& data, std::string_view key) {
  return parse_rfc3339(text(data, key));
}

Instant local_time(Instant at, std::string_view zone_name) {
  const auto zone = find_zone(zone_name);
  return zone ? at + (*zone)->offset_at(at) : at;
}

std::string who(const json::object& data, const MessageWords& words) {
  std::string name = one_line(text(data, "name"));
  const std::string company = one_line(text(data, "company"));
  if (name.empty())
    name = company.empty() ? one_line(text(data, "email", words.unknown_contact)) : company;
  return company.empty() || company == name ? name : fmt::format("{} ({})", name, company);
}

bool is_over(NoticeKind kind) {
  return kind == NoticeKind::kWithdrawn || kind == NoticeKind::kResolved ||
         kind == NoticeKind::kCorrected;
}

// T18: about a lead that was ruled out. Nobody waits, and nobody is to be called.
bool is_about_way_back(const json::object& data) {
  const auto kind = text(data, "task_kind");
  return kind == "reopen" || kind == "stays_out" || kind == "comes_back";
}

std::string task_text(const json::object& data, const MessageContext& context,
                      const MessageWords& words) {
  const auto kind = text(data, "task_kind"), channel = text(data, "channel");
  if (kind == "qualify") return std::string(words.task_qualify);
  if (kind == "run_out") return std::string(words.task_run_out);
  if (kind == "reopen") return fill(words.task_reopen, context.asked_by);
  if (kind == "stays_out") return std::string(words.task_stays_out);
  if (kind == "comes_back") return fill(words.task_comes_back, context.answered_by);
  if (channel == "phone" || channel == "call") return std::string(words.task_call);
  if (channel == "email" || channel == "mail") return std::string(words.task_write);
  return channel.empty() ? std::string(words.task) : fill(words.task_channel, channel);
}

// What the recipient can do about it; "" where nothing is left to do.
std::string next_step(const Notice& notice, const MessageContext& context,
                      const MessageWords& words) {
  const auto& data = notice.data;
  const auto type = text(data, "type");
  const bool hot =
      (type == to_string(Intent::kHandRaiser) || type == to_string(Intent::kTransactional)) &&
      !text(data, "phone").empty();
  const bool own = text(data, "owner") == notice.recipient;
  switch (notice.kind) {
    case NoticeKind::kOffer:
      if (boolean(data, "again")) return std::string(words.do_contact_now);
      return std::string(hot ? words.do_accept_and_call : words.do_accept);
    case NoticeKind::kWarning:
      if (own || text(data, "owner").empty())
        return std::string(notice.clock == "accept" ? words.do_accept : words.do_contact);
      break;
    case NoticeKind::kBreach:
      if (own)
        return std::string(notice.clock == "accept" ? words.do_accept : words.do_contact_now);
      break;
    case NoticeKind::kEscalation:
      if (boolean(data, "hops")) return std::string(words.do_choose);
      if (data.contains("rework")) return std::string(words.do_mend);
      break;
    case NoticeKind::kTask: {
      const auto kind = text(data, "task_kind");
      if (kind == "stays_out" || kind == "comes_back") return {};
      if (kind == "reopen") return std::string(words.do_agree);
      return std::string(kind == "qualify"   ? words.do_qualify
                         : kind == "run_out" ? words.do_decide
                         : kind == "connect" ? words.do_contact
                                             : words.do_task);
    }
    default:
      return {};
  }
  if (context.owner_name.empty() || boolean(data, "nobody")) return std::string(words.do_assign);
  return fill(words.do_talk, context.owner_name);
}

std::string what(const Notice& notice, const MessageContext& context, const MessageWords& words,
                 Instant now) {
  const std::string_view language = context.language;
  const auto due = moment(notice.data, "due");
  const auto late = due && *due < now ? now - *due : Duration{0};
  const auto left = due && *due > now ? *due - now : Duration{0};
  switch (notice.kind) {
    case NoticeKind::kOffer:
      if (boolean(notice.data, "corrected")) return std::string(words.mended);
      return std::string(boolean(notice.data, "again") ? words.asked_again : words.new_lead);
    case NoticeKind::kWarning:
      return fill(words.expires_in, waiting_text(left, language));
    case NoticeKind::kBreach:
      return late < seconds(1) ? std::string(words.just_due)
                               : fill(words.overdue_by, waiting_text(late, language));
    case NoticeKind::kReassigned:
      return std::string(notice.clock.empty() || notice.clock == "accept"
                             ? words.reassigned
                             : words.reassigned_no_contact);
    case NoticeKind::kWithdrawn:
      return std::string(words.withdrawn);
    case NoticeKind::kResolved:
      return std::string(words.resolved);
    case NoticeKind::kCorrected:
      return std::string(words.corrected);
    case NoticeKind::kTask:
      return task_text(notice.data, context, words);
    case NoticeKind::kEscalation:
      break;
  }
  if (boolean(notice.data, "nobody")) return std::string(words.nobody);
  if (boolean(notice.data, "hops")) return std::string(words.many_hops);
  if (notice.data.contains("rework")) return std::string(words.rework);
  if (late < seconds(1)) return std::string(words.just_escalated);
  return fill(words.escalated, waiting_text(late, language));
}

std::string headline(const Notice& notice, const MessageContext& context, const MessageWords& words,
                     Instant now) {
  std::string line = who(notice.data, words) + ": ";
  const auto since = moment(notice.data, "waiting_since");
  if (since && !is_over(notice.kind) && !is_about_way_back(notice.data))
    line += fill(words.waiting, waiting_text(now - *since, context.language)) + ", ";
  return line + what(notice, context, words, now);
}

// "scoring.rules.demo_request" as a reader's words: the last part, blanks for underscores.
std::string rule_words(std::string_view rule) {
  std::string words(rule.substr(rule.rfind('.') + 1));
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

std::string reason_text(const Notice& notice, const MessageContext& context,
                        const MessageWords& words) {
  if (!context.reason.empty()) return context.reason;
  if (const auto asked = text(notice.data, "asked_reason"); !asked.empty())
    return rule_words(asked);
  const auto* reason = object(notice.data, "reason");
  if (reason == nullptr) return {};
  const auto* facts = object(*reason, "facts");
  const auto code = text(*reason, "code");
  if (code == "why.asked") {
    const bool offer =
        facts != nullptr && text(*facts, "type") == to_string(Intent::kTransactional);
    return std::string(offer ? words.asked_offer : words.asked_contact);
  }
  if (code == "score.rule" && !text(*reason, "rule").empty())
    return fill(words.strongest_signal, rule_words(text(*reason, "rule")));
  if (code == "why.grade" && facts != nullptr) return fill(words.graded, text(*facts, "grade"));
  return {};
}

void add_dues(const Notice& notice, const MessageContext& context, const MessageWords& words,
              Instant now, Message& message) {
  const auto add = [&](std::string_view label, std::optional<Instant> at) {
    if (at)
      message.facts.emplace_back(label, moment_text(*at, now, context.zone, context.language));
  };
  if (is_over(notice.kind)) return;
  const auto* dues = object(notice.data, "dues");
  const auto label = [&](std::string_view clock) {
    return context.clock_label ? context.clock_label(clock) : std::string();
  };
  const auto due = moment(notice.data, "due");
  if (const auto called = notice.clock.empty() ? std::string() : label(notice.clock);
      due && !called.empty()) {
    message.facts.emplace_back(
        words.due,
        fmt::format("{} ({})", moment_text(*due, now, context.zone, context.language), called));
    return;
  }
  if (!notice.clock.empty() || !text(notice.data, "clock").empty() || dues == nullptr)
    return add(words.due, due);
  for (const auto& [name, value] : *dues) {
    const auto at = value.is_string() ? parse_rfc3339(value.get_string()) : std::nullopt;
    const auto called = label(name);
    const auto other =
        called.empty() ? std::string(words.due) : fmt::format("{} ({})", words.due, called);
    add(name == "accept"          ? words.accept_by
        : name == "first_contact" ? words.contact_by
                                  : std::string_view(other),
        at);
  }
}

// Why there is no telephone number, and what is allowed instead.
std::string blocked_text(const Notice& notice, const MessageContext& context) {
  const auto why = text(notice.data, "blocked");
  if (why.empty()) return {};
  json::object facts{{"why", "blocked." + std::string(why)}};
  if (const auto* channels = array(notice.data, "channels")) facts.emplace("channels", *channels);
  return explain_reason({"contact.blocked", {}, std::move(facts)}, language_of(context.language));
}

void add_facts(const Notice& notice, const MessageContext& context, const MessageWords& words,
               Instant now, Message& message) {
  const auto add = [&](std::string_view label, std::string value) {
    if (!value.empty()) message.facts.emplace_back(label, std::move(value));
  };
  add(words.company, one_line(text(notice.data, "company")));
  add(words.position, one_line(text(notice.data, "job_title")));
  add(words.reason, reason_text(notice, context, words));
  add(words.next, next_step(notice, context, words));
  add_dues(notice, context, words, now, message);
  add(words.phone, one_line(text(notice.data, "phone")));
  add(words.phone, blocked_text(notice, context));
  add(words.email, one_line(text(notice.data, "email")));
  if (text(notice.data, "owner") != notice.recipient) add(words.owner, context.owner_name);
  add(words.queue, one_line(context.queue));
  add(words.known_by, context.known_by);
}

// What makes the message mean less than it seems to: it is late, nobody is to blame, or the CRM is
// silent.
void add_notes(const Notice& notice, const MessageContext& context, const MessageWords& words,
               Instant now, Message& message) {
  const auto add = [&](std::string value) {
    message.facts.emplace_back(words.note, std::move(value));
  };
  if (const auto why = text(notice.data, "excused"); !why.empty())
    add(fill(words.excused_one, excuse_text(why, context.language)));
  if (const auto since = moment(notice.data, "feedback_stale_since");
      since && !is_over(notice.kind))
    add(fill(words.stale, moment_text(*since, now, context.zone, context.language)));
  auto due = moment(notice.data, "planned_at").value_or(now);
  if (context.held_until && *context.held_until > due) due = *context.held_until;
  message.late_by = now > due ? now - due : Duration{0};
  if (message.late_by < minutes(1)) return;
  const auto what = notice.kind == NoticeKind::kWarning ? words.this_warning : words.this_message;
  add(fmt::format(fmt::runtime(words.comes_late), what,
                  waiting_text(message.late_by, context.language)));
}

void add_links(const Notice& notice, const MessageContext& context, const MessageWords& words,
               Message& message) {
  const auto add = [&](std::string_view label, const std::string& url, std::string_view action,
                       bool primary = false) {
    if (!url.empty())
      message.links.push_back({std::string(label), url, primary, std::string(action)});
  };
  if (!is_over(notice.kind)) {
    add(words.decide, context.decide_url, "decide", true);
    add(words.accept, context.accept_url, "accept", true);
    if (const auto phone = text(notice.data, "phone");
        !phone.empty() && !is_about_way_back(notice.data))
      add(words.call, "tel:" + std::string(phone), "call", context.accept_url.empty());
    add(words.reached, context.reached_url, "reached");
    add(words.not_reached, context.not_reached_url, "not_reached");
    add(words.known, context.known_url, "acknowledge");
    add(words.later, context.later_url, "snooze");
    add(words.reject, context.reject_url, "reject");
  }
  add(words.details, context.details_url, "details");
}

}  // namespace

std::string waiting_text(Duration waiting, std::string_view language) {
  const auto& words = message_words(language);
  const std::int64_t whole_minutes = waiting.ms / minutes(1).ms;
  if (whole_minutes < 1)
    return fmt::format(fmt::runtime(words.seconds),
                       (std::max<std::int64_t>(waiting.ms, 0) + 500) / 1000);
  if (whole_minutes < 60) return fmt::format(fmt::runtime(words.minutes), whole_minutes);
  const std::int64_t whole_hours = whole_minutes / 60;
  if (whole_hours >= 48) return fmt::format(fmt::runtime(words.days), whole_hours / 24);
  std::string out = fmt::format(fmt::runtime(words.hours), whole_hours);
  if (whole_minutes % 60 != 0)
    out += ' ' + fmt::format(fmt::runtime(words.minutes), whole_minutes % 60);
  return out;
}

std::string moment_text(Instant at, Instant now, std::string_view zone, std::string_view language) {
  const auto& words = message_words(language);
  const auto day_of = [](Instant local) {
    return std::chrono::floor<std::chrono::days>(
        std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(local.ms)));
  };
  const Instant local = local_time(at, zone);
  const auto day = day_of(local);
  const auto minute_of_day =
      (local.ms - day.time_since_epoch().count() * days(1).ms) / minutes(1).ms;
  const auto clock = fmt::format("{:02}:{:02}", minute_of_day / 60, minute_of_day % 60);
  const auto ahead = (day - day_of(local_time(now, zone))).count();
  if (ahead == 0) return fmt::format("{} {}", words.today, clock);
  if (ahead == 1) return fmt::format("{} {}", words.tomorrow, clock);
  const std::chrono::year_month_day date{day};
  const auto weekday =
      weekday_word(static_cast<int>(std::chrono::weekday{day}.iso_encoding()) - 1, language);
  const auto d = static_cast<unsigned>(date.day());
  const auto m = static_cast<unsigned>(date.month());
  if (language == "de") return fmt::format("{} {:02}.{:02}. {}", weekday, d, m, clock);
  return fmt::format("{} {} {} {}", weekday, d, month_word(static_cast<int>(m), language), clock);
}

std::string excuse_text(std::string_view why, std::string_view language) {
  struct Excuse {
    std::string_view why, german, english;
  };
  static constexpr Excuse kExcuses[] = {
      {"downtime", "Baton war nicht in Betrieb", "Baton was not running"},
      {"import", "die Angaben kamen nachträglich herein", "the data was imported later"},
      {"redrive", "eine Lieferung wurde nachgeholt", "a delivery was processed again"},
      {"policy", "die Regeln wurden geändert", "the policy was changed"}};
  for (const auto& excuse : kExcuses) {
    if (excuse.why == why) return std::string(language == "de" ? excuse.german : excuse.english);
  }
  return language == "de" ? "ohne Schuld des Vertriebs" : "no fault of sales";
}

Message compose(const Notice& notice, const MessageContext& context, Instant now) {
  const auto& words = message_words(context.language);
  Message message;
  message.key = notice.key;
  message.kind = to_string(notice.kind);
  message.recipient = notice.recipient;
  message.recipient_name = context.recipient_name;
  message.recipient_email = context.recipient_email;
  message.language = context.language == "de" ? "de" : "en";
  message.who = who(notice.data, words);
  message.headline = headline(notice, context, words, now);
  if (text(notice.data, "owner") != notice.recipient) message.owner_name = context.owner_name;
  add_facts(notice, context, words, now, message);
  add_notes(notice, context, words, now, message);
  if (!is_over(notice.kind)) message.quote = text(notice.data, "ask");
  add_links(notice, context, words, message);
  message.data = notice.data;
  message.data["clock"] = notice.clock;
  if (message.late_by.ms > 0) message.data["sent_late_by_s"] = message.late_by.ms / 1000;
  return message;
}

}  // namespace baton
