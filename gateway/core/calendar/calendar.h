#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/instant.h"
#include "mapping/result.h"

namespace baton {

// Business time: windows in a named zone, minus holidays. Instants are UTC. Windows are local and
// half-open [open, close), up to 24:00. Business time is the elapsed seconds inside them, so a
// window across the spring gap is an hour shorter.

class HolidayTable;  // gateway/core/calendar/holidays.h

struct LocalWindow {
  int open_s = 0;   // seconds of the local day, 0..86400
  int close_s = 0;  // greater than open_s
};

class BusinessCalendar {
 public:
  struct Spec {
    std::string name;
    std::string zone;                     // IANA: "Europe/Berlin"
    std::vector<LocalWindow> windows[7];  // Monday first, sorted, not overlapping
    std::string region;                   // "", "DE", "DE-BY", "DE-BY-AUGSBURG"
    std::set<std::int32_t> closed_days;   // local days since 1970-01-01: company holidays
    // Days with special hours. They override weekday, holidays and closed days.
    std::map<std::int32_t, std::vector<LocalWindow>> dated;
    std::shared_ptr<const HolidayTable> table;  // the regions; null: the built-in table
  };
  // Returns an error for an unknown zone or region, overlapping windows, and a calendar that is
  // never open.
  static Result<BusinessCalendar> make(Spec spec);
  // Open at every second, in UTC: for budgets in wall time.
  static const BusinessCalendar& always();

  // Copies share the immutable data.
  BusinessCalendar(const BusinessCalendar&);
  BusinessCalendar& operator=(const BusinessCalendar&);
  BusinessCalendar(BusinessCalendar&&) noexcept;
  BusinessCalendar& operator=(BusinessCalendar&&) noexcept;
  ~BusinessCalendar();

  const Spec& spec() const;
  // The instant at which `budget` of open time has passed since `start`. A budget of zero is due at
  // the first open instant at or after `start`. Empty if that is more than ten years away.
  std::optional<Instant> add(Instant start, Duration budget) const;
  // Open time in [from, to); zero if to <= from.
  Duration between(Instant from, Instant to) const;
  bool is_open(Instant at) const;
  std::optional<Instant> next_open(Instant at) const;  // `at` itself if open
  // Why time does not count at this instant: "holiday:<name>", "closed" or "outside_hours"; "" if
  // the calendar is open.
  std::string why_closed(Instant at) const;
  // Hash of everything an answer depends on: windows, zone data version, holiday rules.
  const std::string& hash() const;

 private:
  struct Impl;
  explicit BusinessCalendar(std::shared_ptr<const Impl> impl);
  std::shared_ptr<const Impl> impl_;
};

// The calendars of policy/calendars.yaml by name.
struct CalendarSet {
  std::map<std::string, BusinessCalendar, std::less<>> calendars;
  std::string hash;
  const BusinessCalendar* find(std::string_view name) const;  // "always" is built in
};

}  // namespace baton
