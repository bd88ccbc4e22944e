#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "mapping/finding.h"
#include "mapping/instant.h"
#include "mapping/yaml.h"

namespace baton {

// policy/routing.yaml, compiled: who sells, who is away, which pools share leads, and the ordered
// rules that choose a pool. Read-only once loaded; any thread may read it.

struct Rep {
  std::string id, name, email, phone, team;
  std::vector<std::string> languages;     // ISO 639-1; empty: any
  std::vector<std::string> countries;     // ISO 3166-1 alpha-2; empty: any
  std::vector<std::string> postal_codes;  // prefixes; empty: any
  std::vector<std::string> skills;
  std::string seniority;
  std::string calendar;                 // name in policy/calendars.yaml; "": the policy's default
  std::string message_language = "en";  // of offers and alerts to this rep
  bool active = true;
};

struct Team {
  std::string id, name;
  std::string lead, head;  // rep ids, or ""
  std::string calendar;    // of clocks that count by the team's; "": the agreement's
};

struct LocalDate {
  std::int32_t day = 0;  // days since 1970-01-01, in the rep's calendar zone
};
using AbsenceEnd = std::variant<Instant, LocalDate>;

// Away in [from, until) where instants are given, on both days and all between where dates are.
struct Absence {
  std::string rep;
  AbsenceEnd from, until;
};

enum class PoolMode : std::uint8_t { kCount, kScoreMass };
enum class WhenNobody : std::uint8_t { kHold, kRouteAnyway, kEscalate };

struct Caps {
  int day = 0, week = 0;  // leads in a local day, a local week from Monday; 0: none
};

struct PoolMember {
  std::string rep;
  int weight = 1;  // 1..1000, relative to the other members
  Caps caps;       // own, else the pool's
};

struct Pool {
  std::string id, name, team;
  std::vector<PoolMember> members;  // sorted by rep id: the order in the file decides nothing
  PoolMode mode = PoolMode::kCount;
  WhenNobody when_nobody = WhenNobody::kHold;
  std::string escalate_to;  // rep; "": lead, then head, of the pool's team
  bool respect_hours = true;
  int catch_up_turns = 2;                 // a returner gets at most so many turns over his weight
  bool owner_matches_count = false;       // whether a lead for its owner uses up a turn
  std::vector<std::string> needs_skills;  // all of them
  std::vector<std::string> needs_seniority;  // one of them; empty: any
  const PoolMember* member(std::string_view rep) const;
};

enum class RouteField : std::uint8_t {
  kCountry,
  kRegion,
  kPostalCode,
  kCity,
  kLanguage,
  kGrade,
  kType,
  kJobLevel,
  kJobFunction,
  kCompanyDomain,
  kCompanySize,
  kAsset,
  kCampaign,
  kChannel,
  kPreviousOwner,
  kHops,
};
std::string_view to_string(RouteField field);

enum class RouteTest : std::uint8_t { kIn, kNotIn, kPrefix, kPresent, kAbsent, kAtLeast };
std::string_view to_string(RouteTest test);

struct RoutePredicate {
  RouteField field = RouteField::kCountry;
  RouteTest test = RouteTest::kIn;
  std::vector<std::string> values;  // compared without regard to ASCII case
  int at_least = 0;                 // hops
};

// A rule with a pool ends the search. One that only names a rep or the previous owner states a
// preference, and the search goes on for the pool; the first preference stands.
struct RouteRule {
  std::string name;
  std::vector<RoutePredicate> when;  // all of them
  std::string pool, rep;
  bool previous_owner = false;
  bool hot = false;
};

struct RoutingPolicy {
  std::string hash;       // of the file's content
  std::string calendar;   // default of reps
  std::vector<Rep> reps;  // each list sorted by id
  std::vector<Team> teams;
  std::vector<Pool> pools;
  std::vector<Absence> absences;
  std::vector<RouteRule> rules;  // in order
  std::string catch_all;         // pool

  const Rep* rep(std::string_view id) const;
  const Rep* rep_by_email(std::string_view email) const;  // without regard to ASCII case
  const Team* team(std::string_view id) const;
  const Pool* pool(std::string_view id) const;
  const Team* team_of(std::string_view rep) const;
  const Rep* lead_of(std::string_view team) const;
  const Rep* head_of(std::string_view team) const;
  std::string_view calendar_of(const Rep& rep) const;  // "" : none
};

// Expects a document that check_schema(document, "routing") has seen; what is wrong beyond the
// schema (references, order of dates, unreachable rules) is added to the findings with its place.
// Null where an error is among what it added.
std::shared_ptr<const RoutingPolicy> load_routing(const YamlDocument& yaml, Findings& findings);

}  // namespace baton
