#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "gateway/core/calendar/calendar.h"
#include "gateway/core/calendar/zone.h"

namespace baton {

// The arithmetic of a calendar. Open time is a monotonic function of time. Every question is a
// look-up in this function or its inverse: how much was open before an instant, and when is an
// amount reached. Two tables make both a binary search over any span: open seconds before each
// local day, and open time before each stretch of equal offset. An instant counts if its local time
// is in a window. So a window that begins in the spring gap begins at the change, and both passes
// of a repeated autumn hour count.
class CalendarTable {
 public:
  CalendarTable() = default;
  // `closed`: local days without windows, ascending. `dated`: windows of single days, none of which
  // is closed.
  using Dated = std::map<std::int32_t, std::vector<LocalWindow>>;
  CalendarTable(std::span<const std::vector<LocalWindow>, 7> windows,
                std::span<const std::int32_t> closed, Dated dated, const Zone& zone);

  // Open time from the beginning of the table (2000) to `at`.
  Duration open_before(Instant at) const;
  // The first instant at which this much is reached, and the last: the next open moment after it.
  // Empty beyond the end of the table.
  std::optional<Instant> reach(Duration open) const;
  std::optional<Instant> pass(Duration open) const;
  bool is_open(Instant at) const;
  std::int32_t local_day(Instant at) const;
  bool has_hours(std::int32_t day) const;  // whether the local day has any open time
  Duration total() const { return total_; }

 private:
  struct Stretch {
    std::int64_t begin_ms, offset_ms;
    std::int64_t open_ms;  // open time before begin
    std::int64_t shift;    // open time before t = nominal(t + offset) + shift
  };

  const Stretch& stretch_at(std::int64_t ms) const;
  void sum_days(std::span<const std::int32_t> closed);
  const std::vector<LocalWindow>& windows_on(std::int32_t day) const;
  std::int64_t nominal(std::int64_t local_ms) const;
  std::int64_t local_of(std::int64_t nominal_ms, bool pass) const;
  std::optional<Instant> find(std::int64_t open_ms, bool pass) const;
  std::span<const LocalWindow> windows_of(std::int32_t day) const;

  std::array<std::vector<LocalWindow>, 7> windows_;  // Monday first
  Dated dated_;
  std::vector<std::uint32_t> seconds_before_;  // open local seconds before each day of the table
  std::vector<Stretch> stretches_;
  Duration total_;
};

}  // namespace baton
