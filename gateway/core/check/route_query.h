#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "gateway/core/calendar/calendar.h"
#include "gateway/core/routing/routing_policy.h"
#include "gateway/core/text/texts.h"
#include "mapping/result.h"

namespace baton {

// `baton route`: who would get a lead, and why, according to the policy alone. It assumes a fresh
// pool, because only a running gateway knows whose turn it is.
struct RouteQuestion {
  // "country=DE"; besides the fields of rules: at, score, excluded=a,b.
  std::vector<std::string> pairs;
  std::string verify;               // a rep who could get it, or the pool; "": nothing to verify
  Instant now;                      // the default of `at`
  TextsPtr texts = texts_in("en");  // of the reasons
};

struct RouteAnswer {
  boost::json::object json;
  std::string text;      // for humans; ends with a line break
  bool verified = true;  // false: exit code 1
};

// kInvalidInput if a fact cannot be parsed. The message names the nearest known key.
Result<RouteAnswer> answer_route(const RoutingPolicy& policy, const CalendarSet& calendars,
                                 const RouteQuestion& question);

}  // namespace baton
