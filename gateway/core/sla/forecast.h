#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/core/calendar/calendar.h"
#include "gateway/core/pool/eligibility.h"
#include "mapping/instant.h"

namespace baton {

// Which promises of a pool will break if nothing happens (domain N18): its leads that wait for a
// contact, the earliest due first, against the time its reps have on duty. Pure, integers only.

// `forecast:` of policy/sla.yaml.
struct ForecastPolicy {
  Duration handling = minutes(20);  // what one contact takes a rep, until enough have been seen
  Duration horizon = hours(4);  // how far it looks ahead, in business time of the file's calendar
  int warn = 0;                 // the team lead hears of so many breaches or more; 0: never
};

struct ForecastLead {
  std::string lead, clock;
  Instant due;
  std::optional<Instant>
      expected;  // of those that will be late: when their turn is over; nothing: never
};

// When somebody works: business time, less the stretches he is away, which are in order and apart.
struct ForecastRep {
  const BusinessCalendar* calendar = nullptr;  // null: always
  std::vector<std::pair<Instant, Instant>> away;
};

struct ForecastPool {
  std::vector<ForecastLead> queue;
  std::vector<ForecastRep> reps;
  Duration handling = minutes(20);
};

struct Forecast {
  int open = 0;  // leads that wait
  std::vector<ForecastLead>
      late;  // due until the end of the forecast and not contacted by then, earliest due first
};

// Each lead takes the next free `handling` of any rep. More reps, or less to do for each lead,
// never make more of them late.
Forecast forecast(const ForecastPool& pool, Instant now, Instant until);

// The instant at which so much of the rep's time has passed; nothing where that is never.
std::optional<Instant> on_duty(const ForecastRep& rep, Instant start, Duration work);

// The members of a pool who work there at all, with their absences.
std::vector<ForecastRep> reps_of(const RepContext& context, const Pool& pool);

// The middle of what was seen, where that is enough to go by.
Duration usual_handling(std::vector<Duration> seen, Duration otherwise);

}  // namespace baton
