#include "gateway/core/decide/alert_feedback.h"

#include "gateway/core/decide/episode.h"
#include "gateway/core/decision/alert.h"
#include "gateway/core/decision/joined.h"
#include "gateway/core/sla/sla_clock.h"

namespace baton {
namespace {

// Breached clocks go before others, then the earlier due time wins.
ClockInstance* alerted(DecisionContext& s, const ClockId& id) {
  ClockInstance* found = nullptr;
  for (auto& clock : s.person.clocks) {
    if (is_ended(clock) || (!id.empty() && clock.id != id)) continue;
    if (found == nullptr || (clock.breached_at && !found->breached_at) ||
        (clock.breached_at == found->breached_at && clock.due < found->due))
      found = &clock;
  }
  return found;
}

ClockInstance* answered_clock(DecisionContext& s, const SalesFeedback& f, const ClockId& id,
                              std::string_view wanted) {
  auto* clock = alerted(s, id);
  if (clock == nullptr) refuse(s, wanted, "no_such_clock");
  if (clock != nullptr && !may_answer(s.policy, s.person, *clock, f.rep)) {
    refuse(s, wanted, "not_a_recipient");
    clock = nullptr;
  }
  return clock;
}

}  // namespace

void acknowledge(DecisionContext& s, const SalesFeedback& f, const Acknowledge& said) {
  auto* clock = answered_clock(s, f, said.clock, "acknowledged");
  if (clock == nullptr) return;
  note_answer(*clock, f.rep, std::nullopt);
  s.happened("alert.acknowledged");
  s.because("alert.acknowledged", joined({"sla.clocks.", clock->definition}),
            {{"rep", f.rep}, {"clock", clock->definition}});
}

void snooze(DecisionContext& s, const SalesFeedback& f, const Snooze& said) {
  if (said.reason.empty() && f.note.empty()) return refuse(s, "snoozed", "reason_missing");
  if (!said.until || *said.until <= s.now) return refuse(s, "snoozed", "no_time");
  auto* clock = answered_clock(s, f, said.clock, "snoozed");
  if (clock == nullptr) return;
  note_answer(*clock, f.rep, said.until);
  s.happened("alert.snoozed");
  s.because("alert.snoozed", joined({"sla.clocks.", clock->definition}),
            {{"rep", f.rep},
             {"clock", clock->definition},
             {"until", *said.until},
             {"reason", said.reason}});
}

}  // namespace baton
