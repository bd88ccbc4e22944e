#include "gateway/core/model/event_codec.h"

#include <array>

#include "gateway/core/model/feedback_form.h"
#include "gateway/core/model/pack.h"
#include "mapping/json/json.h"
#include "mapping/json/json_text.h"

namespace baton {
namespace {

constexpr std::array<std::string_view, 6> kKinds = {"touches",  "clock",   "owner",
                                                    "feedback", "outcome", "policy"};

// Writes the part of each kind that identifies no person.
struct EventWriter {
  JsonWriter& w;
  const Reasons& decided;

  void operator()(const TouchesReceived&) const {}
  void operator()(const TimerFired& e) const {
    w.put("clock", to_string(e.timer));
    w.key("due").value(e.due);
    if (e.stale_since) w.key("stale_since").value(*e.stale_since);
  }
  void operator()(const PolicyChanged& e) const { w.put("rules", e.rules); }
  void operator()(const OwnerPicked& e) const {
    w.put("request", e.request);
    w.put("pool", e.pool);
    w.put("rep", e.rep.view());
    write_reasons(e.reasons);
    if (e.retry_at) w.key("retry_at").value(*e.retry_at);
  }
  void operator()(const SalesFeedback& feedback) const {
    const auto e = to_form(feedback);
    w.key("says").value(to_string(e.kind));
    w.put("feedback", e.id);
    w.put("via", e.via);
    w.put("rep", e.rep);
    w.put("handover", e.handover);
    w.put("reason", e.reason);
    w.put("channel", e.channel);
    w.put("outcome", e.outcome);
    w.put("evidence", e.evidence);
    w.put("stage", e.stage);
    if (e.fits) w.key("fits").value(*e.fits);
    if (e.wake_at) w.key("wake_at").value(*e.wake_at);
    if (e.at.ms != 0) w.key("at").value(e.at);
    w.put("actor", e.actor);
    w.put("clock", e.clock);
    w.put("item", e.item);
    w.put("host", e.host);
  }
  void operator()(const EffectOutcome& e) const {
    w.put("effect", e.effect);
    w.put("destination", e.destination);
    w.key("delivered").value(e.delivered);
    w.put("ref", e.ref);
    w.put("reason", e.reason);
  }

