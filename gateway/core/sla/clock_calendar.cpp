#include "gateway/core/sla/clock_calendar.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "mapping/schema/yaml.h"

namespace baton {
namespace {

bool has(const std::vector<std::string>& list, std::string_view value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

const ClockPlace* place_of(const SlaPolicy& sla, const PersonState& person) {
  for (const auto& place : sla.places) {
    if (has(place.countries, person.profile.country) && has(place.regions, person.profile.region))
      return &place;
  }
  return nullptr;
}

std::string_view rep_calendar(const ClockWhere& where, const PersonState& person) {
  const auto* rep = person.lead ? where.routing.rep(person.lead->owner) : nullptr;
  return rep != nullptr ? where.routing.calendar_of(*rep) : std::string_view();
}

std::string_view team_calendar(const ClockWhere& where, const PersonState& person) {
  const auto* pool = person.lead ? where.routing.pool(person.lead->pool) : nullptr;
  const auto* team = pool != nullptr ? where.routing.team(pool->team) : nullptr;
  return team != nullptr ? std::string_view(team->calendar) : std::string_view();
}

std::string_view calendar_name(const ClockWhere& where, const ClockDefinition& definition,
                               const PersonState& person) {
  std::string_view found = definition.calendar;
  if (definition.calendar == "rep") found = rep_calendar(where, person);
  if (definition.calendar == "team") found = team_calendar(where, person);
  if (definition.calendar == "lead") {
    const auto* place = place_of(where.sla, person);
    found = place != nullptr ? std::string_view(place->calendar) : std::string_view();
  }
  return found.empty() ? std::string_view(where.sla.calendar) : found;
}

std::string_view zone_name(const ClockWhere& where, const ClockDefinition& definition,
                           const PersonState& person) {
  if (definition.zone == "rep") {
    const auto* calendar = where.calendars.find(rep_calendar(where, person));
    return calendar != nullptr ? std::string_view(calendar->spec().zone) : std::string_view();
  }
  if (definition.zone == "lead") {
    const auto* place = place_of(where.sla, person);
    return place != nullptr ? std::string_view(place->zone) : std::string_view();
  }
  return definition.zone;
}

// Adds the windows of every calendar in that zone.
bool add_zone(const std::string& zone, CalendarSet& calendars) {
  std::vector<std::pair<std::string, BusinessCalendar>> made;
  for (const auto& [name, calendar] : calendars.calendars) {
    const auto variant = name + "@" + zone;
    if (name.find('@') != std::string::npos || calendars.calendars.contains(variant)) continue;
    auto spec = calendar.spec();
    spec.zone = zone;
    auto moved = BusinessCalendar::make(std::move(spec));
    if (!moved) return false;
    made.emplace_back(variant, std::move(*moved));
  }
  for (auto& [name, calendar] : made) calendars.calendars.emplace(name, std::move(calendar));
  return true;
}

std::set<std::string> zones_of_reps(const RoutingPolicy& routing, const CalendarSet& calendars) {
  std::set<std::string> zones;
  for (const auto& rep : routing.reps) {
    if (const auto* calendar = calendars.find(routing.calendar_of(rep)))
      zones.insert(calendar->spec().zone);
  }
  return zones;
}

}  // namespace

std::string clock_calendar(const ClockWhere& where, const ClockDefinition& definition,
                           const PersonState& person) {
  std::string name(calendar_name(where, definition, person));
  const auto zone = zone_name(where, definition, person);
  if (zone.empty() || name == "always") return name;
  const auto* plain = where.calendars.find(name);
  if (plain == nullptr || plain->spec().zone == zone) return name;
  const auto moved = fmt::format("{}@{}", name, zone);
  return where.calendars.find(moved) != nullptr ? moved : name;
}

void add_clock_calendars(const SlaPolicy& sla, const RoutingPolicy& routing,
                         const YamlDocument& yaml, CalendarSet& calendars, Findings& findings) {
  const auto zone = [&](const std::string& name, const std::string& pointer) {
    if (name.empty() || add_zone(name, calendars)) return;
    findings.push_back(yaml.finding(
        pointer,
        fmt::format("there is no zone \"{}\"; zones have IANA names such as \"Europe/Berlin\"",
                    name),
        "policy.unknown_zone"));
  };
  for (std::size_t i = 0; i < sla.places.size(); ++i) {
    zone(sla.places[i].zone, fmt::format("/places/{}/zone", i));
  }
  for (const auto& clock : sla.clocks) {
    const auto at = "/clocks/" + pointer_segment(clock.id);
    if (clock.zone == "rep") {
      for (const auto& name : zones_of_reps(routing, calendars)) zone(name, at + "/zone");
    } else if (clock.zone != "lead") {
      zone(clock.zone, at + "/zone");
    }
  }
}

}  // namespace baton
