#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gateway/core/model/feedback.h"
#include "gateway/core/model/ids.h"
#include "gateway/core/model/reason.h"
#include "gateway/core/model/timer_id.h"
#include "mapping/map/touch.h"

namespace baton {

// Everything that can change a person: deliveries, timers, feedback of sales, picked owners,
// outcomes of effects and changes of policy.

struct TouchesReceived {
  std::vector<Touch> touches;  // of one person; applied ones are refused one by one
};

// A timer was due at `due`. A person whose timer is set to another instant ignores it.
struct TimerFired {
  TimerId timer;
  Instant due;
  // Since when the CRM that sales works in has reported nothing, if that is too long ago. Alerts
  // then say so, and no rep loses a lead over a breach that may not be one.
  std::optional<Instant> stale_since = {};
};

// The pool's answer to an OwnerRequest.
struct OwnerPicked {
  std::string request;  // OwnerRequest::key
  std::string pool;
  RepId rep;                        // "" : the pool has no rep for the lead
  Reasons reasons;                  // candidates, exclusions, the pool before and after, tie-break
  std::optional<Instant> retry_at;  // without a rep: when one may be free
};

// The outcome of an effect that the person depends on: delivered, or failed for good.
struct EffectOutcome {
  std::string effect;  // effect key, or "push"
  std::string destination;
  bool delivered = false;
  std::string ref;     // id at the destination
  std::string reason;  // why it failed
};

// A new policy is in force. Running clocks are timed by it if it says so.
struct PolicyChanged {
  std::string rules;  // ClockRules::id
};

using EventBody = std::variant<TouchesReceived, TimerFired, OwnerPicked, SalesFeedback,
                               EffectOutcome, PolicyChanged>;

struct Event {
  std::string id;  // delivery id, "person:timer:due" or feedback id; for the log
  EventBody body;
};

}  // namespace baton
