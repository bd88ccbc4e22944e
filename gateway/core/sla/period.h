#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/calendar/calendar.h"
#include "gateway/core/text/label.h"
#include "mapping/instant.h"

namespace baton {

// What marketing promises by the week or month (domain N6, G23): so many MQLs, so large a share of
// them taken by sales. A promise of a team over a period has a clock's shape: it starts with the
// period, warns at shares of its working time where the pace is short, and is kept or broken at the
// end. It is judged by the log of decisions as of each of these instants. Pure.

enum class PeriodMeasure : std::uint8_t {
  kVolume,   // MQLs
  kQuality,  // of the handovers that were decided, how many of a hundred were accepted
};
std::string_view to_string(PeriodMeasure measure);

enum class PeriodLength : std::uint8_t { kWeek, kMonth };

// One of `periods:` in policy/sla.yaml.
struct PeriodDefinition {
  std::string id;
  PeriodMeasure measure = PeriodMeasure::kVolume;
  PeriodLength every = PeriodLength::kMonth;
  int target = 0;  // MQLs, or percent
  int least = 10;  // quality: so many have to be decided before it is judged
  std::string calendar;
  std::vector<int> warnings;    // percent of the period's working time, ascending
  std::vector<std::string> to;  // "marketing" or ids of reps
  Label label;
};

// A local week from Monday, or a local month: [from, to).
struct PeriodWindow {
  Instant from, to;
};
PeriodWindow period_at(const PeriodDefinition& period, const BusinessCalendar& calendar,
                       Instant at);

struct PeriodCheck {
  int percent = 0;  // 100: the end
  Instant at;
};
// When it is judged, in order.
std::vector<PeriodCheck> period_checks(const PeriodDefinition& period,
                                       const BusinessCalendar& calendar,
                                       const PeriodWindow& window);

struct PeriodCounts {
  std::int64_t mqls = 0, accepted = 0, rejected = 0;
};

enum class PeriodState : std::uint8_t { kOnPace, kShort, kKept, kBroken, kTooFew };
std::string_view to_string(PeriodState state);

struct PeriodStanding {
  PeriodState state = PeriodState::kOnPace;
  std::int64_t value = 0;     // MQLs, or percent
  std::int64_t expected = 0;  // by then
};
// By what had been counted when so much of the period's working time was over.
PeriodStanding judge_period(const PeriodDefinition& period, const PeriodCounts& counts,
                            int percent);
// How much of its working time is over.
int period_percent(const BusinessCalendar& calendar, const PeriodWindow& window, Instant at);

}  // namespace baton
