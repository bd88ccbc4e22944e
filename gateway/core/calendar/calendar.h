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
#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// Business time: windows in a named zone, minus holidays. Instants are kept in UTC; windows are
// local and half-open [open, close), 24:00 is allowed; what is counted is elapsed seconds inside
// them, so a window over the spring gap is an hour shorter (domain 3.1.2, vectors V1 to V14).

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
    // Days with hours of their own, whatever the weekday, a holiday or a closed day says.
    std::map<std::int32_t, std::vector<LocalWindow>> dated;
    std::shared_ptr<const HolidayTable> table;  // the regions; null: those built in
  };
  // Refuses an unknown zone or region, overlapping windows, and calendars that are never open.
  static Result<BusinessCalendar> make(Spec spec);
  // Open at every second, in UTC: for budgets in wall time.
  static const BusinessCalendar& always();

  // Copies share what never changes.
  BusinessCalendar(const BusinessCalendar&);
  BusinessCalendar& operator=(const BusinessCalendar&);
  BusinessCalendar(BusinessCalendar&&) noexcept;
  BusinessCalendar& operator=(BusinessCalendar&&) noexcept;
  ~BusinessCalendar();

  const Spec& spec() const;
  // The instant at which `budget` of open time has passed since start. A budget of zero is due at
  // the first open instant at or after start. Nothing within ten years: no value.
  std::optional<Instant> add(Instant start, Duration budget) const;
  // Open time in [from, to); zero where to <= from.
  Duration between(Instant from, Instant to) const;
  bool is_open(Instant at) const;
  std::optional<Instant> next_open(Instant at) const;  // `at` itself where open
  // Why a moment does not count: "holiday:<name>", "closed", "outside_hours", or "" where open.
  std::string why_closed(Instant at) const;
  // Hash of everything an answer depends on: windows, zone data version, holiday rules.
  const std::string& hash() const;

 private:
  struct Impl;
  explicit BusinessCalendar(std::shared_ptr<const Impl> impl);
  std::shared_ptr<const Impl> impl_;
};

// Public holidays of a region in a local year, by dated rules with validity (data/holidays*.yaml):
// ISO 3166-2 codes of Germany, Austria and Switzerland, and municipal days such as DE-BY-AUGSBURG.
struct Holiday {
  std::int32_t day = 0;  // days since 1970-01-01
  std::string name;      // German name, as the law says
};
Result<std::vector<Holiday>> holidays(std::string_view region, int year);
std::vector<std::string> holiday_regions();

// The calendars of policy/calendars.yaml by name.
struct CalendarSet {
  std::map<std::string, BusinessCalendar, std::less<>> calendars;
  std::string hash;
  const BusinessCalendar* find(std::string_view name) const;  // "always" is built in
};
CalendarSet load_calendars(const YamlDocument& yaml, Findings& findings);

}  // namespace baton
