#include "gateway/app/messages.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "gateway/app/messages_words.h"
#include "gateway/core/zone.h"
#include "mapping/json.h"
#include "mapping/touch.h"

namespace baton {
namespace {

std::string fill(std::string_view pattern, std::string_view value) { return fmt::format(fmt::runtime(pattern), value); }

// A name may hold line breaks and control characters; a headline is one line.
std::string one_line(std::string_view text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  return out;
}

std::optional<Instant> moment(const json::object& data, std::string_view key) { return parse_rfc3339(text(data, key)); }

Instant local_time(Instant at, std::string_view zone_name) {
  const auto zone = find_zone(zone_name);
  if (!zone) return at;
  const auto& stretches = (*zone)->stretches;
  const auto next = std::upper_bound(stretches.begin(), stretches.end(), at.ms / 1000,
                                     [](std::int64_t s, const ZoneStretch& stretch) { return s < stretch.begin_s; });
  if (next == stretches.begin()) return at;
  return at + seconds(std::prev(next)->offset_s);
}

std::string who(const json::object& data, const MessageWords& words) {
  std::string name = one_line(text(data, "name"));
  const std::string company = one_line(text(data, "company"));
  if (name.empty()) name = company.empty() ? one_line(text(data, "email", words.unknown_contact)) : company;
  return company.empty() || company == name ? name : fmt::format("{} ({})", name, company);
}

std::string what(const Notice& notice, const MessageWords& words, std::string_view language, Instant now) {
  const auto due = moment(notice.data, "due");
  const auto late = due && *due < now ? now - *due : Duration{0};
  const auto left = due && *due > now ? *due - now : Duration{0};
  switch (notice.kind) {
    case NoticeKind::kOffer:
      return std::string(words.new_lead);
    case NoticeKind::kWarning:
      return fill(words.expires_in, waiting_text(left, language));
    case NoticeKind::kBreach:
      return late < seconds(1) ? std::string(words.just_due) : fill(words.overdue_by, waiting_text(late, language));
    case NoticeKind::kReassigned:
      return std::string(notice.clock.empty() || notice.clock == "accept" ? words.reassigned : words.reassigned_no_contact);
    case NoticeKind::kWithdrawn:
      return std::string(words.withdrawn);
    case NoticeKind::kResolved:
      return std::string(words.resolved);
    case NoticeKind::kCorrected:
      return std::string(words.corrected);
    case NoticeKind::kTask:
      return std::string(words.task);
    case NoticeKind::kEscalation:
      break;
  }
  if (boolean(notice.data, "nobody")) return std::string(words.nobody);
  if (boolean(notice.data, "hops")) return std::string(words.many_hops);
  if (notice.data.contains("rework")) return std::string(words.rework);
  if (late < seconds(1)) return std::string(words.just_escalated);
  return fill(words.escalated, waiting_text(late, language));
}

std::string headline(const Notice& notice, const MessageWords& words, std::string_view language, Instant now) {
  std::string line = who(notice.data, words) + ": ";
  const bool over = notice.kind == NoticeKind::kWithdrawn || notice.kind == NoticeKind::kResolved;
  const auto since = moment(notice.data, "waiting_since");
  if (since && !over) line += fill(words.waiting, waiting_text(now - *since, language)) + ", ";
  return line + what(notice, words, language, now);
}

// "scoring.rules.demo_request" as a reader's words: the last part, blanks for underscores.
std::string rule_words(std::string_view rule) {
  std::string words(rule.substr(rule.rfind('.') + 1));
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

std::string reason_text(const Notice& notice, const MessageContext& context, const MessageWords& words) {
  if (!context.reason.empty()) return context.reason;
  const auto* reason = object(notice.data, "reason");
  if (reason == nullptr) return {};
  const auto* facts = object(*reason, "facts");
  const auto code = text(*reason, "code");
  if (code == "why.asked") {
    const bool offer = facts != nullptr && text(*facts, "type") == to_string(Intent::kTransactional);
    return std::string(offer ? words.asked_offer : words.asked_contact);
  }
  if (code == "score.rule" && !text(*reason, "rule").empty())
    return fill(words.strongest_signal, rule_words(text(*reason, "rule")));
  if (code == "why.grade" && facts != nullptr) return fill(words.graded, text(*facts, "grade"));
  return {};
}

void add_dues(const Notice& notice, const MessageContext& context, const MessageWords& words, Instant now,
              Message& message) {
  const auto add = [&](std::string_view label, std::optional<Instant> at) {
    if (at) message.facts.emplace_back(label, moment_text(*at, now, context.zone, context.language));
  };
  if (notice.kind == NoticeKind::kWithdrawn || notice.kind == NoticeKind::kResolved) return;
  const auto* dues = object(notice.data, "dues");
  const bool one_clock = !text(notice.data, "clock").empty();
  if (one_clock || dues == nullptr) return add(words.due, moment(notice.data, "due"));
  for (const auto& due : *dues) {
    const std::string_view name(due.key());
    const auto at = due.value().is_string() ? parse_rfc3339(due.value().get_string()) : std::nullopt;
    add(name == "accept" ? words.accept_by : name == "first_contact" ? words.contact_by : words.due, at);
  }
}

void add_facts(const Notice& notice, const MessageContext& context, const MessageWords& words, Instant now,
               Message& message) {
  const auto add = [&](std::string_view label, std::string value) {
    if (!value.empty()) message.facts.emplace_back(label, std::move(value));
  };
  add(words.company, one_line(text(notice.data, "company")));
  add(words.position, one_line(text(notice.data, "job_title")));
  add(words.reason, reason_text(notice, context, words));
  add_dues(notice, context, words, now, message);
  add(words.phone, one_line(text(notice.data, "phone")));
  add(words.email, one_line(text(notice.data, "email")));
  if (text(notice.data, "owner") != notice.recipient) add(words.owner, context.owner_name);
}

void add_links(const Notice& notice, const MessageContext& context, const MessageWords& words, Message& message) {
  const auto add = [&](std::string_view label, const std::string& url, bool primary = false) {
    if (!url.empty()) message.links.push_back({std::string(label), url, primary});
  };
  if (notice.kind != NoticeKind::kWithdrawn && notice.kind != NoticeKind::kResolved) {
    add(words.accept, context.accept_url, true);
    if (const auto phone = text(notice.data, "phone"); !phone.empty())
      add(words.call, "tel:" + std::string(phone), context.accept_url.empty());
    add(words.reached, context.reached_url);
    add(words.not_reached, context.not_reached_url);
    add(words.reject, context.reject_url);
  }
  add(words.details, context.details_url);
}

}  // namespace

std::string waiting_text(Duration waiting, std::string_view language) {
  const auto& words = message_words(language);
  const std::int64_t whole_minutes = waiting.ms / minutes(1).ms;
  if (whole_minutes < 1) return fmt::format(fmt::runtime(words.seconds), (std::max<std::int64_t>(waiting.ms, 0) + 500) / 1000);
  if (whole_minutes < 60) return fmt::format(fmt::runtime(words.minutes), whole_minutes);
  const std::int64_t whole_hours = whole_minutes / 60;
  if (whole_hours >= 48) return fmt::format(fmt::runtime(words.days), whole_hours / 24);
  std::string out = fmt::format(fmt::runtime(words.hours), whole_hours);
  if (whole_minutes % 60 != 0) out += ' ' + fmt::format(fmt::runtime(words.minutes), whole_minutes % 60);
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
  const auto minute_of_day = (local.ms - day.time_since_epoch().count() * days(1).ms) / minutes(1).ms;
  const auto clock = fmt::format("{:02}:{:02}", minute_of_day / 60, minute_of_day % 60);
  const auto ahead = (day - day_of(local_time(now, zone))).count();
  if (ahead == 0) return fmt::format("{} {}", words.today, clock);
  if (ahead == 1) return fmt::format("{} {}", words.tomorrow, clock);
  const std::chrono::year_month_day date{day};
  const auto weekday = weekday_word(static_cast<int>(std::chrono::weekday{day}.iso_encoding()) - 1, language);
  const auto d = static_cast<unsigned>(date.day());
  const auto m = static_cast<unsigned>(date.month());
  if (language == "de") return fmt::format("{} {:02}.{:02}. {}", weekday, d, m, clock);
  return fmt::format("{} {} {} {}", weekday, d, month_word(static_cast<int>(m), language), clock);
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
  message.headline = headline(notice, words, message.language, now);
  add_facts(notice, context, words, now, message);
  if (notice.kind != NoticeKind::kWithdrawn && notice.kind != NoticeKind::kResolved)
    message.quote = text(notice.data, "ask");
  add_links(notice, context, words, message);
  message.data = notice.data;
  message.data["clock"] = notice.clock;
  return message;
}

std::string_view AlertRoutes::channel(std::string_view kind, std::string_view recipient) const {
  const auto fits = [](const std::vector<std::string>& list, std::string_view value) {
    return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
  };
  for (const auto& route : routes) {
    if (fits(route.kinds, kind) && fits(route.recipients, recipient)) return route.channel;
  }
  return {};
}

AlertRoutes load_alert_routes(const YamlDocument& alerts, Findings& findings) {
  AlertRoutes out;
  if (!alerts.value.is_object()) return out;
  const auto& root = alerts.value.get_object();
  out.language = text(root, "language");
  std::vector<std::string> channels;
  if (const auto* list = array(root, "channels")) {
    for (const auto& channel : *list) {
      if (channel.is_object()) channels.emplace_back(text(channel.get_object(), "name"));
    }
  }
  const auto strings = [](const json::array* list) {
    std::vector<std::string> values;
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
      if ((*list)[i].is_string()) values.emplace_back((*list)[i].get_string());
    }
    return values;
  };
  const auto* routes = array(root, "routes");
  for (std::size_t i = 0; routes != nullptr && i < routes->size(); ++i) {
    const auto* route = (*routes)[i].if_object();
    if (route == nullptr) continue;
    const std::string channel(text(*route, "channel"));
    if (std::find(channels.begin(), channels.end(), channel) == channels.end())
      findings.push_back(alerts.finding(fmt::format("/routes/{}/channel", i),
                                        fmt::format("no channel is named \"{}\"", channel), "config.unknown_channel"));
    out.routes.push_back({channel, strings(array(*route, "kinds")), strings(array(*route, "recipients"))});
  }
  if (out.routes.empty() && !channels.empty()) out.routes.push_back({channels.front(), {}, {}});
  return out;
}

}  // namespace baton
