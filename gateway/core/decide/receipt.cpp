#include "gateway/core/decide/receipt.h"

#include <algorithm>
#include <map>

#include "gateway/core/decide/pool.h"
#include "gateway/core/model/receipt.h"
#include "gateway/core/sla/sla_clock.h"
#include "mapping/json/json_text.h"

namespace baton {
namespace {

constexpr std::size_t kLines = 10;  // the strongest lines of the score

void write_consents(JsonWriter& w, const PersonState& person) {
  w.key("consent").open('[');
  for (const auto& c : person.consents) {
    w.open('{');
    w.key("at").value(c.at);
    w.put("basis", c.basis);
    w.key("channel").value(c.channel);
    w.key("granted").value(c.granted);
    w.key("purpose").value(c.purpose);
    w.close('}');
  }
  w.close(']');
}

void write_dues(JsonWriter& w, const PersonState& person) {
  std::map<std::string_view, Instant> dues;
  for (const auto& clock : person.clocks) {
    if (!is_ended(clock)) dues.insert_or_assign(clock.definition, clock.due);
  }
  w.key("due").open('{');
  for (const auto& [definition, due] : dues) w.text_key(definition).value(due);
  w.close('}');
}

void write_score(JsonWriter& w, const ScoreResult& result) {
  const auto& score = result.snapshot;
  w.key("score").open('{');
  w.key("engagement").value(score.engagement);
  w.key("fit").value(score.fit);
  w.key("grade").value(score.grade);
  w.key("lines").open('[');
  for (std::size_t i = 0; i < std::min(result.lines.size(), kLines); ++i) {
    w.open('{');
    w.key("axis").value(result.lines[i].axis);
    w.key("points").value(result.lines[i].points);
    w.key("rule").value(result.lines[i].rule);
    w.close('}');
  }
  w.close(']');
  w.key("policy").value(score.policy);
  w.key("total").value(score.total);
  w.close('}');
}

void write_who(JsonWriter& w, const PersonState& person) {
  const auto& profile = person.profile;
  w.key("who").open('{');
  w.put("company_size", profile.company.size);
  w.put("country", profile.country);
  w.key("has_email").value(!profile.email.empty());
  w.key("has_phone").value(!profile.phone.empty());
  w.put("job_function", profile.job_function);
  w.put("job_level", profile.job_level);
  w.key("person").value(person.id.view());
  w.close('}');
}

void write_to(JsonWriter& w, const Lead& lead, const RepId& rep) {
  w.key("to").open('{');
  w.key("pool").value(lead.pool);
  w.put("rep", rep.view());
  w.put("rule", lead.route_rule);
  w.close('}');
}

void write_why(JsonWriter& w, const Reasons& reasons) {
  w.key("why").open('[');
  for (std::size_t i = 0; i < reasons.size(); ++i) w.value(reasons.code(i));
  w.close(']');
}

// Everything that a dispute would be about. The person is named by id alone. The texts are
// canonical: members are written in sorted order.
std::string offer_text(DecisionContext& s, const Handover& handover) {
  const auto& lead = s.newest_lead();
  std::string text;
  text.reserve(1280);
  JsonWriter w(text);
  w.open('{');
  w.key("at").value(handover.offered_at);
  w.put("blocked", lead.blocked);
  write_consents(w, s.person);
  w.put("contact_basis", lead.contact_basis);
  write_dues(w, s.person);
  w.key("handover").value(handover.id.view());
  w.key("lead").value(lead.id.view());
  w.key("policy").value(s.policy.hash);
  w.put("previous", handover.previous);
  write_score(w, s.score.get());
  w.key("stage").value(to_string(lead.stage));
  w.key("state").value(to_string(handover.state));
  write_to(w, lead, handover.rep);
  w.key("trigger_at").value(lead.trigger_at);
  w.key("type").value(to_string(lead.type));
  w.key("version").value(kReceiptVersion);
  write_who(w, s.person);
  write_why(w, s.sink.reasons);
  w.close('}');
  return text;
}

// The state of the handover now.
std::string state_text(const DecisionContext& s, const Handover& handover, Instant at,
                       const ReceiptNote& note) {
  std::string text;
  text.reserve(512);
  JsonWriter w(text);
  w.open('{');
  w.key("at").value(at);
  w.put("by", note.by);
  w.put("destination", note.destination);
  w.key("handover").value(handover.id.view());
  if (note.implied) w.key("implied").value(true);
  w.key("lead").value(s.newest_lead().id.view());
  w.key("noted_at").value(s.now);
  w.key("policy").value(s.policy.hash);
  w.put("pool", handover.pool);
  w.put("previous", handover.previous);
  w.put("reason", handover.reason);
  w.put("ref", note.ref);
  w.key("rep").value(handover.rep.view());
  w.key("state").value(to_string(handover.state));
  w.key("version").value(kReceiptVersion);
  w.close('}');
  return text;
}

std::string draft_text(const DecisionContext& s, HandoverState state, std::string_view reason,
                       std::string_view previous) {
  const auto& lead = s.newest_lead();
  std::string text;
  text.reserve(512);
  JsonWriter w(text);
  w.open('{');
  w.key("at").value(s.now);
  w.key("lead").value(lead.id.view());
  w.key("policy").value(s.policy.hash);
  w.put("previous", previous);
  w.put("reason", reason);
  w.key("request").value(request_key(s.person, lead, lead.hops));
  w.key("state").value(to_string(state));
  write_to(w, lead, {});
  w.key("version").value(kReceiptVersion);
  write_why(w, s.sink.reasons);
  w.close('}');
  return text;
}

std::string write_down(DecisionContext& s, std::string text) {
  auto receipt = make_receipt(std::move(text));
  s.because("handover.receipt", {},
            {{"hash", receipt.hash}, {"snapshot", FactValue::json(receipt.canonical_json)}});
  s.sink.receipts.push_back(receipt.hash);
  return std::move(receipt.hash);
}

}  // namespace

void draft_receipt(DecisionContext& s) {
  auto& lead = s.newest_lead();
  if (!lead.draft_receipt.empty()) return;
  lead.draft_receipt =
      write_down(s, draft_text(s, HandoverState::kDrafted, {}, newest_receipt(lead)));
}

void withdraw_draft(DecisionContext& s, std::string_view reason) {
  auto& lead = s.newest_lead();
  if (lead.draft_receipt.empty()) return;
  lead.draft_receipt =
      write_down(s, draft_text(s, HandoverState::kWithdrawn, reason, lead.draft_receipt));
}

void offer_receipt(DecisionContext& s, Handover& handover) {
  auto& lead = s.newest_lead();
  handover.previous = newest_receipt(lead);
  lead.draft_receipt.clear();
  handover.receipt = write_down(s, offer_text(s, handover));
}

void state_receipt(DecisionContext& s, Handover& handover, Instant at, const ReceiptNote& note) {
  handover.previous = handover.receipt;
  handover.receipt = write_down(s, state_text(s, handover, at, note));
}

}  // namespace baton
