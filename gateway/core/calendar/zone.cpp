#include "gateway/core/calendar/zone.h"

#include <date/tz.h>

#include <algorithm>
#include <exception>
#include <fstream>
#include <map>
#include <mutex>

#include <fmt/format.h>

#include "gateway/core/calendar/zone_rule.h"
#include "mapping/json/json.h"
#include "mapping/schema/schema.h"

namespace baton {
namespace {

using SysSeconds = date::sys_seconds;

SysSeconds at(std::int64_t s) { return SysSeconds{std::chrono::seconds{s}}; }

std::vector<ZoneStretch> table_of(const date::time_zone& zone) {
  std::vector<ZoneStretch> table;
  std::int64_t from = kZoneBegin;
  while (from < kZoneEnd) {
    const date::sys_info info = zone.get_info(at(from));
    const std::int64_t offset = info.offset.count();
    if (table.empty() || table.back().offset_s != offset) table.push_back({from, offset});
    from = info.end.time_since_epoch().count();
  }
  return table;
}

// The last line of a TZif file (RFC 8536, 3.3) is the rule after its last transition. The library
// ignores it, so its tables end in 2037, or earlier if the files are slim.
std::string footer_rule(const std::string& name) {
  std::ifstream in("/usr/share/zoneinfo/" + name, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (bytes.size() < 2 || bytes.back() != '\n') return {};
  const auto before = bytes.rfind('\n', bytes.size() - 2);
  return before == std::string::npos ? "" : bytes.substr(before + 1, bytes.size() - before - 2);
}

void extend(std::vector<ZoneStretch>& table, const std::string& name) {
  const auto rule = ZoneRule::parse(footer_rule(name));
  if (!rule || !rule->has_daylight()) return;
  const std::int64_t last = table.back().begin_s;
  for (int year = kZoneFirstYear; year < kZoneEndYear; ++year) {
    for (const ZoneStretch& change : rule->changes(year)) {
      const bool later = change.begin_s > last && change.begin_s < kZoneEnd;
      if (later && change.offset_s != table.back().offset_s) table.push_back(change);
    }
  }
}

std::string zone_hash_of(const std::vector<ZoneStretch>& table) {
  std::string text;
  for (const ZoneStretch& s : table) text += fmt::format("{}:{};", s.begin_s, s.offset_s);
  return sha256_hex(text);
}

std::shared_ptr<const Zone> make_zone(std::string name, std::vector<ZoneStretch> table) {
  auto zone = std::make_shared<Zone>();
  zone->name = std::move(name);
  zone->hash = zone_hash_of(table);
  zone->stretches = std::move(table);
  return zone;
}

Error unknown_zone(std::string_view name) {
  std::vector<std::string> known;
  try {
    for (const auto& zone : date::get_tzdb().zones) known.push_back(zone.name());
  } catch (const std::exception&) {
    return error(Errc::kInvalidInput, "no time zone database on this system; install tzdata");
  }
  std::string message = fmt::format("unknown time zone \"{}\"", name);
  const std::string near = did_you_mean(name, known);
  message += near.empty() ? "; use an IANA name such as \"Europe/Berlin\""
                          : fmt::format("; did you mean \"{}\"?", near);
  return error(Errc::kInvalidInput, message, "/zone");
}

Result<std::shared_ptr<const Zone>> load(std::string_view name) {
  if (name == "UTC") return make_zone("UTC", {{kZoneBegin, 0}});
  try {
    auto table = table_of(*date::locate_zone(name));
    extend(table, std::string(name));
    return make_zone(std::string(name), std::move(table));
  } catch (const std::exception&) {
    return unknown_zone(name);
  }
}

}  // namespace

Duration Zone::offset_at(Instant at) const {
  const std::int64_t utc_s = at.ms / 1000 - (at.ms % 1000 < 0 ? 1 : 0);
  const auto after = std::upper_bound(
      stretches.begin(), stretches.end(), utc_s,
      [](std::int64_t s, const ZoneStretch& stretch) { return s < stretch.begin_s; });
  return after == stretches.begin() ? Duration{} : seconds(std::prev(after)->offset_s);
}

Result<std::shared_ptr<const Zone>> find_zone(std::string_view name) {
  static std::mutex mutex;
  static std::map<std::string, std::shared_ptr<const Zone>, std::less<>> kept;
  const std::lock_guard lock(mutex);
  if (const auto found = kept.find(name); found != kept.end()) return found->second;
  auto zone = load(name);
  if (zone) kept.emplace(name, *zone);
  return zone;
}

}  // namespace baton
