#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "gateway/core/route_rules.h"
#include "gateway/core/routing_policy.h"
#include "mapping/json.h"
#include "mapping/schema.h"

namespace baton {
namespace {

std::vector<std::string> words(const json::object& o, std::string_view key) {
  std::vector<std::string> out;
  if (const auto* list = array(o, key)) {
    for (const auto& item : *list)
      if (const auto* word = item.if_string()) out.emplace_back(word->data(), word->size());
  }
  return out;
}

// "2026-08-03" as a day, an RFC 3339 text as an instant.
std::optional<AbsenceEnd> parse_end(std::string_view value) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  const std::string copy(value);
  if (value.size() == 10 && std::sscanf(copy.c_str(), "%4d-%2u-%2u", &year, &month, &day) == 3) {
    const std::chrono::year_month_day ymd{std::chrono::year(year), std::chrono::month(month),
                                          std::chrono::day(day)};
    if (!ymd.ok()) return std::nullopt;
    return LocalDate{
        static_cast<std::int32_t>(std::chrono::sys_days(ymd).time_since_epoch().count())};
  }
  if (const auto at = parse_rfc3339(value)) return *at;
  return std::nullopt;
}

// Where dates and instants are mixed the zone may shift a day either way: only what is wrong in
// every zone counts.
bool ends_before_it_begins(const AbsenceEnd& from, const AbsenceEnd& until) {
  const auto* first = std::get_if<LocalDate>(&from);
  const auto* last = std::get_if<LocalDate>(&until);
  if (first != nullptr && last != nullptr) return last->day < first->day;
  if (first == nullptr && last == nullptr)
    return std::get<Instant>(until) <= std::get<Instant>(from);
  if (first != nullptr) return std::get<Instant>(until) < Instant{} + days(first->day - 1);
  return Instant{} + days(last->day + 2) < std::get<Instant>(from);
}

class Loader {
 public:
  Loader(const YamlDocument& yaml, Findings& findings) : yaml_(yaml), findings_(findings) {}

  std::shared_ptr<const RoutingPolicy> run() {
    const auto* root = yaml_.value.if_object();
    if (root == nullptr) {
      wrong("", "routing.yaml is not a map of keys", "config.wrong_type");
      return nullptr;
    }
    policy_.hash = content_hash(yaml_.value);
    policy_.calendar = text(*root, "calendar");
    each(*root, "reps", [this](const json::object& o, const std::string& at) { rep(o, at); });
    each(*root, "teams", [this](const json::object& o, const std::string& at) { team(o, at); });
    sort_by_id(policy_.reps);
    sort_by_id(policy_.teams);
    check_people();
    each(*root, "absences",
         [this](const json::object& o, const std::string& at) { absence(o, at); });
    each(*root, "pools", [this](const json::object& o, const std::string& at) { pool(o, at); });
    sort_by_id(policy_.pools);
    each(*root, "rules", [this](const json::object& o, const std::string& at) { rule(o, at); });
    catch_all(*root);
    if (failed_) return nullptr;
    return std::make_shared<const RoutingPolicy>(std::move(policy_));
  }

 private:
  struct Reference {
    std::string at, id;
  };

  void wrong(std::string_view at, std::string message, std::string code) {
    findings_.push_back(yaml_.finding(at, std::move(message), std::move(code)));
    failed_ = true;
  }

  template <class Read>
  void each(const json::object& o, std::string_view key, Read read, const std::string& base = "") {
    const auto* list = array(o, key);
    if (list == nullptr) return;
    for (std::size_t i = 0; i < list->size(); ++i)
      if (const auto* item = (*list)[i].if_object())
        read(*item, fmt::format("{}/{}/{}", base, key, i));
  }

  template <class T>
  static void sort_by_id(std::vector<T>& items) {
    std::stable_sort(items.begin(), items.end(),
                     [](const T& a, const T& b) { return a.id < b.id; });
  }

  template <class T>
  void unique(const std::vector<T>& known, const T& item, std::string_view what,
              const std::string& at) {
    if (std::any_of(known.begin(), known.end(), [&](const T& k) { return k.id == item.id; }))
      wrong(at + "/id",
            fmt::format("{} \"{}\" is there twice; give each its own id", what, item.id),
            "routing.duplicate_id");
  }

