#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "gateway/core/decide.h"
#include "gateway/core/event.h"
#include "mapping/result.h"

namespace baton {

struct Policy;

// One line of the decision log: all that is needed to decide again (event, `now`, hashes of policy
// and calendars) and all that was decided (events, reasons, keys of the effects). Format version 1.
struct DecisionRecord {
  std::string person;
  Event event;
  Instant now;
  std::string policy, calendar;          // content hashes
  std::vector<std::string> events;
  std::vector<Reason> reasons;
  std::vector<std::string> effects;      // "owner:...", "notice:...", "task:...", "push"
};

// `now` as decide was given it. Where the decision changed something, its clamped value is logged.
DecisionRecord make_record(const Event& event, const Decision& decision, const Policy& policy, Instant now);

// What names the person stands in the member "sealed" of "event" (see event_codec.h); a log may
// replace that member by ciphertext. A record read back while it is sealed has no touches.
boost::json::object to_json(const DecisionRecord& record);
Result<DecisionRecord> decision_record_from_json(const boost::json::value& json);

// The key of an effect as records name it.
std::string effect_key(const Effect& effect);

}  // namespace baton
