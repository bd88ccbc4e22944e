#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/core/calendar/calendar.h"
#include "gateway/core/pool/eligibility.h"
#include "mapping/instant.h"

namespace baton {

// Forecasts the breaches of a pool (requirement N18): its leads that wait for a contact, the
// earliest due first, against the time its reps are on duty. Pure; integers only.

// `forecast:` of policy/sla.yaml.
struct ForecastPolicy {
  Duration handling = minutes(20);  // time one contact takes a rep, until enough have been measured
  Duration horizon = hours(4);  // how far it looks ahead, in business time of the file's calendar
  int warn = 0;                 // notifies the team lead at this many breaches; 0: never
};

struct ForecastLead {
  LeadId lead;
  std::string clock;  // its definition
  Instant due;
  // Of leads that will be late: when their turn ends; empty: never.
  std::optional<Instant> expected;
};

// When a rep works: business time minus their absences, which are sorted and disjoint.
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
  // Due before the end of the forecast and not contacted by then, earliest due first.
  std::vector<ForecastLead> late;
};

// Each lead takes the next free `handling` of any rep. More reps, or a shorter handling, never make
// more leads late.
Forecast forecast(const ForecastPool& pool, Instant now, Instant until);

// The instant at which the rep has worked this long. Empty if they never will.
std::optional<Instant> on_duty(const ForecastRep& rep, Instant start, Duration work);

// The members of a pool who are employed at `now`, with their absences.
std::vector<ForecastRep> reps_of(const RepContext& context, const Pool& pool);

// The median of the measured times, or `otherwise` if too few were measured.
Duration usual_handling(std::vector<Duration> seen, Duration otherwise);

}  // namespace baton
