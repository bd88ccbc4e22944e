#pragma once

#include <initializer_list>
#include <string_view>

#include "gateway/core/decision/decision_sink.h"
#include "gateway/core/decision/notice.h"
#include "gateway/core/policy/policy.h"

namespace baton {

// Runs the steps of SLA clocks: warnings, the breach and escalations. It changes the clock that it
// is given and nothing else of the person.
class ClockSteps {
 public:
  // `fired`: the timer that the decision is about; nullptr for any other event.
  ClockSteps(const PersonState& person, const Policy& policy, Instant now, const TimerFired* fired,
             Notices& notices, DecisionSink& sink)
      : person_(person),
        policy_(policy),
        now_(now),
        fired_(fired),
        notices_(notices),
        sink_(sink) {}

  // Runs every step that is due by now. Only the last one sends messages, so that reps get one
  // message after an outage and not one for each step. `fired`: when the timer was due. Returns
  // true if the clock is breached by one of these steps.
  bool run_due(ClockInstance& clock, Instant fired);

  // Records a breach whose timer has not fired yet, because the clock stops or pauses at `at`,
  // after its due time. Does nothing to a clock that is in time.
  void mark_overdue(ClockInstance& clock, Instant at);

  // Tells the reps who were notified of a breach that the clock has ended (kResolved), or that it
  // was met in time (kCorrected). Does nothing to a clock that is not breached.
  void resolve(const ClockInstance& clock, NoticeKind kind = NoticeKind::kResolved);

  // Sends one message about the clock. `level` tells it apart from the clock's other messages.
  void tell(NoticeKind kind, const RepId& recipient, ClockInstance& clock, std::string_view level);

  // Reports an event of the clock and a reason with the clock's own facts.
  void report(const ClockInstance& clock, std::string_view code,
              std::initializer_list<Fact> more = {});

 private:
  std::vector<RepId> audience(const ClockInstance& clock, const ClockStep& step) const;
  void tell_all(ClockInstance& clock, const ClockStep& step);
  void note_breach(ClockInstance& clock);
  void note_step(ClockInstance& clock, const ClockStep& step);
  void excuse_downtime(ClockInstance& clock, Instant fired);
  bool is_early(ClockInstance& clock, const ClockStep* step, Instant fired);

  const PersonState& person_;
  const Policy& policy_;
  Instant now_;
  const TimerFired* fired_;
  Notices& notices_;
  DecisionSink& sink_;
};

}  // namespace baton
