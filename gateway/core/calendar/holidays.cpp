#include "gateway/core/calendar/holidays.h"

#include <algorithm>
#include <mutex>
#include <set>

#include <fmt/format.h>

#include "gateway/core/calendar/zone.h"
#include "mapping/json/json.h"
#include "mapping/schema/embedded.h"
#include "mapping/schema/schema.h"

namespace baton {
namespace {

constexpr std::string_view kFolder = "gateway/core/calendar/data/holidays";

// The region and those that contain it: {"DE-BY-AUGSBURG", "DE-BY", "DE"}.
std::set<std::string> lineage(const std::map<std::string, std::string, std::less<>>& parents,
                              std::string_view region) {
  std::set<std::string> all;
  for (std::string at(region); !at.empty() && all.insert(at).second;) {
    const auto found = parents.find(at);
    at = found == parents.end() ? std::string() : found->second;
  }
  return all;
}

bool holds_in(const HolidayRule& rule, const std::set<std::string>& regions) {
  return std::any_of(rule.regions.begin(), rule.regions.end(),
                     [&](const auto& r) { return regions.contains(r); });
}

}  // namespace

struct HolidayTable::Kept {
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<const std::vector<Holiday>>, std::less<>> days;
};

// Reads regions and rules into a table and reports errors in them.
class HolidayReader {
 public:
  HolidayReader(const YamlDocument& yaml, HolidayTable& table, Findings& findings)
      : yaml_(yaml), table_(table), findings_(findings) {}

  void read(const json::object& section, const std::string& pointer) {
    if (const auto* regions = array(section, "regions")) {
      for (std::size_t i = 0; i < regions->size(); ++i)
        read_region((*regions)[i], fmt::format("{}/regions/{}", pointer, i));
    }
    if (const auto* rules = array(section, "rules")) {
      for (std::size_t i = 0; i < rules->size(); ++i)
        read_rule((*rules)[i], fmt::format("{}/rules/{}", pointer, i));
    }
  }

 private:
  void say(const std::string& pointer, std::string message) {
    findings_.push_back(yaml_.finding(pointer, std::move(message), "calendar.bad_holidays"));
  }

  void check_region(const std::string& code, const std::string& pointer) {
    if (table_.has(code)) return;
    const auto near = did_you_mean(code, table_.regions());
    say(pointer, fmt::format("there is no region \"{}\"{}", code,
                             near.empty() ? "; add it under regions"
                                          : fmt::format("; did you mean \"{}\"?", near)));
  }

  void read_region(const json::value& value, const std::string& pointer) {
    const auto* o = value.if_object();
    if (o == nullptr) return;
    const std::string code(text(*o, "code")), parent(text(*o, "parent"));
    if (!parent.empty()) check_region(parent, pointer + "/parent");
    if (!table_.parents_.emplace(code, parent).second)
      say(pointer + "/code",
          fmt::format("the region \"{}\" is already defined; use a different code", code));
  }

  void read_rule(const json::value& value, const std::string& pointer) {
    const auto* o = value.if_object();
    if (o == nullptr) return;
    HolidayRule rule;
    rule.name = text(*o, "name");
    if (!parse_holiday_day(text(*o, "on"), rule)) {
      return say(pointer + "/on",
                 "not a day; write \"10-31\", \"2026-10-31\", easter+60, \"wed before 11-23\" or "
                 "\"1st sun of 09 +4\"");
    }
    rule.from = static_cast<int>(std::max<std::int64_t>(rule.from, integer(*o, "from", rule.from)));
    rule.until =
        static_cast<int>(std::min<std::int64_t>(rule.until, integer(*o, "until", rule.until)));
    if (rule.from > rule.until) say(pointer, "the rule ends before it begins");
    read_condition(member(*o, "only_on"), pointer + "/only_on", true, rule);
    read_condition(member(*o, "not_on"), pointer + "/not_on", false, rule);
    if (const auto* regions = array(*o, "regions")) {
      for (std::size_t i = 0; i < regions->size(); ++i) {
        if (!(*regions)[i].is_string()) continue;
        rule.regions.emplace_back((*regions)[i].get_string());
        check_region(rule.regions.back(), fmt::format("{}/regions/{}", pointer, i));
      }
    }
    table_.rules_.push_back(std::move(rule));
  }

