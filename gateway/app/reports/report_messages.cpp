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

// The names of the customers behind leads; "" for an erased one.
std::vector<std::string> customers(const ReportContext& context, Store& store,
                                   const std::vector<LeadId>& leads) {
  std::vector<std::string> out(leads.size()), persons;
  for (const auto& lead : leads) persons.push_back(person_of_lead(lead).str());
  const auto opened = context.documents.load(store, persons);
  for (std::size_t i = 0; opened && i < opened->size(); ++i) {
    if ((*opened)[i].version > 0) out[i] = who((*opened)[i].state);
  }
  return out;
}

Message digest(const ReportContext& context, Store& store, const json::object& data,
               const Texts& texts, std::string_view zone) {
  auto digest = digest_from_json(data);
  std::vector<LeadId> leads;
  for (const auto& u : digest.untouched) leads.push_back(u.lead);
  const auto names = customers(context, store, leads);
  for (std::size_t i = 0; i < names.size(); ++i) digest.untouched[i].who = names[i];
  return compose_digest(digest, texts, zone);
}

// Puts the customers' names into a forecast's list.
json::object with_names(const ReportContext& context, Store& store, json::object data) {
  auto* late = data.if_contains("late");
  if (late == nullptr || !late->is_array()) return data;
  std::vector<LeadId> leads;
  for (const auto& row : late->get_array()) {
    if (leads.size() < kNamed && row.is_object())
      leads.emplace_back(text(row.get_object(), "lead"));
  }
  const auto names = customers(context, store, leads);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (auto* row = late->get_array()[i].if_object()) (*row)["who"] = names[i];
  }
  return data;
}

struct Reader {
  const Rep* rep = nullptr;
  TextsPtr texts;
  std::string zone = "UTC";
};

Reader reader_of(const ReportContext& context, const Policy& policy, const Report& report) {
  Reader reader;
  reader.rep = policy.routing->rep(report.recipient);
  if (reader.rep == nullptr) return reader;
  const auto& all = context.configuration.routes.language;
  reader.texts = policy.texts->of(all.empty() ? reader.rep->message_language : all);
  if (const auto* calendar = policy.calendars.find(policy.routing->calendar_of(*reader.rep)))
    reader.zone = calendar->spec().zone;
  // The same text for every reader, also for readers in different zones.
  if (const auto zone = text(report.data, "zone"); !zone.empty()) reader.zone = zone;
  return reader;
}

Message compose_report(const ReportContext& context, Store& store, const Report& report,
                       const Reader& reader) {
  if (report.kind == "digest")
    return digest(context, store, report.data, *reader.texts, reader.zone);
  if (report.kind == "forecast")
    return compose_forecast(with_names(context, store, report.data), *reader.texts, reader.zone,
                            context.clock.now());
  if (report.kind == "period")
    return compose_period(report.data, *reader.texts, reader.zone, context.clock.now());
  return compose_clocks(report.data, *reader.texts);
}

Message message_of(std::string_view kind, const Texts& texts, const json::object& data) {
  Message message;
  message.kind = kind;
  message.language = texts.tag();
  message.sent_by = texts.text("message.sent_by");
  message.data = data;
  return message;
}

}  // namespace

bool is_report(const DocKey& key) { return key.kind == 'o' && key.id == kReportsDocument; }

OutboxItem report_item(std::string key, const Report& report, Instant not_before) {
  json::object payload{
      {"kind", report.kind}, {"recipient", report.recipient.view()}, {"data", report.data}};
  put(payload, "channel", report.channel);
  return {std::move(key), "notify", json::serialize(payload), not_before};
}

