#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "mapping/instant.h"
#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// policy/routing.yaml, compiled: who sells, who is away, which pools share leads, and the ordered
// rules that choose a pool. Read-only once loaded; any thread may read it.

struct LocalDate {
  std::int32_t day = 0;  // days since 1970-01-01, in the rep's calendar zone
};

// 0: none. All of them count the leads of a rep over all pools, whichever way they came.
struct Caps {
  int day = 0, week = 0;  // leads in a local day, a local week from Monday
  int month = 0;          // leads in a local month
  int rolling_24h = 0;    // leads in any 24 hours
  int untouched = 0;      // leads that wait for the first attempt (domain F6)
};

struct Rep {
  std::string id, name, email, phone, team;
  std::vector<std::string> languages;     // ISO 639-1; empty: any
  std::vector<std::string> countries;     // ISO 3166-1 alpha-2; empty: any
  std::vector<std::string> regions;       // as leads bring them; empty: any
  std::vector<std::string> postal_codes;  // prefixes or ranges, see postal_matches; empty: any
  std::vector<std::string> skills;
  std::string seniority;
  std::string calendar;                 // name in policy/calendars.yaml; "": the policy's default
  std::string message_language = "en";  // of offers and alerts to this rep
  bool active = true;
  std::optional<LocalDate> from, until;  // employment, both days included
  Caps caps;                             // own; the tighter of these and the pool's holds
  std::string shifts;  // name of the calendar of his own working hours, see routing_shifts.h; ""
};

struct Team {
  std::string id, name;
  std::string lead, head;  // rep ids, or ""
  std::string calendar;    // of clocks that count by the team's; "": the agreement's
};

using AbsenceEnd = std::variant<Instant, LocalDate>;

// Away in [from, until) where instants are given, on both days and all between where dates are.
struct Absence {
  std::string rep;
  AbsenceEnd from, until;
};

enum class PoolMode : std::uint8_t { kCount, kScoreMass, kLeastLoaded };
enum class WhenNobody : std::uint8_t { kHold, kRouteAnyway, kEscalate };
// Somebody who was away comes back: a bounded number of turns over his weight, all that he missed,
// or none of it.
enum class OnReturn : std::uint8_t { kBounded, kCatchUp, kKeepPlace };

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
  bool workdays_only = false;  // at any hour, of days on which the rep works
  OnReturn on_return = OnReturn::kBounded;
  int catch_up_turns = 2;  // kBounded: a returner gets at most so many turns over his weight
  std::string turns_with;  // pool whose turns its members share; "": its own
  bool owner_matches_count = false;          // whether a lead for its owner uses up a turn
  std::vector<std::string> needs_skills;     // all of them
  std::vector<std::string> needs_seniority;  // one of them; empty: any
  // Whose turn was none: "procedural", "clerical" (rejections), "no_show", "withdrawn".
  std::vector<std::string> credit_for = {"procedural", "clerical", "no_show", "withdrawn"};

  bool credits(std::string_view why) const;
  // The pool whose document holds the turns.
  const std::string& turns() const { return turns_with.empty() ? id : turns_with; }
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
  kTouch,
  kSource,
  kAccountOwner,
  kPreviousOwnerDays,
};
inline constexpr int kRouteFields = static_cast<int>(RouteField::kPreviousOwnerDays) + 1;
std::string_view to_string(RouteField field);

enum class RouteTest : std::uint8_t {
  kIn,
  kNotIn,
  kPrefix,
  kPresent,
  kAbsent,
  kAtLeast,
  kAtMost,
  kRange
};
std::string_view to_string(RouteTest test);

struct RoutePredicate {
  RouteField field = RouteField::kCountry;
  RouteTest test = RouteTest::kIn;
  std::vector<std::string> values;  // compared without regard to ASCII case; ranges: "80000..85999"
  int bound = 0;                    // kAtLeast, kAtMost: of fields that are numbers
};

// A rule with a pool ends the search. One that only names a rep, the account's or the previous
// owner states a preference, and the search goes on for the pool; the first preference stands.
struct RouteRule {
  std::string name;
  std::vector<RoutePredicate> when;  // all of them
  std::string pool, rep;
  bool account_owner = false, previous_owner = false;
  bool sticky = false;  // the preferred rep gets it outside his hours and over a cap too
  bool hot = false;
  std::vector<std::string> skills;     // what the lead asks of its owner: all of them
  std::vector<std::string> seniority;  // one of them; empty: any
};

// A company that belongs to somebody.
struct Account {
  std::string domain;  // lower case
  std::string rep;
};

struct RoutingPolicy {
  std::string hash;       // of the file's content
  std::string calendar;   // default of reps
  std::vector<Rep> reps;  // each list sorted by id
  std::vector<Team> teams;
  std::vector<Pool> pools;
  std::vector<Absence> absences;
  std::vector<Account> accounts;  // sorted by domain
  std::vector<RouteRule> rules;   // in order
  std::string catch_all;          // pool
  std::string catch_all_notify;   // rep who hears of every lead that no rule wanted; ""

  const Rep* rep(std::string_view id) const;
  const Rep* rep_by_email(std::string_view email) const;  // without regard to ASCII case
  const Team* team(std::string_view id) const;
  const Pool* pool(std::string_view id) const;
  // The id of the document that holds a pool's turns; the pool's own id where it is not known.
  std::string turns_of(std::string_view pool) const;
  // The owner of the account with this domain, or of the nearest domain above it; "": nobody.
  std::string account_owner(std::string_view domain) const;
  const Team* team_of(std::string_view rep) const;
  const Rep* lead_of(std::string_view team) const;
  const Rep* head_of(std::string_view team) const;
  // What people call the rep, pool or team with this id; the id itself where it has no name.
  std::string name_of(std::string_view id) const;
  // "" : none; a rep with shifts has one of his own, which load_policy adds to the set.
  std::string_view calendar_of(const Rep& rep) const;
};

// Expects a document that check_schema(document, "routing") has seen; what is wrong beyond the
// schema (references, order of dates, unreachable rules) is added to the findings with its place.
// Null where an error is among what it added.
std::shared_ptr<const RoutingPolicy> load_routing(const YamlDocument& yaml, Findings& findings);

}  // namespace baton