  // Reads a list of weekdays, or a day after Easter.
  void read_condition(const json::value* value, const std::string& pointer, bool only,
                      HolidayRule& rule) {
    if (value == nullptr) return;
    if (const auto* s = value->if_string()) {
      const auto easter = parse_easter({s->data(), s->size()});
      if (!easter)
        return say(
            pointer,
            "not a day after Easter; write easter-3, or a list of weekdays such as [mon, tue]");
      (only ? rule.only_easter : rule.not_easter) = easter;
      return;
    }
    const auto* list = value->if_array();
    if (list == nullptr) return;
    std::bitset<7> days;
    for (const auto& name : *list) {
      const auto weekday = name.is_string()
                               ? parse_weekday({name.get_string().data(), name.get_string().size()})
                               : std::nullopt;
      if (!weekday) return say(pointer, "weekdays are mon, tue, wed, thu, fri, sat, sun");
      days.set(*weekday);
    }
    rule.weekdays &= only ? days : ~days;
  }

  const YamlDocument& yaml_;
  HolidayTable& table_;
  Findings& findings_;
};

const std::shared_ptr<const HolidayTable>& HolidayTable::built_in() {
  static const std::shared_ptr<const HolidayTable> kTable = [] {
    auto table = std::make_shared<HolidayTable>();
    table->kept_ = std::make_shared<Kept>();
    Findings findings;  // a test proves that there are no findings
    for (const EmbeddedFile& file : embedded_core()) {
      if (!file.path.starts_with(kFolder)) continue;
      const YamlDocument yaml = parse_yaml(file.content, std::string(file.path), findings);
      if (yaml.value.is_object())
        HolidayReader(yaml, *table, findings).read(yaml.value.get_object(), "");
    }
    return table;
  }();
  return kTable;
}

std::shared_ptr<const HolidayTable> HolidayTable::with(const YamlDocument& yaml,
                                                       const json::object& own,
                                                       const std::string& pointer,
                                                       Findings& findings) {
  auto table = std::make_shared<HolidayTable>(*built_in());
  table->kept_ = std::make_shared<Kept>();
  HolidayReader(yaml, *table, findings).read(own, pointer);
  return table;
}

std::vector<std::string> HolidayTable::regions() const {
  std::vector<std::string> codes;
  for (const auto& [code, parent] : parents_) codes.push_back(code);
  return codes;
}

std::vector<std::int32_t> days_of(const HolidayRule& rule) {
  std::vector<std::int32_t> days;
  for (int year = kZoneFirstYear; year < kZoneEndYear; ++year) {
    if (const auto day = rule.in(year)) days.push_back(*day);
  }
  return days;
}

Result<std::shared_ptr<const std::vector<Holiday>>> HolidayTable::days(
    std::string_view region) const {
  if (!region.empty() && !has(region)) {
    const std::string near = did_you_mean(region, regions());
    return error(
        Errc::kInvalidInput,
        fmt::format("unknown holiday region \"{}\"; {}", region,
                    near.empty()
                        ? "known regions are DE, DE-BY, DE-BY-AUGSBURG, AT, CH-ZH and others"
                        : fmt::format("did you mean \"{}\"?", near)),
        "/holidays");
  }
  const std::lock_guard lock(kept_->mutex);
  auto& known = kept_->days[std::string(region)];
  if (known != nullptr) return known;
  auto all = std::make_shared<std::vector<Holiday>>();
  const auto regions = lineage(parents_, region);
  for (const HolidayRule& rule : rules_) {
    if (!holds_in(rule, regions)) continue;
    for (const auto day : days_of(rule)) all->push_back({day, rule.name});
  }
  std::stable_sort(all->begin(), all->end(),
                   [](const auto& a, const auto& b) { return a.day < b.day; });
  const auto same = [](const Holiday& a, const Holiday& b) {
    return a.day == b.day && a.name == b.name;
  };
  all->erase(std::unique(all->begin(), all->end(), same), all->end());
  known = std::move(all);
  return known;
}

Result<std::vector<Holiday>> holidays(std::string_view region, int year) {
  auto all = HolidayTable::built_in()->days(region);
  if (!all) return all.error();
  if (year < kZoneFirstYear || year >= kZoneEndYear)
    return error(Errc::kInvalidInput, fmt::format("no holidays are known for the year {}", year));
  const auto first_of = [](int y) { return HolidayRule{.month = 1, .day = 1}.in(y).value_or(0); };
  std::vector<Holiday> days;
  for (const auto& holiday : **all) {
    if (holiday.day >= first_of(year) && holiday.day < first_of(year + 1)) days.push_back(holiday);
  }
  return days;
}

std::vector<std::string> holiday_regions() { return HolidayTable::built_in()->regions(); }

}  // namespace baton