  template <class T>
  bool refers(const std::vector<T>& known, std::string_view id, std::string_view what,
              const std::string& at) {
    std::vector<std::string> ids;
    for (const auto& k : known) ids.push_back(k.id);
    if (std::find(ids.begin(), ids.end(), id) != ids.end()) return true;
    const std::string near = did_you_mean(id, ids);
    const std::string hint = near.empty() ? fmt::format("add it under {}s", what)
                                          : fmt::format("did you mean \"{}\"?", near);
    wrong(at, fmt::format("there is no {} \"{}\"; {}", what, id, hint),
          "routing.unknown_reference");
    return false;
  }

  void rep(const json::object& o, const std::string& at) {
    Rep r;
    r.id = text(o, "id");
    r.name = text(o, "name");
    r.email = text(o, "email");
    r.phone = text(o, "phone");
    r.team = text(o, "team");
    r.languages = words(o, "languages");
    r.countries = words(o, "countries");
    r.postal_codes = words(o, "postal_codes");
    r.skills = words(o, "skills");
    r.seniority = text(o, "seniority");
    r.calendar = text(o, "calendar");
    r.message_language = text(o, "messages", "en");
    r.active = boolean(o, "active", true);
    unique(policy_.reps, r, "rep", at);
    if (!r.team.empty()) teams_named_.push_back({at + "/team", r.team});
    policy_.reps.push_back(std::move(r));
  }

  void team(const json::object& o, const std::string& at) {
    Team t{std::string(text(o, "id")), std::string(text(o, "name")), std::string(text(o, "lead")),
           std::string(text(o, "head")), std::string(text(o, "calendar"))};
    unique(policy_.teams, t, "team", at);
    if (!t.lead.empty()) reps_named_.push_back({at + "/lead", t.lead});
    if (!t.head.empty()) reps_named_.push_back({at + "/head", t.head});
    policy_.teams.push_back(std::move(t));
  }

  // Reps name teams and teams name reps: both lists have to be read first.
  void check_people() {
    for (const auto& r : teams_named_) refers(policy_.teams, r.id, "team", r.at);
    for (const auto& r : reps_named_) refers(policy_.reps, r.id, "rep", r.at);
  }

  void absence(const json::object& o, const std::string& at) {
    const auto from = absence_end(o, "from", at);
    const auto until = absence_end(o, "until", at);
    const std::string id(text(o, "rep"));
    if (!refers(policy_.reps, id, "rep", at + "/rep") || !from || !until) return;
    if (ends_before_it_begins(*from, *until))
      wrong(at + "/until", "the absence ends before it begins; swap from and until",
            "routing.absence_order");
    policy_.absences.push_back({id, *from, *until});
  }

  std::optional<AbsenceEnd> absence_end(const json::object& o, std::string_view key,
                                        const std::string& at) {
    const auto value = text(o, key);
    auto end = parse_end(value);
    if (!end)
      wrong(fmt::format("{}/{}", at, key),
            fmt::format("\"{}\" is neither a day such as 2026-08-03 nor an instant such as "
                        "2026-08-03T12:00:00+02:00",
                        value),
            "routing.absence_time");
    return end;
  }

  static Caps caps(const json::object& o, Caps otherwise) {
    const auto* cap = object(o, "cap");
    if (cap == nullptr) return otherwise;
    return {static_cast<int>(integer(*cap, "day", otherwise.day)),
            static_cast<int>(integer(*cap, "week", otherwise.week))};
  }

  void pool(const json::object& o, const std::string& at) {
    Pool p;
    p.id = text(o, "id");
    p.name = text(o, "name");
    p.team = text(o, "team");
    unique(policy_.pools, p, "pool", at);
    if (!p.team.empty()) refers(policy_.teams, p.team, "team", at + "/team");
    read_modes(o, p);
    p.escalate_to = text(o, "escalate_to");
    if (!p.escalate_to.empty()) refers(policy_.reps, p.escalate_to, "rep", at + "/escalate_to");
    read_members(o, p, at);
    policy_.pools.push_back(std::move(p));
  }

  static void read_modes(const json::object& o, Pool& p) {
    p.mode = text(o, "share_by", "count") == "score_mass" ? PoolMode::kScoreMass : PoolMode::kCount;
    const auto nobody = text(o, "when_nobody", "hold");
    if (nobody == "route_anyway") p.when_nobody = WhenNobody::kRouteAnyway;
    if (nobody == "escalate") p.when_nobody = WhenNobody::kEscalate;
    p.respect_hours = text(o, "hours", "respect") != "ignore";
    p.catch_up_turns =
        static_cast<int>(std::clamp<std::int64_t>(integer(o, "catch_up_turns", 2), 0, 100));
    p.owner_matches_count = text(o, "owner_matches", "free") == "count";
    if (const auto* needs = object(o, "needs")) {
      p.needs_skills = words(*needs, "skills");
      p.needs_seniority = words(*needs, "seniority");
    }
  }

