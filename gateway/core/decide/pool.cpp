#include "gateway/core/decide/pool.h"

#include <algorithm>

#include "gateway/core/decide/feedback.h"
#include "gateway/core/decision/joined.h"

// Reports to pools: the open work of their reps, and turns that are given back.

namespace baton {
namespace {

// Whether an answer to this request was used.
bool was_used(const PersonState& person, std::string_view request) {
  const auto used_by = [&](const Lead& lead) {
    return std::any_of(lead.handovers.begin(), lead.handovers.end(), [&](const Handover& h) {
      return request_key(person, lead, h.hop) == request;
    });
  };
  return (person.lead && used_by(*person.lead)) ||
         std::any_of(person.past.begin(), person.past.end(), used_by);
}

const Handover* last_handover(const PersonState& person) {
  return person.lead && !person.lead->handovers.empty() ? &person.lead->handovers.back() : nullptr;
}

void count_accepted_one(DecisionContext& s, const Handover& handover) {
  PoolUpdate note;
  note.key = joined({handover.id.view(), ":accepted"});
  note.person = s.person.id;
  note.accepted_by = handover.rep;
  note.pool = handover.pool;
  s.sink.effects.emplace_back(std::move(note));
}

// A turn is given back if the owner lost the lead without a fault before they had begun: the person
// objected, or a human gave the lead to another rep. A lapse counts, and so does a lead that they
// closed.
void tell_what_became_of(DecisionContext& s, const PoolView& before) {
  if (before.handover.empty() || !s.person.lead) return;
  for (const auto& h : s.person.lead->handovers) {
    if (h.id != before.handover || is_open(h.state)) continue;
    if (h.state == HandoverState::kAccepted) count_accepted_one(s, h);
    const bool taken = h.state == HandoverState::kSuperseded ||
                       (h.state == HandoverState::kWithdrawn && h.reason == "objection");
    if (taken) give_turn_back(s, h, "withdrawn");
  }
}

}  // namespace

std::string request_key(const PersonState& person, const Lead& lead, int hop) {
  return joined({person.id.view(), ":", std::to_string(lead.cycle), ":", std::to_string(hop)});
}

PoolView pool_view(const PersonState& person) {
  PoolView view{work_of(person), {}};
  const auto* handover = last_handover(person);
  if (handover != nullptr && is_open(handover->state)) view.handover = handover->id;
  return view;
}

void tell_pools(DecisionContext& s, const PoolView& before) {
  tell_what_became_of(s, before);
  const auto after = work_of(s.person);
  if (before.work == after) return;
  PoolUpdate note;
  note.person = s.person.id;
  for (const auto* work : {&before.work, &after}) {
    if (*work && std::find(note.reps.begin(), note.reps.end(), (*work)->rep) == note.reps.end())
      note.reps.push_back((*work)->rep);
  }
  note.key = joined({(after ? after->lead : before.work->lead).view(), ":work:", s.event.id});
  s.sink.effects.emplace_back(std::move(note));
}

void give_turn_back(DecisionContext& s, const Handover& handover, std::string_view why) {
  const auto* pool = s.policy.routing->pool(handover.pool);
  if (pool == nullptr || !pool->credits(why)) return;
  s.because("turn.given_back", joined({"routing.pools.", pool->id, ".credit_for"}),
            {{"rep", handover.rep}, {"why", why}});
  PoolUpdate note;
  note.key = joined({handover.id.view(), ":credit"});
  note.person = s.person.id;
  note.credit_to = handover.rep;
  note.pool = handover.pool;
  note.credit_pick = request_key(s.person, s.newest_lead(), handover.hop);
  note.credit_why = why;
  s.sink.effects.emplace_back(std::move(note));
}

void return_unused(DecisionContext& s, const OwnerPicked& event) {
  if (event.rep.empty() || event.request.empty() || was_used(s.person, event.request)) return;
  if (!first_time(s, event.request)) return;
  PoolUpdate note;
  note.key = joined({event.request, ":unused"});
  note.person = s.person.id;
  note.reps = {event.rep};
  note.credit_to = event.rep;
  note.pool = event.pool;
  note.credit_pick = event.request;
  note.credit_why = "withdrawn";
  s.sink.effects.emplace_back(std::move(note));
}

}  // namespace baton
