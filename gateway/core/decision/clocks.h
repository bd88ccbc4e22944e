#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/decision/clock_steps.h"

namespace baton {

// Starts, stops, pauses and resumes the SLA clocks of one person. It reads the person and changes
// the person's clocks and their generations, nothing else.
class Clocks {
 public:
  Clocks(PersonState& person, const Policy& policy, Instant now, ClockSteps& steps,
         DecisionSink& sink)
      : person_(person),
        clocks_(person.clocks),
        generations_(person.generations),
        policy_(policy),
        now_(now),
        steps_(steps),
        sink_(sink) {}

  // Applies a moment to the clocks that exist: each is cancelled, stopped, reset or resumed if its
  // definition says so; the first of these wins. `by`: the evidence or reason. `subject`: the
  // handover, task or meeting that the moment is about; clocks of another subject run on.
  void stop(ClockMoment moment, Instant at, std::string_view by, std::string_view subject = {});

  // Starts the clocks that the moment starts and that do not run yet for the subject. A person who
  // has objected gets no clocks.
  void start(ClockMoment moment, Instant at, std::string_view subject = {});

  // stop(), then start().
  void at_moment(ClockMoment moment, Instant at, std::string_view by,
                 std::string_view subject = {});

  // Pauses the running clocks that pause on the condition.
  void pause(PauseCondition condition, Instant at);

  // Resumes the clocks paused on the condition, unless another of their conditions holds. Does
  // nothing without an open lead.
  void resume(PauseCondition condition, Instant at);

  // Ends the clocks that restart or are split with each owner, and starts the split ones again.
  void reassign(Instant at);

  // Replaces the clocks of the MQL whose budget for this intent is shorter than the running one.
  void tighten(Intent type, Instant at);

  // Cancels every clock that has not ended.
  void cancel_all(std::string_view why);

  // Gives the running clocks the lead's owner and team. Clocks of marketing keep their owner.
  void follow_owner();

  // Times the running clocks by the policy of today if the policy applies to running clocks.
  void retime();

  // Marks ended, breached clocks of a handover whose contact was in time but reported late, and
  // tells those who were notified of the breach.
  void correct(const Handover& handover, Instant at);

  // The clock with this id; nullptr if there is none.
  ClockInstance* find(const ClockId& id);

 private:
  bool holds(PauseCondition condition) const;
  bool is_paused_at_once(const ClockDefinition& definition) const;
  bool fits(const ClockGuard& when) const;
  Duration budget_of(const ClockDefinition& definition) const;
  std::string calendar_name(const ClockDefinition& definition) const;
  void start_one(const ClockDefinition& definition, Duration budget, Instant at,
                 std::string_view subject);
  void stop_one(ClockInstance& clock, Instant at, std::string_view by);
  void cancel_one(ClockInstance& clock, Instant at, std::string_view why);
  void resume_one(ClockInstance& clock, Instant at);
  void apply(std::size_t index, ClockMoment moment, Instant at, std::string_view by);
  void retime_one(ClockInstance& clock, const ClockDefinition& definition);
  void note_late_evidence(ClockInstance& clock, Instant at);

  const PersonState& person_;
  std::vector<ClockInstance>& clocks_;
  std::map<std::string, std::uint32_t>& generations_;
  const Policy& policy_;
  Instant now_;
  ClockSteps& steps_;
  DecisionSink& sink_;
};

}  // namespace baton