Result<std::optional<OutgoingMessage>> report_message(const ReportContext& context, Store& store,
                                                      const OutboxItem& item) {
  const auto parsed = parse_json(item.payload);
  if (!parsed) return parsed.error();
  const auto* payload = parsed->if_object();
  const auto* data = payload == nullptr ? nullptr : object(*payload, "data");
  if (data == nullptr) return error(Errc::kPermanent, "not a report");
  const Report report{std::string(text(*payload, "kind")), RepId(text(*payload, "recipient")),
                      std::string(text(*payload, "channel")), *data};
  const auto policy = context.configuration.policy.load();
  const auto reader = reader_of(context, *policy, report);
  if (reader.rep == nullptr) return std::optional<OutgoingMessage>();
  OutgoingMessage out;
  if (report.kind == "digest") {
    const auto* calendar = policy->calendars.find(policy->routing->calendar_of(*reader.rep));
    if (calendar != nullptr)
      out.not_before = digest_until(*calendar, parse_rfc3339(text(*data, "to")).value_or(Instant{}),
                                    context.clock.now(), context.configuration.routes.timing);
  }
  out.channel =
      report.channel.empty()
          ? std::string(context.configuration.routes.channel(report.kind, report.recipient))
          : report.channel;
  out.message = compose_report(context, store, report, reader);
  out.message.key = item.key;
  out.message.recipient = report.recipient.str();
  out.message.recipient_name = reader.rep->name;
  out.message.recipient_email = reader.rep->email;
  return std::optional(std::move(out));
}

Message compose_forecast(const json::object& data, const Texts& texts, std::string_view zone,
                         Instant now) {
  const auto when = [&](std::string_view key, const json::object& o) {
    return moment_text(parse_rfc3339(text(o, key)).value_or(now), now, zone, texts);
  };
  auto message = message_of("forecast", texts, data);
  message.headline = texts.say("report.forecast", {{"pool", text(data, "name")},
                                                   {"likely", integer(data, "likely")},
                                                   {"open", integer(data, "open")},
                                                   {"until", when("until", data)}});
  const auto* late = array(data, "late");
  for (std::size_t i = 0; late != nullptr && i < std::min(late->size(), kNamed); ++i) {
    const auto& row = (*late)[i].as_object();
    const auto name = text(row, "who");
    message.facts.emplace_back(
        name.empty() ? text(row, "lead") : name,
        texts.say("report.forecast_due",
                  {{"time", when("due", row)},
                   {"clock", text(row, fmt::format("clock_{}", texts.tag()))}}));
  }
  if (late != nullptr && late->size() > kNamed)
    message.facts.emplace_back(texts.text("report.and_more"),
                               std::to_string(late->size() - kNamed));
  message.facts.emplace_back(texts.text("report.label_help"), texts.text("report.forecast_help"));
  return message;
}

Message compose_period(const json::object& data, const Texts& texts, std::string_view zone,
                       Instant now) {
  auto message = message_of("period", texts, data);
  const auto report = period_report_from_json(data).value_or(PeriodReport{});
  const bool share = report.measure == PeriodMeasure::kQuality;
  const auto number = [&](std::int64_t n) {
    return share ? texts.say("digest.percent", {{"number", n}}) : fmt::format("{}", n);
  };
  const auto moment = [&](Instant at) { return moment_text(at, now, zone, texts); };
  const auto end = moment(report.window.to);
  auto label = text(data, fmt::format("label_{}", texts.tag()));
  if (label.empty()) label = text(data, "label_en");
  message.headline =
      texts.say(report.standing.state == PeriodState::kMissed ? TextKey("report.target_missed")
                                                              : TextKey("report.target_short"),
                {{"label", label},
                 {"value", number(report.standing.value)},
                 {"expected", number(report.standing.expected)},
                 {"target", number(report.target)},
                 {"percent", report.percent},
                 {"until", end}});
  message.facts.emplace_back(texts.text("report.label_period"),
                             fmt::format("{} – {}", moment(report.window.from), end));
  if (share)
    message.facts.emplace_back(texts.text("report.label_decided"),
                               texts.say("report.decided", {{"accepted", report.counts.accepted},
                                                            {"rejected", report.counts.rejected}}));
  return message;
}

Message compose_clocks(const json::object& data, const Texts& texts) {
  auto message = message_of("clocks", texts, data);
  const auto off = integer(data, "by_ms");
  const auto seconds = fmt::format("{}{}{}", off / 1000, texts.text("time.decimal_point"),
                                   std::abs(off % 1000) / 100);
  message.headline = texts.say(text(data, "what") == "jump" ? TextKey("report.clock_jumped")
                                                            : TextKey("report.clocks_apart"),
                               {{"node", text(data, "node")}, {"seconds", seconds}});
  message.facts.emplace_back(texts.text("report.label_effect"), texts.text("report.clocks_effect"));
  message.facts.emplace_back(texts.text("report.label_help"), texts.text("report.clocks_help"));
  return message;
}

}  // namespace baton
