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

// A public holiday in one local year.
struct Holiday {
  std::int32_t day = 0;  // days since 1970-01-01
  std::string name;      // German name, as in the law
};

// The regions and the dated rules of their holidays: the built-in ones (data/holidays*.yaml), and
// those that `holidays` of policy/calendars.yaml adds in the same form. Immutable, shared,
// thread-safe.
class HolidayTable {
 public:
  static const std::shared_ptr<const HolidayTable>& built_in();
  // The built-in table plus the section at `pointer`. Reports errors, such as a rule for an unknown
  // region, as findings (calendar.bad_holidays).
  static std::shared_ptr<const HolidayTable> with(const YamlDocument& yaml,
                                                  const boost::json::object& own,
                                                  const std::string& pointer, Findings& findings);

  // The holidays of a region over all years of a calendar, by day; computed once, then shared. ""
  // has none. An unknown region is an error that names the nearest known one.
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

// The days of a rule over all years of a calendar, ascending.
std::vector<std::int32_t> days_of(const HolidayRule& rule);

// Public holidays of a region in a local year, by dated rules (data/holidays*.yaml). Regions are
// ISO 3166-2 codes of Germany, Austria and Switzerland, and municipalities such as DE-BY-AUGSBURG.
Result<std::vector<Holiday>> holidays(std::string_view region, int year);
std::vector<std::string> holiday_regions();

}  // namespace baton
