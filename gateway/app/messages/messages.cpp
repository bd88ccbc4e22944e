#include "gateway/app/messages/messages.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "gateway/app/messages/next_step.h"
#include "gateway/core/calendar/zone.h"
#include "gateway/core/explain/explain.h"
#include "mapping/json/json.h"
#include "mapping/map/touch.h"

namespace baton {
namespace {

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

std::string who(const json::object& data, const Texts& texts) {
  std::string name = one_line(text(data, "name"));
  const std::string company = one_line(text(data, "company"));
  if (name.empty())
    name = company.empty() ? one_line(text(data, "email", texts.text("message.unknown_contact")))
                           : company;
  return company.empty() || company == name ? name : fmt::format("{} ({})", name, company);
}

std::string task_text(const json::object& data, const MessageContext& context, const Texts& texts) {
  const auto kind = text(data, "task_kind"), channel = text(data, "channel");
  if (kind == "qualify") return texts.say("message.task_qualify");
  if (kind == "run_out") return texts.say("message.task_run_out");
  if (kind == "reschedule") return texts.say("message.task_reschedule");
  if (kind == "reopen") return texts.say("message.task_reopen", {{"rep", context.asked_by}});
  if (kind == "stays_out") return texts.say("message.task_stays_out");
  if (kind == "comes_back")
    return texts.say("message.task_comes_back", {{"rep", context.answered_by}});
  if (channel == "phone" || channel == "call") return texts.say("message.task_call");
  if (channel == "email" || channel == "mail") return texts.say("message.task_write");
  return channel.empty() ? texts.say("message.task")
                         : texts.say("message.task_channel", {{"channel", channel}});
}

std::string escalation(const Notice& notice, Duration late, const Texts& texts) {
  if (boolean(notice.data, "nobody")) return texts.say("message.nobody");
  if (boolean(notice.data, "hops")) return texts.say("message.many_hops");
  if (notice.data.contains("rework")) return texts.say("message.rework");
  if (late < seconds(1)) return texts.say("message.just_escalated");
  return texts.say("message.escalated", {{"time", waiting_text(late, texts)}});
}

std::string what(const Notice& notice, const MessageContext& context, const Texts& texts,
                 Instant now) {
  const auto due = moment(notice.data, "due");
  const auto late = due && *due < now ? now - *due : Duration{0};
  const auto left = due && *due > now ? *due - now : Duration{0};
  switch (notice.kind) {
    case NoticeKind::kOffer:
      if (context.meeting_at) return texts.say("message.new_meeting");
      if (boolean(notice.data, "corrected")) return texts.say("message.data_corrected");
      return texts.say(boolean(notice.data, "again") ? TextKey("message.asked_again")
                                                     : TextKey("message.new_lead"));
    case NoticeKind::kWarning:
      return texts.say("message.expires_in", {{"time", waiting_text(left, texts)}});
    case NoticeKind::kBreach:
      if (late < seconds(1)) return texts.say("message.just_due");
      return texts.say("message.overdue_by", {{"time", waiting_text(late, texts)}});
    case NoticeKind::kReassigned:
      return texts.say(notice.clock.empty() || notice.clock == "accept"
                           ? TextKey("message.reassigned")
                           : TextKey("message.reassigned_no_contact"));
    case NoticeKind::kWithdrawn:
      return texts.say("message.withdrawn");
    case NoticeKind::kResolved:
      return texts.say("message.resolved");
    case NoticeKind::kCorrected:
      return texts.say("message.corrected");
    case NoticeKind::kTask:
      return task_text(notice.data, context, texts);
    case NoticeKind::kEscalation:
      break;
  }
  return escalation(notice, late, texts);
}

std::string headline(const Notice& notice, const MessageContext& context, const Texts& texts,
                     Instant now) {
  std::string line = who(notice.data, texts) + ": ";
  const auto since = moment(notice.data, "waiting_since");
  if (since && !is_over(notice.kind) && !is_about_way_back(notice.data))
    line += texts.say("message.waiting", {{"time", waiting_text(now - *since, texts)}}) + ", ";
  return line + what(notice, context, texts, now);
}

// "scoring.rules.demo_request" as the reader sees it: the last part, with spaces for underscores.
std::string rule_words(std::string_view rule) {
  std::string words(rule.substr(rule.rfind('.') + 1));
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

// A rule that is named like a touch type has the type's name.
std::string signal(std::string_view rule, const Texts& texts) {
  const auto type = texts.text({"word.", rule.substr(rule.rfind('.') + 1)});
  return type.empty() ? rule_words(rule) : std::string(type);
}

std::string reason_text(const Notice& notice, const MessageContext& context, const Texts& texts) {
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
    return texts.say(offer ? TextKey("message.asked_offer") : TextKey("message.asked_contact"));
  }
  if (code == "score.rule" && !text(*reason, "rule").empty())
    return texts.say("message.strongest_signal", {{"rule", signal(text(*reason, "rule"), texts)}});
  if (code == "why.grade" && facts != nullptr)
    return texts.say("message.graded", {{"grade", text(*facts, "grade")}});
  return {};
}

// When the recipient has to act, by which clock.
void add_dues(const Notice& notice, const MessageContext& context, const Texts& texts, Instant now,
              Message& message) {
  if (is_over(notice.kind) || is_taken_from(notice, context)) return;
  const auto due_label = texts.text("message.label_due");
  const auto add = [&](std::string_view label, std::optional<Instant> at, std::string_view clock) {
    if (!at) return;
    auto when = moment_text(*at, now, context.zone, texts);
    if (*at <= now) when = texts.say("message.passed", {{"time", when}});
    message.facts.emplace_back(label, clock.empty() ? when : fmt::format("{} ({})", when, clock));
  };
  const auto called = [&](std::string_view clock) {
    return context.clock_label && !clock.empty() ? context.clock_label(clock) : std::string();
  };
  const auto due = moment(notice.data, "due");
  if (const auto clock = called(notice.clock); due && !clock.empty())
    return add(due_label, due, clock);
  const auto* dues = object(notice.data, "dues");
  if (!notice.clock.empty() || !text(notice.data, "clock").empty() || dues == nullptr)
    return add(due_label, due, {});
  for (const auto& [name, value] : *dues) {
    const auto at = value.is_string() ? parse_rfc3339(value.get_string()) : std::nullopt;
    const auto clock = called(name);
    if (context.clock_runs && !context.clock_runs(name)) continue;
    if (name == "accept")
      add(texts.text("message.label_accept_by"), at, {});
    else if (name == "first_contact")
      add(texts.text("message.label_contact_by"), at, {});
    else
      add(clock.empty() ? std::string(due_label) : fmt::format("{} ({})", due_label, clock), at,
          {});
  }
}

// Why the message shows no phone number, and which channels are allowed instead.
std::string blocked_text(const Notice& notice, const MessageContext& context) {
  const auto why = text(notice.data, "blocked");
  if (why.empty()) return {};
  json::object facts{{"why", "blocked." + std::string(why)}};
  if (const auto* channels = array(notice.data, "channels")) facts.emplace("channels", *channels);
  return explain_reason({"contact.blocked", {}, std::move(facts)}, context.texts);
}

void add_facts(const Notice& notice, const MessageContext& context, const Texts& texts, Instant now,
               Message& message) {
  const auto add = [&](TextKey label, std::string value) {
    if (!value.empty()) message.facts.emplace_back(texts.text(label), std::move(value));
  };
  add("message.label_company", one_line(text(notice.data, "company")));
  add("message.label_position", one_line(text(notice.data, "job_title")));
  add("message.label_reason", reason_text(notice, context, texts));
  add("message.label_next", next_step(notice, context, now));
  add_dues(notice, context, texts, now, message);
  add("message.label_phone", one_line(text(notice.data, "phone")));
  add("message.label_phone", blocked_text(notice, context));
  add("message.label_email", one_line(text(notice.data, "email")));
  if (text(notice.data, "owner") != notice.recipient)
    add("message.label_owner", context.owner_name);
  add("message.label_queue", one_line(context.queue));
  add("message.label_acknowledged", context.known_by);
}

// Notes that limit the meaning of the message: it is late, it counts against no one, or the CRM
// does not answer.
void add_notes(const Notice& notice, const MessageContext& context, const Texts& texts, Instant now,
               Message& message) {
  const auto add = [&](std::string value) {
    message.facts.emplace_back(texts.text("message.label_note"), std::move(value));
  };
  if (const auto why = text(notice.data, "excused"); !why.empty())
    add(texts.say("message.excused_one", {{"why", excuse_text(why, texts)}}));
  if (const auto since = moment(notice.data, "feedback_stale_since");
      since && !is_over(notice.kind))
    add(texts.say("message.stale", {{"time", moment_text(*since, now, context.zone, texts)}}));
  auto due = moment(notice.data, "planned_at").value_or(now);
  if (context.held_until && *context.held_until > due) due = *context.held_until;
  message.late_by = now > due ? now - due : Duration{0};
  if (message.late_by < minutes(1)) return;
  add(texts.say(notice.kind == NoticeKind::kWarning ? TextKey("message.late_warning")
                                                    : TextKey("message.late_message"),
                {{"time", waiting_text(message.late_by, texts)}}));
}

void add_links(const Notice& notice, const MessageContext& context, const Texts& texts,
               Message& message) {
  const auto add = [&](TextKey label, const std::string& url, std::string_view action,
                       bool primary = false) {
    if (!url.empty())
      message.links.push_back({std::string(texts.text(label)), url, primary, std::string(action)});
  };
  if (!is_over(notice.kind) && !is_taken_from(notice, context)) {
    add("message.decide", context.decide_url, "decide", true);
    add("message.accept", context.accept_url, "accept", true);
    if (const auto phone = text(notice.data, "phone");
        !phone.empty() && !is_about_way_back(notice.data))
      add("message.call", "tel:" + std::string(phone), "call", context.accept_url.empty());
    add("message.reached", context.reached_url, "reached");
    add("message.not_reached", context.not_reached_url, "not_reached");
    add("message.acknowledge", context.known_url, "acknowledge");
    add("message.later", context.later_url, "snooze");
    add("message.reject", context.reject_url, "reject");
  }
  add("message.details", context.details_url, "details");
}

}  // namespace

std::string waiting_text(Duration waiting, const Texts& texts) {
  const std::int64_t whole_minutes = waiting.ms / minutes(1).ms;
  if (whole_minutes < 1)
    return texts.say("time.seconds",
                     {{"number", (std::max<std::int64_t>(waiting.ms, 0) + 500) / 1000}});
  const auto rest = texts.say("time.minutes", {{"number", whole_minutes % 60}});
  if (whole_minutes < 60) return rest;
  const std::int64_t whole_hours = whole_minutes / 60;
  if (whole_hours >= 48) return texts.say("time.days", {{"number", whole_hours / 24}});
  const auto out = texts.say("time.hours", {{"number", whole_hours}});
  return whole_minutes % 60 == 0 ? out : out + ' ' + rest;
}

std::string moment_text(Instant at, Instant now, std::string_view zone, const Texts& texts) {
  static constexpr std::string_view kDays[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
  static constexpr std::string_view kMonths[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                                 "jul", "aug", "sep", "oct", "nov", "dec"};
  const auto day_of = [](Instant local) {
    return std::chrono::floor<std::chrono::days>(
        std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(local.ms)));
  };
  const Instant local = local_time(at, zone);
  const auto day = day_of(local);
  const auto minute_of_day =
      (local.ms - day.time_since_epoch().count() * days(1).ms) / minutes(1).ms;
  const auto time = fmt::format("{:02}:{:02}", minute_of_day / 60, minute_of_day % 60);
  const auto ahead = (day - day_of(local_time(now, zone))).count();
  if (ahead == 0) return texts.say("time.today", {{"time", time}});
  if (ahead == 1) return texts.say("time.tomorrow", {{"time", time}});
  const std::chrono::year_month_day date{day};
  const auto d = static_cast<unsigned>(date.day());
  const auto m = static_cast<unsigned>(date.month());
  const std::chrono::year_month_day today{day_of(local_time(now, zone))};
  const auto year =
      date.year() == today.year() ? std::string() : std::to_string(static_cast<int>(date.year()));
  const auto weekday = kDays[std::chrono::weekday{day}.c_encoding()];
  return texts.say("time.short_date", {{"weekday", texts.text({"time.weekday_short.", weekday})},
                                       {"day", d},
                                       {"month", texts.text({"time.month.", kMonths[m - 1]})},
                                       {"year", year},
                                       {"dd", fmt::format("{:02}", d)},
                                       {"mm", fmt::format("{:02}", m)},
                                       {"time", time}});
}

std::string excuse_text(std::string_view why, const Texts& texts) {
  const auto known = texts.text({"excuse.", why});
  return known.empty() ? texts.say("excuse.other") : std::string(known);
}

Message compose(const Notice& notice, const MessageContext& context, Instant now) {
  const auto& texts = *context.texts;
  Message message;
  message.key = notice.key;
  message.kind = to_string(notice.kind);
  message.recipient = notice.recipient.str();
  message.recipient_name = context.recipient_name;
  message.recipient_email = context.recipient_email;
  message.language = texts.tag();
  message.sent_by = texts.text("message.sent_by");
  message.who = who(notice.data, texts);
  message.headline = headline(notice, context, texts, now);
  if (text(notice.data, "owner") != notice.recipient) message.owner_name = context.owner_name;
  add_facts(notice, context, texts, now, message);
  add_notes(notice, context, texts, now, message);
  if (!is_over(notice.kind)) message.quote = text(notice.data, "ask");
  add_links(notice, context, texts, message);
  message.data = notice.data;
  message.data["clock"] = notice.clock;
  if (message.late_by.ms > 0) message.data["sent_late_by_s"] = message.late_by.ms / 1000;
  return message;
}

}  // namespace baton
