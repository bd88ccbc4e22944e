#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "gateway/core/decision/current_score.h"
#include "gateway/core/decision/decision_sink.h"
#include "gateway/core/model/event.h"
#include "gateway/core/policy/policy.h"

namespace baton {

// Writes the messages to reps. It reads the person and adds Notice effects to the sink.
class Notices {
 public:
  // `fired`: the timer that the decision is about; nullptr for any other event.
  Notices(const PersonState& person, const Policy& policy, Instant now, const TimerFired* fired,
          CurrentScore& score, DecisionSink& sink)
      : person_(person), policy_(policy), now_(now), fired_(fired), score_(score), sink_(sink) {}

  // Sends a message about the newest lead to one rep. `more` goes before the message's own data.
  // `clock`: the clock that the message is about. Returns false and sends nothing if the recipient
  // is empty, if the person has no lead, or if the message is an alert of a clock that the
  // recipient has acknowledged.
  bool send(NoticeKind kind, const RepId& recipient, std::string key, boost::json::object more = {},
            const ClockInstance* clock = nullptr);

  // Tells every rep who was notified of the clock's breach or escalation how the clock ended:
  // kResolved or kCorrected.
  void send_to_notified(NoticeKind kind, const ClockInstance& clock);

  // The key of a clock's message: one for each clock, level and recipient.
  std::string clock_key(const ClockInstance& clock, std::string_view level,
                        const RepId& recipient) const;

 private:
  Reason best_reason();
  void put_lead(boost::json::object& data) const;
  Instant planned() const;

  const PersonState& person_;
  const Policy& policy_;
  Instant now_;
  const TimerFired* fired_;
  CurrentScore& score_;
  DecisionSink& sink_;
};

}  // namespace baton
