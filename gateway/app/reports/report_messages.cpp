#include "gateway/app/reports/report_messages.h"

#include <algorithm>

#include <fmt/format.h>

#include "gateway/app/messages/messages_timing.h"
#include "gateway/app/views/person_view.h"

namespace baton {
namespace {

constexpr std::size_t kNamed = 10;  // leads of a forecast by name

std::string who(const PersonState& person) {
  const auto& p = person.profile;
  std::string name = p.full_name;
  if (name.empty())
    name = p.first_name + (p.first_name.empty() || p.last_name.empty() ? "" : " ") + p.last_name;
  if (name.empty()) return p.company.name;
  return p.company.name.empty() ? name : fmt::format("{} ({})", name, p.company.name);
}

// The customers behind leads, "" for those who are not there any more.
std::vector<std::string> customers(const Runtime& runtime, Store& store,
                                   const std::vector<std::string>& leads) {
  std::vector<std::string> out(leads.size()), persons;
  for (const auto& lead : leads) persons.push_back(person_of_lead(lead));
  const auto opened = runtime.documents->load(store, persons);
  for (std::size_t i = 0; opened && i < opened->size(); ++i) {
    if ((*opened)[i].version > 0) out[i] = who((*opened)[i].state);
  }
  return out;
}

Message digest(const Runtime& runtime, Store& store, const json::object& data,
               std::string_view language, std::string_view zone) {
  auto digest = digest_from_json(data);
  std::vector<std::string> leads;
  for (const auto& u : digest.untouched) leads.push_back(u.lead);
  const auto names = customers(runtime, store, leads);
  for (std::size_t i = 0; i < names.size(); ++i) digest.untouched[i].who = names[i];
  return compose_digest(digest, language, zone);
}

// Puts the customers' names into a forecast's list.
json::object with_names(const Runtime& runtime, Store& store, json::object data) {
  auto* late = data.if_contains("late");
  if (late == nullptr || !late->is_array()) return data;
  std::vector<std::string> leads;
  for (const auto& row : late->get_array()) {
    if (leads.size() < kNamed && row.is_object())
      leads.emplace_back(text(row.get_object(), "lead"));
  }
  const auto names = customers(runtime, store, leads);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (auto* row = late->get_array()[i].if_object()) (*row)["who"] = names[i];
  }
  return data;
}

struct Reader {
  const Rep* rep = nullptr;
  std::string language, zone;
};

Reader reader_of(const Runtime& runtime, const Policy& policy, const Report& report) {
  Reader reader{policy.routing->rep(report.recipient), runtime.routes.language, "UTC"};
  if (reader.rep == nullptr) return reader;
  if (reader.language.empty()) reader.language = reader.rep->message_language;
  if (const auto* calendar = policy.calendars.find(policy.routing->calendar_of(*reader.rep)))
    reader.zone = calendar->spec().zone;
  // One and the same text for everybody, also where they sit in different zones.
  if (const auto zone = text(report.data, "zone"); !zone.empty()) reader.zone = zone;
  return reader;
}

Message compose_report(const Runtime& runtime, Store& store, const Report& report,
                       const Reader& reader) {
  if (report.kind == "digest")
    return digest(runtime, store, report.data, reader.language, reader.zone);
  if (report.kind == "forecast")
    return compose_forecast(with_names(runtime, store, report.data), reader.language, reader.zone,
                            runtime.clock->now());
  if (report.kind == "period")
    return compose_period(report.data, reader.language, reader.zone, runtime.clock->now());
  return compose_clocks(report.data, reader.language);
}

Message message_of(std::string_view kind, bool german, const json::object& data) {
  Message message;
  message.kind = kind;
  message.language = german ? "de" : "en";
  message.data = data;
  return message;
}

}  // namespace

bool is_report(const DocKey& key) { return key.kind == 'o' && key.id == kReportsDocument; }

OutboxItem report_item(std::string key, const Report& report, Instant not_before) {
  json::object payload{
      {"kind", report.kind}, {"recipient", report.recipient}, {"data", report.data}};
  put(payload, "channel", report.channel);
  return {std::move(key), "notify", json::serialize(payload), not_before};
}

Result<std::optional<OutgoingMessage>> report_message(const Runtime& runtime, Store& store,
                                                      const OutboxItem& item) {
  const auto parsed = parse_json(item.payload);
  if (!parsed) return parsed.error();
  const auto* payload = parsed->if_object();
  const auto* data = payload == nullptr ? nullptr : object(*payload, "data");
  if (data == nullptr) return error(Errc::kPermanent, "not a report");
  const Report report{std::string(text(*payload, "kind")), std::string(text(*payload, "recipient")),
                      std::string(text(*payload, "channel")), *data};
  const auto policy = runtime.policy.load();
  const auto reader = reader_of(runtime, *policy, report);
  if (reader.rep == nullptr) return std::optional<OutgoingMessage>();
  OutgoingMessage out;
  if (report.kind == "digest") {
    const auto* calendar = policy->calendars.find(policy->routing->calendar_of(*reader.rep));
    if (calendar != nullptr)
      out.not_before = digest_until(*calendar, parse_rfc3339(text(*data, "to")).value_or(Instant{}),
                                    runtime.clock->now(), runtime.routes.timing);
  }
  out.channel = report.channel.empty()
                    ? std::string(runtime.routes.channel(report.kind, report.recipient))
                    : report.channel;
  out.message = compose_report(runtime, store, report, reader);
  out.message.key = item.key;
  out.message.recipient = report.recipient;
  out.message.recipient_name = reader.rep->name;
  out.message.recipient_email = reader.rep->email;
  return std::optional(std::move(out));
}