  // The decision's reasons begin with those of the pool whose answer it used; their number is
  // enough.
  void write_reasons(const Reasons& reasons) const {
    if (reasons.empty()) return;
    if (decided.text().starts_with(reasons.text())) {
      w.key("reasons").value(static_cast<std::uint64_t>(reasons.size()));
    } else {
      w.key("reasons").raw("[" + reasons.text() + "]");
    }
  }
};

std::string str(const json::object& o, std::string_view key) { return std::string(text(o, key)); }
std::optional<Instant> when(const json::object& o, std::string_view key) {
  return parse_rfc3339(text(o, key));
}

// An encrypted member "sealed" is a text and cannot be read here.
const json::object& sealed(const json::object& o) {
  static const json::object kNone;
  const auto* open = object(o, "sealed");
  return open != nullptr ? *open : kNone;
}

Result<EventBody> read_touches(const json::object& o) {
  TouchesReceived e;
  if (const auto* touches = array(sealed(o), "touches")) {
    for (const auto& item : *touches) {
      auto touch = touch_from_json(item);
      if (!touch) return touch.error();
      e.touches.push_back(std::move(*touch));
    }
  }
  return EventBody{std::move(e)};
}

Result<EventBody> read_clock(const json::object& o) {
  const auto due = when(o, "due");
  if (!due) return error(Errc::kInvalidInput, "a clock event needs the instant it was due", "due");
  return EventBody{TimerFired{parse_timer_id(text(o, "clock")), *due, when(o, "stale_since")}};
}

EventBody read_owner(const json::object& o) {
  OwnerPicked e{str(o, "request"), str(o, "pool"), RepId(text(o, "rep")), {}, when(o, "retry_at")};
  if (const auto* reasons = array(o, "reasons")) {
    for (const auto& reason : *reasons) e.reasons.add(reason_from_json(reason));
  }
  return e;
}

Result<EventBody> read_feedback(const json::object& o) {
  const auto kind = parse_feedback_kind(text(o, "says"));
  if (!kind) return error(Errc::kInvalidInput, "feedback of a kind that is not known", "says");
  FeedbackForm e;
  e.kind = *kind;
  e.id = str(o, "feedback");
  e.via = str(o, "via");
  e.rep = str(o, "rep");
  e.handover = str(o, "handover");
  e.reason = str(o, "reason");
  e.note = str(sealed(o), "note");
  e.channel = str(o, "channel");
  e.outcome = str(o, "outcome");
  e.evidence = str(o, "evidence");
  e.stage = str(o, "stage");
  if (member(o, "fits") != nullptr) e.fits = boolean(o, "fits");
  e.wake_at = when(o, "wake_at");
  e.at = when(o, "at").value_or(Instant{});
  e.actor = str(o, "actor");
  e.clock = str(o, "clock");
  e.item = str(o, "item");
  e.host = str(o, "host");
  if (const auto* facts = object(sealed(o), "facts")) e.facts = person_from_json(*facts);
  return EventBody{to_feedback(std::move(e))};
}

EventBody read_outcome(const json::object& o) {
  return EffectOutcome{str(o, "effect"), str(o, "destination"), boolean(o, "delivered"),
                       str(o, "ref"), str(o, "reason")};
}

Result<EventBody> read_body(const json::object& o) {
  const auto kind = text(o, "kind");
  if (kind == "touches") return read_touches(o);
  if (kind == "clock") return read_clock(o);
  if (kind == "owner") return read_owner(o);
  if (kind == "feedback") return read_feedback(o);
  if (kind == "outcome") return read_outcome(o);
  if (kind == "policy") return EventBody{PolicyChanged{str(o, "rules")}};
  return error(Errc::kInvalidInput, "an event of a kind that is not known", "kind");
}

// The new facts of an answer to a task; nullptr if there are none.
const PersonFacts* facts_of(const SalesFeedback& feedback) {
  const auto* answer = std::get_if<TaskAnswer>(&feedback.says);
  return answer == nullptr || is_empty(answer->facts) ? nullptr : &answer->facts;
}

Reason reason_from_array(const json::array& parts) {
  Reason out;
  const auto text_at = [&](std::size_t i) {
    return i < parts.size() && parts[i].is_string()
               ? std::string(std::string_view(parts[i].get_string()))
               : std::string();
  };
  out.code = text_at(0);
  out.rule = text_at(1);
  if (parts.size() > 2 && parts[2].is_object()) out.facts = parts[2].get_object();
  return out;
}

}  // namespace

std::string_view kind_of(const Event& event) { return kKinds[event.body.index()]; }

void write_event(JsonWriter& w, const Event& event, const Reasons& decided) {
  w.open('{');
  w.key("id").value(event.id);
  w.key("kind").value(kind_of(event));
  std::visit(EventWriter{w, decided}, event.body);
  w.close('}');
}

std::string personal_part(const Event& event, std::string_view stem) {
  if (const auto* arrived = std::get_if<TouchesReceived>(&event.body);
      arrived != nullptr && !arrived->touches.empty()) {
    return pack_document(arrived->touches.front().at, Personal{arrived->touches, {}, {}}, stem);
  }
  const auto* feedback = std::get_if<SalesFeedback>(&event.body);
  if (feedback == nullptr) return {};
  const auto* facts = facts_of(*feedback);
  if (feedback->note.empty() && facts == nullptr) return {};
  Personal personal{{}, feedback->note, {}};
  if (facts != nullptr) personal.facts = *facts;
  return pack_document(feedback->at, personal, stem);
}

Status add_personal(Event& event, std::string_view packed, std::string_view stem) {
  Personal personal;
  if (packed == kIsStem) packed = stem;
  if (!unpack_document(packed, personal, stem))
    return error(Errc::kInvalidInput, "the personal part of a record is damaged");
  if (auto* arrived = std::get_if<TouchesReceived>(&event.body))
    arrived->touches = std::move(personal.touches);
  if (auto* feedback = std::get_if<SalesFeedback>(&event.body)) {
    feedback->note = std::move(personal.note);
    if (auto* answer = std::get_if<TaskAnswer>(&feedback->says))
      answer->facts = std::move(personal.facts).value_or(PersonFacts{});
  }
  return {};
}

Result<Event> event_from_json(const json::value& value) {
  if (!value.is_object()) return error(Errc::kInvalidInput, "an event is a JSON object");
  auto body = read_body(value.get_object());
  if (!body) return body.error();
  return Event{str(value.get_object(), "id"), std::move(*body)};
}

json::object to_json(const Reason& reason) {
  json::object out{{"code", reason.code}};
  put(out, "rule", reason.rule);
  if (!reason.facts.empty()) out.emplace("facts", reason.facts);
  return out;
}

Reason reason_from_json(const json::value& value) {
  Reason out;
  if (value.is_array()) return reason_from_array(value.get_array());
  if (!value.is_object()) return out;
  const auto& o = value.get_object();
  out.code = text(o, "code");
  out.rule = text(o, "rule");
  if (const auto* facts = object(o, "facts")) out.facts = *facts;
  return out;
}

}  // namespace baton
