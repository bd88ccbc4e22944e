#include "gateway/core/explain/decision_record.h"

#include <algorithm>

#include "gateway/core/model/event_codec.h"
#include "gateway/core/model/pack.h"
#include "gateway/core/model/receipt.h"
#include "gateway/core/policy/policy.h"
#include "mapping/json/json.h"
#include "mapping/json/json_text.h"

namespace baton {
namespace {

constexpr std::int64_t kVersion = 2;

std::vector<std::string> read_texts(const json::object& o, std::string_view key) {
  std::vector<std::string> out;
  if (const auto* items = array(o, key)) {
    for (const auto& item : *items) {
      if (item.is_string()) out.emplace_back(std::string_view(item.get_string()));
    }
  }
  return out;
}

}  // namespace

std::string effect_key(const Effect& effect) {
  struct Visitor {
    std::string operator()(const OwnerRequest& e) const { return "owner:" + e.key; }
    std::string operator()(const Notice& e) const { return "notice:" + e.key; }
    std::string operator()(const TaskSyncRequested& e) const { return "task:" + e.key; }
    std::string operator()(const PushRequested&) const { return "push"; }
    std::string operator()(const PoolUpdate& e) const { return "pool:" + e.key; }
  };
  return std::visit(Visitor{}, effect);
}

RecordText write_record(const Event& event, const Decision& decision, const Policy& policy,
                        Instant now, const ReceiptKey* key, std::string_view stem) {
  RecordText text;
  text.plain.reserve(512 + decision.reasons.text().size());
  JsonWriter w(text.plain);
  w.open('{');
  w.key("v").value(kVersion);
  w.key("person").value(decision.next.id.view());
  w.key("now").value(decision.changed ? decision.next.last_now : now);
  w.key("event");
  write_event(w, event, decision.reasons);
  w.put("policy", policy.hash);
  w.put("calendar", policy.calendars.hash);
  w.key("events").open('[');
  for (const auto& name : decision.events) w.value(name);
  w.close(']');
  w.key("reasons").raw("[");
  text.plain += decision.reasons.text();
  w.close(']');
  w.key("effects").open('[');
  for (const auto& effect : decision.effects) w.value(effect_key(effect));
  w.close(']');
  if (key != nullptr && !decision.receipts.empty()) {
    w.key("sealed_by").value(key->id);
    w.key("seals").open('[');
    for (const auto& hash : decision.receipts) w.value(seal_receipt(*key, hash));
    w.close(']');
  }
  w.close('}');
  text.personal = personal_part(event, stem);
  return text;
}

namespace {

Result<DecisionRecord> read_plain(const json::object& o) {
  const auto now = parse_rfc3339(text(o, "now"));
  const auto* event = member(o, "event");
  if (!now || event == nullptr)
    return error(Errc::kInvalidInput, "a decision record needs \"now\" and \"event\"");
  auto read = event_from_json(*event);
  if (!read) return read.error();
  DecisionRecord record;
  record.person = PersonId(text(o, "person"));
  record.event = std::move(*read);
  record.now = *now;
  record.policy = text(o, "policy");
  record.calendar = text(o, "calendar");
  record.events = read_texts(o, "events");
  if (const auto* reasons = array(o, "reasons")) {
    for (const auto& reason : *reasons) record.reasons.push_back(reason_from_json(reason));
  }
  record.effects = read_texts(o, "effects");
  record.sealed_by = text(o, "sealed_by");
  record.seals = read_texts(o, "seals");
  return record;
}

// Format 1: the personal part is a member of the event.
Status insert_sealed(json::object& record, std::string_view personal) {
  auto parsed = parse_json(personal);
  if (!parsed) return parsed.error();
  auto* event = record.if_contains("event");
  if (event != nullptr && event->is_object())
    event->get_object().insert_or_assign("sealed", std::move(*parsed));
  return {};
}

// If the event only counts the pool's reasons, they are the first reasons of the decision.
void restore_reasons(const json::object& o, DecisionRecord& record) {
  auto* picked = std::get_if<OwnerPicked>(&record.event.body);
  const auto* event = object(o, "event");
  if (picked == nullptr || event == nullptr) return;
  const auto count =
      static_cast<std::size_t>(std::max<std::int64_t>(integer(*event, "reasons"), 0));
  for (std::size_t i = 0; i < std::min(count, record.reasons.size()); ++i)
    picked->reasons.add(record.reasons[i]);
}

}  // namespace

Result<DecisionRecord> read_record(std::string_view plain, std::string_view personal,
                                   std::string_view stem) {
  auto parsed = parse_json(plain);
  if (!parsed) return parsed.error();
  if (!parsed->is_object()) return error(Errc::kInvalidInput, "a decision record is a JSON object");
  auto& o = parsed->get_object();
  const auto version = integer(o, "v");
  if (version < 1 || version > kVersion)
    return error(Errc::kInvalidInput, "a decision record of a format this version does not know",
                 "v");
  const bool packed = is_packed(personal) || personal == kIsStem;
  if (!personal.empty() && !packed) {
    if (const auto status = insert_sealed(o, personal); !status) return status.error();
  }
  auto record = read_plain(o);
  if (!record) return record;
  if (packed) {
    if (const auto status = add_personal(record->event, personal, stem); !status)
      return status.error();
  }
  restore_reasons(o, *record);
  return record;
}

}  // namespace baton