  void read_members(const json::object& o, Pool& p, const std::string& at) {
    const Caps shared = caps(o, {});
    each(
        o, "members",
        [&](const json::object& m, const std::string& here) { member_of(m, p, shared, here); }, at);
    if (p.members.empty())
      wrong(at + "/members", fmt::format("pool \"{}\" has no member; name at least one rep", p.id),
            "routing.empty_pool");
    std::sort(p.members.begin(), p.members.end(),
              [](const auto& a, const auto& b) { return a.rep < b.rep; });
  }

  void member_of(const json::object& o, Pool& p, Caps shared, const std::string& at) {
    PoolMember m{std::string(text(o, "rep")), 1, caps(o, shared)};
    if (!refers(policy_.reps, m.rep, "rep", at + "/rep")) return;
    const auto weight = integer(o, "weight", 1);
    if (weight < 1 || weight > 1000)
      wrong(at + "/weight",
            fmt::format(
                "weight {} is not between 1 and 1000; take the member out to give him nothing",
                weight),
            "routing.bad_weight");
    m.weight = static_cast<int>(std::clamp<std::int64_t>(weight, 1, 1000));
    const bool twice = std::any_of(p.members.begin(), p.members.end(),
                                   [&](const auto& k) { return k.rep == m.rep; });
    if (twice)
      wrong(at + "/rep",
            fmt::format("\"{}\" is in the pool twice; raise the weight instead", m.rep),
            "routing.duplicate_id");
    p.members.push_back(std::move(m));
  }

  void rule(const json::object& o, const std::string& at) {
    RouteRule r;
    r.name = text(o, "name");
    if (const auto* when = object(o, "when")) r.when = read_predicates(*when);
    for (const auto& earlier : policy_.rules) {
      if (earlier.name == r.name)
        wrong(at + "/name",
              fmt::format("rule \"{}\" is there twice; give each its own name", r.name),
              "routing.duplicate_id");
    }
    read_target(o, r, at);
    check_reach(r, at);
    policy_.rules.push_back(std::move(r));
  }

  void read_target(const json::object& o, RouteRule& r, const std::string& at) {
    static const json::object kNone;
    const auto* found = object(o, "then");
    const json::object& then = found != nullptr ? *found : kNone;
    r.pool = text(then, "pool");
    r.rep = text(then, "rep");
    r.previous_owner = boolean(then, "previous_owner");
    r.hot = boolean(then, "hot");
    if (!r.pool.empty()) refers(policy_.pools, r.pool, "pool", at + "/then/pool");
    if (!r.rep.empty()) refers(policy_.reps, r.rep, "rep", at + "/then/rep");
    if (r.pool.empty() && r.rep.empty() && !r.previous_owner && !r.hot)
      wrong(at + "/then",
            fmt::format("rule \"{}\" decides nothing; name a pool, a rep, previous_owner or hot",
                        r.name),
            "routing.empty_rule");
  }

  // Only a rule with a pool ends the search, so only such a rule hides later ones.
  void check_reach(const RouteRule& r, const std::string& at) {
    for (const auto& earlier : policy_.rules) {
      if (earlier.pool.empty() || !covers(earlier, r)) continue;
      wrong(at,
            fmt::format("rule \"{}\" is never reached: \"{}\" above it takes everything it would "
                        "match; move it up or remove it",
                        r.name, earlier.name),
            "routing.unreachable_rule");
      return;
    }
  }

  void catch_all(const json::object& root) {
    const auto* o = object(root, "catch_all");
    policy_.catch_all = o != nullptr ? text(*o, "pool") : std::string_view{};
    if (policy_.catch_all.empty()) {
      wrong("/catch_all", "there is no catch_all pool; name where leads go that match no rule",
            "config.missing_key");
    } else {
      refers(policy_.pools, policy_.catch_all, "pool", "/catch_all/pool");
    }
  }

  const YamlDocument& yaml_;
  Findings& findings_;
  RoutingPolicy policy_;
  std::vector<Reference> teams_named_, reps_named_;
  bool failed_ = false;
};

}  // namespace

std::shared_ptr<const RoutingPolicy> load_routing(const YamlDocument& yaml, Findings& findings) {
  return Loader(yaml, findings).run();
}

}  // namespace baton
