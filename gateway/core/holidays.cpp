#include "gateway/core/holidays.h"

#include <algorithm>
#include <mutex>

#include <fmt/format.h>

#include "gateway/core/holiday_rule.h"
#include "gateway/core/zone.h"
#include "mapping/embedded.h"
#include "mapping/json.h"
#include "mapping/schema.h"
#include "mapping/yaml.h"

namespace baton {
namespace {

struct HolidayRules {
  std::map<std::string, std::string, std::less<>> parents;  // region -> parent or ""
  std::vector<HolidayRule> rules;
};

HolidayRule read_rule(const json::object& o) {
  HolidayRule rule;
  rule.name = text(o, "name");
  rule.from = static_cast<int>(integer(o, "from", 0));
  rule.until = static_cast<int>(integer(o, "until", 9999));
  if (const auto* regions = array(o, "regions")) {
    for (const auto& r : *regions) rule.regions.emplace_back(r.as_string());
  }
  parse_holiday_day(text(o, "on"), rule);
  return rule;
}

HolidayRules read_rules() {
  constexpr std::string_view kPath = "gateway/core/data/holidays.yaml";
  HolidayRules out;
  for (const EmbeddedFile& file : embedded_core()) {
    if (file.path != kPath) continue;
    Findings findings;
    const YamlDocument yaml = parse_yaml(file.content, std::string(kPath), findings);
    if (!yaml.value.is_object()) continue;
    const auto& root = yaml.value.get_object();
    for (const auto& r : *array(root, "regions")) {
      out.parents.emplace(text(r.as_object(), "code"), text(r.as_object(), "parent"));
    }
    for (const auto& r : *array(root, "rules")) out.rules.push_back(read_rule(r.as_object()));
  }
  return out;
}

const HolidayRules& rules() {
  static const HolidayRules kRules = read_rules();
  return kRules;
}

// The region and those it lies in: {"DE-BY-AUGSBURG", "DE-BY", "DE"}.
std::vector<std::string> lineage(std::string_view region) {
  std::vector<std::string> all;
  for (std::string at(region); !at.empty(); at = rules().parents.find(at)->second)
    all.push_back(at);
  return all;
}

bool holds_in(const HolidayRule& rule, const std::vector<std::string>& regions) {
  return std::any_of(rule.regions.begin(), rule.regions.end(), [&](const std::string& r) {
    return std::find(regions.begin(), regions.end(), r) != regions.end();
  });
}

Error unknown_region(std::string_view region) {
  const std::string near = did_you_mean(region, holiday_regions());
  return error(Errc::kInvalidInput,
               fmt::format("unknown holiday region \"{}\"; {}", region,
                           near.empty() ? "known are DE, DE-BY, DE-BY-AUGSBURG and the like"
                                        : fmt::format("did you mean \"{}\"?", near)),
               "/holidays");
}

std::vector<Holiday> days_of(const std::vector<const HolidayRule*>& held, int year) {
  std::vector<Holiday> days;
  for (const HolidayRule* rule : held) {
    if (const auto day = rule->in(year)) days.push_back({*day, rule->name});
  }
  std::stable_sort(days.begin(), days.end(),
                   [](const auto& a, const auto& b) { return a.day < b.day; });
  const auto same = [](const Holiday& a, const Holiday& b) {
    return a.day == b.day && a.name == b.name;
  };
  days.erase(std::unique(days.begin(), days.end(), same), days.end());
  return days;
}

std::vector<const HolidayRule*> rules_of(std::string_view region) {
  const auto regions = lineage(region);
  std::vector<const HolidayRule*> held;
  for (const HolidayRule& rule : rules().rules) {
    if (holds_in(rule, regions)) held.push_back(&rule);
  }
  return held;
}

}  // namespace

Result<std::vector<Holiday>> holidays(std::string_view region, int year) {
  if (!rules().parents.contains(region)) return unknown_region(region);
  if (year < kZoneFirstYear || year >= kZoneEndYear) {
    return error(Errc::kInvalidInput, fmt::format("no holidays are known for the year {}", year));
  }
  return days_of(rules_of(region), year);
}

std::vector<std::string> holiday_regions() {
  std::vector<std::string> codes;
  for (const auto& [code, parent] : rules().parents) codes.push_back(code);
  return codes;
}

Result<std::shared_ptr<const std::vector<Holiday>>> region_holidays(std::string_view region) {
  static std::mutex mutex;
  static std::map<std::string, std::shared_ptr<const std::vector<Holiday>>, std::less<>> kept;
  if (!region.empty() && !rules().parents.contains(region)) return unknown_region(region);
  const std::lock_guard lock(mutex);
  auto& days = kept[std::string(region)];
  if (days == nullptr) {
    auto all = std::make_shared<std::vector<Holiday>>();
    const auto held = region.empty() ? std::vector<const HolidayRule*>{} : rules_of(region);
    for (int year = kZoneFirstYear; year < kZoneEndYear; ++year) {
      const auto more = days_of(held, year);
      all->insert(all->end(), more.begin(), more.end());
    }
    days = std::move(all);
  }
  return days;
}

}  // namespace baton
