#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "gateway/core/calendar/calendar.h"
#include "gateway/core/calendar/holiday_rule.h"
#include "mapping/schema/yaml.h"

namespace baton {

// Regions and the dated rules of their holidays: those built in (data/holidays*.yaml), and on top
// of them what `holidays` of policy/calendars.yaml adds, in the same form. Immutable, shared,
// thread-safe.
class HolidayTable {
 public:
  static const std::shared_ptr<const HolidayTable>& built_in();
  // The built-in table with the section at `pointer` added. Faults, such as a rule for a region
  // that is not there, are findings (calendar.bad_holidays).
  static std::shared_ptr<const HolidayTable> with(const YamlDocument& yaml,
                                                  const boost::json::object& own,
                                                  const std::string& pointer, Findings& findings);

  // The holidays of a region over all years a calendar covers, by day; read once, then shared. ""
  // has none; an unknown region is refused with the nearest known one.
  Result<std::shared_ptr<const std::vector<Holiday>>> days(std::string_view region) const;
  std::vector<std::string> regions() const;  // sorted

 private:
  friend class HolidayReader;
  bool has(std::string_view region) const { return parents_.contains(region); }

  std::map<std::string, std::string, std::less<>> parents_;  // region -> parent or ""
  std::vector<HolidayRule> rules_;
  struct Kept;
  std::shared_ptr<Kept> kept_;
};

// The days of a rule over all years a calendar covers, ascending.
std::vector<std::int32_t> days_of(const HolidayRule& rule);

}  // namespace baton
