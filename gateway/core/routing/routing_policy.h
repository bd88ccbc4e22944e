#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gateway/core/model/ids.h"
#include "mapping/instant.h"

namespace baton {

// policy/routing.yaml, compiled: the reps, their absences, the pools that share leads, and the
// ordered rules that choose a pool. Read-only once loaded; any thread may read it.

struct LocalDate {
  std::int32_t day = 0;  // days since 1970-01-01, in the rep's calendar zone
};

// 0: no cap. Each cap counts all leads of a rep, over all pools and ways of assignment.
struct Caps {
  int day = 0, week = 0;  // leads in a local day, a local week from Monday
  int month = 0;          // leads in a local month
  int rolling_24h = 0;    // leads in any 24 hours
  int untouched = 0;      // leads that wait for the first attempt (requirement F6)
};

struct Rep {
  RepId id;
  std::string name, email, phone, team;
  std::vector<std::string> languages;     // ISO 639-1; empty: any
  std::vector<std::string> countries;     // ISO 3166-1 alpha-2; empty: any
  std::vector<std::string> regions;       // as leads state them; empty: any
  std::vector<std::string> postal_codes;  // prefixes or ranges, see postal_matches; empty: any
  std::vector<std::string> skills;
  std::string seniority;
  std::string calendar;                 // name in policy/calendars.yaml; "": the policy's default
  std::string message_language = "en";  // language of offers and alerts to this rep
  bool active = true;
  std::optional<LocalDate> from, until;  // employment, both days included
  Caps caps;           // the rep's caps; the tighter of these and the pool's applies
  std::string shifts;  // name of the calendar of the rep's shifts, see routing_shifts.h; ""
};

struct Team {
  std::string id, name;
  RepId lead, head;      // or ""
  std::string calendar;  // for clocks that count by the team's; "": the agreement's
};

using AbsenceEnd = std::variant<Instant, LocalDate>;

// An absence: [from, until) for instants; both dates included for dates.
struct Absence {
  RepId rep;
  AbsenceEnd from, until;
};

enum class PoolMode : std::uint8_t { kCount, kScoreMass, kLeastLoaded };
enum class WhenNobody : std::uint8_t { kHold, kRouteAnyway, kEscalate };
// The treatment of a rep who returns: a bounded number of turns over their share, all missed turns,
// or none.
enum class OnReturn : std::uint8_t { kBounded, kCatchUp, kKeepPlace };

struct PoolMember {
  RepId rep;
  int weight = 1;  // 1..1000, relative to the other members
  Caps caps;       // the member's, else the pool's
};

struct Pool {
  std::string id, name, team;
  std::vector<PoolMember> members;  // sorted by rep id; the order in the file has no effect
  PoolMode mode = PoolMode::kCount;
  WhenNobody when_nobody = WhenNobody::kHold;
  RepId escalate_to;  // "": lead, then head, of the pool's team
  bool respect_hours = true;
  bool workdays_only = false;  // at any hour of the days on which the rep works
  OnReturn on_return = OnReturn::kBounded;
  int catch_up_turns = 2;  // kBounded: most turns over the share that a returning rep gets
  std::string turns_with;  // pool whose turns its members share; "": the pool itself
  bool owner_matches_count = false;          // whether a lead for its account owner uses up a turn
  std::vector<std::string> needs_skills;     // all of them
  std::vector<std::string> needs_seniority;  // one of them; empty: any
  // Reasons that give the turn back: "procedural", "clerical" (rejections), "no_show", "withdrawn".
  std::vector<std::string> credit_for = {"procedural", "clerical", "no_show", "withdrawn"};

  bool credits(std::string_view why) const;
  // The pool whose document stores the turns.
  const std::string& turns() const { return turns_with.empty() ? id : turns_with; }
  const PoolMember* member(const RepId& rep) const;
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

// A rule with a pool ends the search. A rule that only names a rep, the account owner or the
// previous owner states a preference, and the search for the pool continues. The first preference
// applies.
struct RouteRule {
  std::string name;
  std::vector<RoutePredicate> when;  // all of them
  std::string pool;
  RepId rep;
  bool account_owner = false, previous_owner = false;
  bool sticky = false;  // the preferred rep also gets it outside their hours and over a cap
  bool hot = false;
  std::vector<std::string> skills;     // skills that the owner must have: all of them
  std::vector<std::string> seniority;  // one of them; empty: any
};

// A company with an account owner.
struct Account {
  std::string domain;  // lower case
  RepId rep;
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
  RepId catch_all_notify;         // notified of every lead that no rule matched; ""

  const Rep* rep(const RepId& id) const;
  const Rep* rep_by_email(std::string_view email) const;  // without regard to ASCII case
  const Team* team(std::string_view id) const;
  const Pool* pool(std::string_view id) const;
  // The id of the document that stores a pool's turns. The given id if the pool is unknown.
  std::string turns_of(std::string_view pool) const;
  // The owner of the account with this domain, or of the nearest parent domain; "" if there is
  // none.
  RepId account_owner(std::string_view domain) const;
  const Team* team_of(const RepId& rep) const;
  const Rep* lead_of(std::string_view team) const;
  const Rep* head_of(std::string_view team) const;
  // The display name of the rep, pool or team with this id. The id itself if it has no name.
  std::string name_of(std::string_view id) const;
  // "": none. A rep with shifts has a separate calendar, which load_policy adds to the set.
  std::string_view calendar_of(const Rep& rep) const;
};

}  // namespace baton
