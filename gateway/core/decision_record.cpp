#include "gateway/core/decision_record.h"

#include <algorithm>

#include "gateway/core/event_codec.h"
#include "gateway/core/policy.h"
#include "mapping/json.h"

namespace baton {
namespace {

constexpr std::int64_t kVersion = 1;

json::array texts(const std::vector<std::string>& items) {
  json::array out;
  for (const auto& item : items) out.emplace_back(item);
  return out;
}

std::vector<std::string> read_texts(const json::object& o, std::string_view key) {
  std::vector<std::string> out;
  if (const auto* items = array(o, key)) {
    for (const auto& item : *items) {
      if (item.is_string()) out.emplace_back(item.get_string().c_str());
    }
  }
  return out;
}

}  // namespace

std::string effect_key(const Effect& effect) {
  struct Visitor {
    std::string operator()(const OwnerRequest& e) const { return "owner:" + e.key; }
    std::string operator()(const Notice& e) const { return "notice:" + e.key; }
    std::string operator()(const TaskWanted& e) const { return "task:" + e.key; }
    std::string operator()(const PushWanted&) const { return "push"; }
  };
  return std::visit(Visitor{}, effect);
}

DecisionRecord make_record(const Event& event, const Decision& decision, const Policy& policy, Instant now) {
  DecisionRecord record;
  record.person = decision.next.id;
  record.event = event;
  record.now = decision.changed ? decision.next.last_now : now;
  record.policy = policy.hash;
  record.calendar = policy.calendars.hash;
  record.events = decision.events;
  record.reasons = decision.reasons.read();
  for (const auto& effect : decision.effects) record.effects.push_back(effect_key(effect));
  return record;
}

json::object to_json(const DecisionRecord& record) {
  json::object out{{"v", kVersion}, {"person", record.person}, {"now", to_rfc3339(record.now)},
                   {"event", to_json(record.event)}};
  put(out, "policy", record.policy);
  put(out, "calendar", record.calendar);
  out.emplace("events", texts(record.events));
  json::array reasons;
  for (const auto& reason : record.reasons) reasons.push_back(to_json(reason));
  out.emplace("reasons", std::move(reasons));
  out.emplace("effects", texts(record.effects));
  return out;
}

Result<DecisionRecord> decision_record_from_json(const json::value& value) {
  if (!value.is_object()) return error(Errc::kInvalidInput, "a decision record is a JSON object");
  const auto& o = value.get_object();
  const auto version = integer(o, "v");
  if (version < 1 || version > kVersion)
    return error(Errc::kInvalidInput, "a decision record of a format this version does not know", "v");
  const auto now = parse_rfc3339(text(o, "now"));
  const auto* event = member(o, "event");
  if (!now || event == nullptr) return error(Errc::kInvalidInput, "a decision record needs \"now\" and \"event\"");
  auto read = event_from_json(*event);
  if (!read) return read.error();
  DecisionRecord record;
  record.person = text(o, "person");
  record.event = std::move(*read);
  record.now = *now;
  record.policy = text(o, "policy");
  record.calendar = text(o, "calendar");
  record.events = read_texts(o, "events");
  if (const auto* reasons = array(o, "reasons")) {
    for (const auto& reason : *reasons) record.reasons.push_back(reason_from_json(reason));
  }
  record.effects = read_texts(o, "effects");
  return record;
}

}  // namespace baton