Message compose_forecast(const json::object& data, std::string_view language, std::string_view zone,
                         Instant now) {
  const bool german = language == "de";
  const auto when = [&](std::string_view key, const json::object& o) {
    return moment_text(parse_rfc3339(text(o, key)).value_or(now), now, zone, language);
  };
  const auto called = [](std::string_view clock) {
    return clock.empty() ? std::string() : fmt::format(" ({})", clock);
  };
  auto message = message_of("forecast", german, data);
  const auto likely = integer(data, "likely"), open = integer(data, "open");
  message.headline =
      german ? fmt::format("{}: {} von {} offenen Fristen reißen bis {}, wenn es so weitergeht",
                           text(data, "name"), likely, open, when("until", data))
             : fmt::format("{}: at this rate {} of {} open deadlines will be missed by {}",
                           text(data, "name"), likely, open, when("until", data));
  const auto* late = array(data, "late");
  for (std::size_t i = 0; late != nullptr && i < std::min(late->size(), kNamed); ++i) {
    const auto& row = (*late)[i].as_object();
    const auto name = text(row, "who");
    message.facts.emplace_back(name.empty() ? text(row, "lead") : name,
                               fmt::format("{} {}", german ? "Frist" : "due", when("due", row)) +
                                   called(text(row, german ? "clock_de" : "clock_en")));
  }
  if (late != nullptr && late->size() > kNamed)
    message.facts.emplace_back(german ? "und weitere" : "and more",
                               std::to_string(late->size() - kNamed));
  message.facts.emplace_back(
      german ? "Was hilft" : "What helps",
      german ? "weitere Kolleginnen und Kollegen einsetzen oder die ältesten zuerst anrufen"
             : "put more people on it, or call the oldest first");
  return message;
}

Message compose_period(const json::object& data, std::string_view language, std::string_view zone,
                       Instant now) {
  const bool german = language == "de";
  auto message = message_of("period", german, data);
  const auto report = period_report_from_json(data).value_or(PeriodReport{});
  const auto number = [&](std::int64_t n) {
    return report.measure == PeriodMeasure::kQuality ? fmt::format("{} %", n)
                                                     : fmt::format("{}", n);
  };
  const auto label = text(data, german ? "label_de" : "label_en");
  const auto value = number(report.standing.value), expected = number(report.standing.expected),
             target = number(report.target);
  const auto end = moment_text(report.window.to, now, zone, language);
  if (report.standing.state == PeriodState::kBroken) {
    message.headline =
        german ? fmt::format("{}: Ziel verfehlt, {} statt {}", label, value, target)
               : fmt::format("{}: target missed, {} instead of {}", label, value, target);
  } else {
    message.headline =
        german ? fmt::format("{}: {} statt {} nach {} % der Arbeitszeit, Ziel {} bis {}", label,
                             value, expected, report.percent, target, end)
               : fmt::format("{}: {} instead of {} after {} % of the working time, target {} by {}",
                             label, value, expected, report.percent, target, end);
  }
  message.facts.emplace_back(
      german ? "Zeitraum" : "Period",
      fmt::format("{} – {}", moment_text(report.window.from, now, zone, language), end));
  if (report.measure == PeriodMeasure::kQuality) {
    message.facts.emplace_back(german ? "Entschieden" : "Decided",
                               german
                                   ? fmt::format("{} angenommen, {} abgelehnt",
                                                 report.counts.accepted, report.counts.rejected)
                                   : fmt::format("{} accepted, {} rejected", report.counts.accepted,
                                                 report.counts.rejected));
  }
  return message;
}

Message compose_clocks(const json::object& data, std::string_view language) {
  const bool german = language == "de";
  auto message = message_of("clocks", german, data);
  const auto off = integer(data, "by_ms");
  const auto by = fmt::format("{}.{} s", off / 1000, std::abs(off % 1000) / 100);
  const auto node = text(data, "node");
  if (text(data, "what") == "jump") {
    message.headline = german ? fmt::format("Die Uhr von {} ist um {} gesprungen", node, by)
                              : fmt::format("The clock of {} jumped by {}", node, by);
  } else {
    message.headline =
        german ? fmt::format("Die Uhren von Redis und {} gehen um {} auseinander", node, by)
               : fmt::format("The clocks of Redis and {} are {} apart", node, by);
  }
  message.facts.emplace_back(german ? "Folge" : "Effect",
                             german ? "Fristen richten sich nach Redis; über fünf Minuten Abstand "
                                      "warten sie, bis eine der Uhren gestellt ist"
                                    : "deadlines go by Redis; beyond five minutes they wait until "
                                      "one of the clocks is set right");
  message.facts.emplace_back(german ? "Was hilft" : "What helps",
                             german ? "Zeitabgleich (NTP) auf beiden Rechnern prüfen"
                                    : "check time synchronisation (NTP) on both machines");
  return message;
}

}  // namespace baton
