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

// Marketing's promises by week or month (requirements N6, G23): a number of MQLs, and the share of
// them that sales accepts. Like a clock, a promise starts with its period, warns at shares of the
// period's working time if the pace is too low, and is met or missed at the end. The log of
// decisions up to each of these instants decides. Pure.

enum class PeriodMeasure : std::uint8_t {
  kVolume,   // number of MQLs
  kQuality,  // percent of the decided handovers that were accepted
};
std::string_view to_string(PeriodMeasure measure);

enum class PeriodLength : std::uint8_t { kWeek, kMonth };

// One of `periods:` in policy/sla.yaml.
struct PeriodDefinition {
  std::string id;
  PeriodMeasure measure = PeriodMeasure::kVolume;
  PeriodLength every = PeriodLength::kMonth;
  int target = 0;  // MQLs, or percent
  int least = 10;  // quality: handovers that must be decided before it is judged
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
  int percent = 0;  // percent of the working time; 100: the end
  Instant at;
};
// The instants at which the promise is judged, ascending.
std::vector<PeriodCheck> period_checks(const PeriodDefinition& period,
                                       const BusinessCalendar& calendar,
                                       const PeriodWindow& window);

struct PeriodCounts {
  std::int64_t mqls = 0, accepted = 0, rejected = 0;
};

enum class PeriodState : std::uint8_t { kOnPace, kShort, kMet, kMissed, kTooFew };
std::string_view to_string(PeriodState state);

struct PeriodStanding {
  PeriodState state = PeriodState::kOnPace;
  std::int64_t value = 0;     // MQLs, or percent
  std::int64_t expected = 0;  // expected by then
};
// Judges by the counts at the given share of the period's working time.
PeriodStanding judge_period(const PeriodDefinition& period, const PeriodCounts& counts,
                            int percent);
// The percentage of the period's working time that is over.
int period_percent(const BusinessCalendar& calendar, const PeriodWindow& window, Instant at);

}  // namespace baton
