#include "gateway/core/routing/routing_load.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "gateway/core/routing/route_rules.h"
#include "gateway/core/routing/routing_policy.h"
#include "gateway/core/routing/routing_read.h"
#include "gateway/core/routing/routing_shifts.h"
#include "mapping/json/json.h"
#include "mapping/schema/schema.h"

namespace baton {
namespace {

class Loader {
 public:
  Loader(const YamlDocument& yaml, Findings& findings) : yaml_(yaml), findings_(findings) {}

  std::shared_ptr<const RoutingPolicy> run() {
    const auto* root = yaml_.value.if_object();
    if (root == nullptr) {
      wrong("", "routing.yaml must be a map of keys", "config.wrong_type");
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
    each(*root, "accounts",
         [this](const json::object& o, const std::string& at) { account(o, at); });
    std::sort(policy_.accounts.begin(), policy_.accounts.end(),
              [](const Account& a, const Account& b) { return a.domain < b.domain; });
    each(*root, "pools", [this](const json::object& o, const std::string& at) { pool(o, at); });
    sort_by_id(policy_.pools);
    check_turns();
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
      wrong(
          at + "/id",
          fmt::format("{} \"{}\" is defined twice; give each a unique id", what, text_of(item.id)),
          "routing.duplicate_id");
  }

  template <class T>
  bool refers(const std::vector<T>& known, std::string_view id, std::string_view what,
              const std::string& at) {
    std::vector<std::string> ids;
    for (const auto& k : known) ids.emplace_back(text_of(k.id));
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
    r.id = RepId(text(o, "id"));
    r.name = text(o, "name");
    r.email = text(o, "email");
    r.phone = text(o, "phone");
    r.team = text(o, "team");
    r.languages = read_words(o, "languages");
    r.countries = read_words(o, "countries");
    r.postal_codes = read_words(o, "postal_codes");
    r.skills = read_words(o, "skills");
    r.seniority = text(o, "seniority");
    r.calendar = text(o, "calendar");
    r.message_language = text(o, "messages", "en");
    r.active = boolean(o, "active", true);
    r.regions = read_words(o, "regions");
    r.caps = read_caps(o, {});
    if (object(o, "shifts") != nullptr) r.shifts = shift_calendar(r.id);
    employment(o, r, at);
    for (const auto& codes : r.postal_codes) check_range(codes, at + "/postal_codes", false);
    unique(policy_.reps, r, "rep", at);
    if (!r.team.empty()) teams_named_.push_back({at + "/team", r.team});
    policy_.reps.push_back(std::move(r));
  }

  void employment(const json::object& o, Rep& r, const std::string& at) {
    r.from = day_of(o, "from", at);
    r.until = day_of(o, "until", at);
    if (r.from && r.until && r.until->day < r.from->day)
      wrong(at + "/until",
            fmt::format("\"{}\" leaves before the first day; swap from and until", r.id.view()),
            "routing.employment_order");
  }

  std::optional<LocalDate> day_of(const json::object& o, std::string_view key,
                                  const std::string& at) {
    const auto value = text(o, key);
    if (value.empty()) return std::nullopt;
    const auto day = read_day(value);
    if (!day)
      wrong(fmt::format("{}/{}", at, key),
            fmt::format("\"{}\" is not a day such as 2026-08-03", value), "routing.bad_date");
    return day;
  }

  // `must`: report values that are not ranges. Otherwise such a value is a prefix.
  void check_range(std::string_view codes, const std::string& at, bool must) {
    std::string_view from, to;
    const auto read = read_range(codes, from, to);
    if (read == RangeText::kRange || (read == RangeText::kNone && !must)) return;
    wrong(at,
          fmt::format("\"{}\" is not a range such as 80000..85999: both ends must have the same "
                      "length, the lower first",
                      codes),
          "routing.bad_range");
  }

  void account(const json::object& o, const std::string& at) {
    const RepId rep(text(o, "rep"));
    if (!refers(policy_.reps, rep.view(), "rep", at + "/rep")) return;
    std::vector<std::string> domains = read_words(o, "domains");
    if (const auto domain = text(o, "domain"); !domain.empty()) domains.emplace_back(domain);
    if (domains.empty())
      wrong(at, "an account has no domain; set domain or domains", "routing.empty_account");
    for (auto& domain : domains) {
      for (char& c : domain) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      const bool twice = std::any_of(policy_.accounts.begin(), policy_.accounts.end(),
                                     [&](const Account& a) { return a.domain == domain; });
      if (twice)
        wrong(at,
              fmt::format("the account \"{}\" is defined twice; an account has one owner", domain),
              "routing.duplicate_id");
      policy_.accounts.push_back({domain, rep});
    }
  }

  void team(const json::object& o, const std::string& at) {
    Team t{std::string(text(o, "id")), std::string(text(o, "name")), RepId(text(o, "lead")),
           RepId(text(o, "head")), std::string(text(o, "calendar"))};
    unique(policy_.teams, t, "team", at);
    if (!t.lead.empty()) reps_named_.push_back({at + "/lead", t.lead.str()});
    if (!t.head.empty()) reps_named_.push_back({at + "/head", t.head.str()});
    policy_.teams.push_back(std::move(t));
  }

  // Teams name reps and reps name teams, so both lists are read before the names are checked.
  void check_people() {
    for (const auto& r : teams_named_) refers(policy_.teams, r.id, "team", r.at);
    for (const auto& r : reps_named_) refers(policy_.reps, r.id, "rep", r.at);
  }

  void absence(const json::object& o, const std::string& at) {
    const auto from = absence_end(o, "from", at);
    const auto until = absence_end(o, "until", at);
    const RepId id(text(o, "rep"));
    if (!refers(policy_.reps, id.view(), "rep", at + "/rep") || !from || !until) return;
    if (ends_before_it_begins(*from, *until))
      wrong(at + "/until", "the absence ends before it begins; swap from and until",
            "routing.absence_order");
    policy_.absences.push_back({id, *from, *until});
  }

  std::optional<AbsenceEnd> absence_end(const json::object& o, std::string_view key,
                                        const std::string& at) {
    const auto value = text(o, key);
    auto end = read_end(value);
    if (!end)
      wrong(fmt::format("{}/{}", at, key),
            fmt::format("\"{}\" is neither a day such as 2026-08-03 nor an instant such as "
                        "2026-08-03T12:00:00+02:00",
                        value),
            "routing.absence_time");
    return end;
  }

  void pool(const json::object& o, const std::string& at) {
    Pool p;
    p.id = text(o, "id");
    p.name = text(o, "name");
    p.team = text(o, "team");
    unique(policy_.pools, p, "pool", at);
    if (!p.team.empty()) refers(policy_.teams, p.team, "team", at + "/team");
    read_modes(o, p);
    p.escalate_to = RepId(text(o, "escalate_to"));
    if (!p.escalate_to.empty())
      refers(policy_.reps, p.escalate_to.view(), "rep", at + "/escalate_to");
    if (!p.turns_with.empty()) turns_named_.push_back({at + "/turns_with", p.id});
    read_members(o, p, at);
    policy_.pools.push_back(std::move(p));
  }

  // A pool can only share the turns of a pool that has its own turns and counts them the same way.
  void check_turns() {
    for (const auto& named : turns_named_) {
      const Pool& p = *policy_.pool(named.id);
      if (!refers(policy_.pools, p.turns_with, "pool", named.at)) continue;
      const Pool& other = *policy_.pool(p.turns_with);
      if (!other.turns_with.empty() || other.id == p.id || other.mode != p.mode)
        wrong(named.at,
              fmt::format("pool \"{}\" cannot share turns with \"{}\"; name another pool that has "
                          "its own turns and the same share_by",
                          p.id, other.id),
              "routing.bad_turns");
    }
  }

  void read_members(const json::object& o, Pool& p, const std::string& at) {
    const Caps shared = read_caps(o, {});
    each(
        o, "members",
        [&](const json::object& m, const std::string& here) { member_of(m, p, shared, here); }, at);
    if (p.members.empty())
      wrong(at + "/members", fmt::format("pool \"{}\" has no members; name at least one rep", p.id),
            "routing.empty_pool");
    std::sort(p.members.begin(), p.members.end(),
              [](const auto& a, const auto& b) { return a.rep < b.rep; });
  }

  void member_of(const json::object& o, Pool& p, Caps shared, const std::string& at) {
    PoolMember m{RepId(text(o, "rep")), 1, read_caps(o, shared)};
    if (!refers(policy_.reps, m.rep.view(), "rep", at + "/rep")) return;
    const auto weight = integer(o, "weight", 1);
    if (weight < 1 || weight > 1000)
      wrong(
          at + "/weight",
          fmt::format("weight {} is not between 1 and 1000; to give the member no leads, remove it",
                      weight),
          "routing.bad_weight");
    m.weight = static_cast<int>(std::clamp<std::int64_t>(weight, 1, 1000));
    const bool twice = std::any_of(p.members.begin(), p.members.end(),
                                   [&](const auto& k) { return k.rep == m.rep; });
    if (twice)
      wrong(at + "/rep",
            fmt::format("\"{}\" is in the pool twice; raise the weight instead", m.rep.view()),
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
              fmt::format("rule \"{}\" is defined twice; give each a unique name", r.name),
              "routing.duplicate_id");
    }
    for (const auto& p : r.when) {
      if (p.test != RouteTest::kRange) continue;
      for (const auto& range : p.values)
        check_range(range, fmt::format("{}/when/{}/range", at, to_string(p.field)), true);
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
    r.rep = RepId(text(then, "rep"));
    r.account_owner = boolean(then, "account_owner");
    r.previous_owner = boolean(then, "previous_owner");
    r.sticky = boolean(then, "sticky");
    r.hot = boolean(then, "hot");
    r.skills = read_words(then, "skills");
    r.seniority = read_words(then, "seniority");
    if (!r.pool.empty()) refers(policy_.pools, r.pool, "pool", at + "/then/pool");
    if (!r.rep.empty()) refers(policy_.reps, r.rep.view(), "rep", at + "/then/rep");
    const bool prefers = !r.rep.empty() || r.account_owner || r.previous_owner;
    const bool decides =
        prefers || !r.pool.empty() || r.hot || !r.skills.empty() || !r.seniority.empty();
    if (!decides || (r.sticky && !prefers))
      wrong(at + "/then",
            fmt::format("rule \"{}\" has no effect; name a pool, a rep, account_owner, "
                        "previous_owner, skills, seniority or hot",
                        r.name),
            "routing.empty_rule");
  }

  // Only a rule with a pool ends the search, so only such a rule can hide later rules.
  void check_reach(const RouteRule& r, const std::string& at) {
    for (const auto& earlier : policy_.rules) {
      if (earlier.pool.empty() || !covers(earlier, r)) continue;
      wrong(at,
            fmt::format("rule \"{}\" is never reached: \"{}\" above it matches everything that it "
                        "would match; move it up or remove it",
                        r.name, earlier.name),
            "routing.unreachable_rule");
      return;
    }
  }

  void catch_all(const json::object& root) {
    const auto* o = object(root, "catch_all");
    policy_.catch_all = o != nullptr ? text(*o, "pool") : std::string_view{};
    if (policy_.catch_all.empty()) {
      wrong("/catch_all", "there is no catch_all pool; name the pool for leads that match no rule",
            "config.missing_key");
    } else {
      refers(policy_.pools, policy_.catch_all, "pool", "/catch_all/pool");
    }
    if (o != nullptr) notify_of_catch_all(*o);
  }

  // "keeper" is the old spelling of "notify".
  void notify_of_catch_all(const json::object& o) {
    const std::string_view key = o.contains("notify") ? "notify" : "keeper";
    if (o.contains("notify") && o.contains("keeper"))
      wrong("/catch_all/keeper", "\"keeper\" is the old spelling of \"notify\"; remove it",
            "config.bad_value");
    policy_.catch_all_notify = RepId(text(o, key));
    if (!policy_.catch_all_notify.empty())
      refers(policy_.reps, policy_.catch_all_notify.view(), "rep",
             "/catch_all/" + std::string(key));
  }

  const YamlDocument& yaml_;
  Findings& findings_;
  RoutingPolicy policy_;
  std::vector<Reference> teams_named_, reps_named_, turns_named_;
  bool failed_ = false;
};

}  // namespace

std::shared_ptr<const RoutingPolicy> load_routing(const YamlDocument& yaml, Findings& findings) {
  return Loader(yaml, findings).run();
}

}  // namespace baton
