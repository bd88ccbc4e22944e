#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "gateway/core/calendar/calendar.h"
#include "gateway/core/routing/routing_policy.h"
#include "gateway/core/text/texts.h"
#include "mapping/result.h"

namespace baton {

// `baton route`: who would get a lead, and why, by the policy alone. Turns are those of a fresh
// pool: whose turn it is right now only a running gateway knows.
struct RouteQuestion {
  std::vector<std::string>
      pairs;           // "country=DE"; besides the fields of rules: at, score, excluded=a,b
  std::string verify;  // a rep who could get it, or the pool; "": nothing to verify
  Instant now;         // where `at` is not given
  TextsPtr texts = texts_in("en");  // in which the reasons are written
};

struct RouteAnswer {
  boost::json::object json;
  std::string text;      // for humans, ends with a line break
  bool verified = true;  // false: exit code 1
};

// kInvalidInput where a pair cannot be read; the message names the nearest known key.
Result<RouteAnswer> answer_route(const RoutingPolicy& policy, const CalendarSet& calendars,
                                 const RouteQuestion& question);

}  // namespace baton
