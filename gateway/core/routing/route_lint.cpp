#include "gateway/core/routing/route_lint.h"

#include <algorithm>

#include <fmt/format.h>

#include "mapping/json/json.h"
#include "mapping/schema/schema.h"

namespace baton {
namespace {

class Lint {
 public:
  Lint(const YamlDocument& yaml, const RoutingPolicy& policy, const CalendarSet& calendars,
       Findings& findings)
      : yaml_(yaml), policy_(policy), calendars_(calendars), findings_(findings) {}

  void run() {
    const auto* root = yaml_.value.if_object();
    if (root == nullptr) return;
    check_calendar(policy_.calendar, "/calendar");
    if (const auto* reps = array(*root, "reps")) check_reps(*reps);
    if (const auto* pools = array(*root, "pools")) check_pools(*pools);
  }

 private:
  void warn(std::string_view at, std::string message, std::string code) {
    findings_.push_back(yaml_.finding(at, std::move(message), std::move(code)));
    findings_.back().warning = true;
  }

  void check_calendar(std::string_view name, const std::string& at) {
    if (name.empty() || calendars_.find(name) != nullptr) return;
    std::vector<std::string> names;
    for (const auto& [known, calendar] : calendars_.calendars) names.push_back(known);
    const std::string near = did_you_mean(name, names);
    const std::string hint = near.empty() ? "add it to policy/calendars.yaml"
                                          : fmt::format("did you mean \"{}\"?", near);
    findings_.push_back(yaml_.finding(at,
                                      fmt::format("there is no calendar \"{}\"; {}", name, hint),
                                      "routing.unknown_calendar"));
  }

  void check_reps(const json::array& reps) {
    for (std::size_t i = 0; i < reps.size(); ++i) {
      const auto* o = reps[i].if_object();
      if (o != nullptr) check_calendar(text(*o, "calendar"), fmt::format("/reps/{}/calendar", i));
    }
  }

  void check_pools(const json::array& pools) {
    for (std::size_t i = 0; i < pools.size(); ++i) {
      const auto* o = pools[i].if_object();
      const auto* pool = o != nullptr ? policy_.pool(text(*o, "id")) : nullptr;
      if (pool == nullptr) continue;
      const std::string at = fmt::format("/pools/{}", i);
      if (const auto* members = array(*o, "members")) check_members(*members, *pool, at);
      check_escalation(*pool, at);
    }
  }

  void check_members(const json::array& members, const Pool& pool, const std::string& at) {
    std::size_t usable = 0;
    for (std::size_t i = 0; i < members.size(); ++i) {
      const auto* o = members[i].if_object();
      const auto* rep = o != nullptr ? policy_.rep(RepId(text(*o, "rep"))) : nullptr;
      if (rep != nullptr && check_member(*rep, pool, fmt::format("{}/members/{}", at, i))) ++usable;
    }
    if (usable == 0)
      warn(at + "/members", fmt::format("no rep in pool \"{}\" can be picked", pool.id),
           "routing.idle_pool");
  }

  bool check_member(const Rep& rep, const Pool& pool, const std::string& at) {
    if (!rep.active) return false;  // lint_departed reports these
    for (const auto& skill : pool.needs_skills) {
      if (std::find(rep.skills.begin(), rep.skills.end(), skill) != rep.skills.end()) continue;
      return unfit(rep, pool, at, fmt::format("skill \"{}\"", skill));
    }
    const auto& levels = pool.needs_seniority;
    if (levels.empty() || std::find(levels.begin(), levels.end(), rep.seniority) != levels.end())
      return true;
    return unfit(rep, pool, at, "seniority");
  }

  bool unfit(const Rep& rep, const Pool& pool, const std::string& at, const std::string& what) {
    warn(at,
         fmt::format("\"{}\" lacks the {} that pool \"{}\" requires and will never be picked",
                     rep.id.view(), what, pool.id),
         "routing.unfit_member");
    return false;
  }

  void check_escalation(const Pool& pool, const std::string& at) {
    if (pool.when_nobody != WhenNobody::kEscalate || !pool.escalate_to.empty()) return;
    if (policy_.lead_of(pool.team) != nullptr || policy_.head_of(pool.team) != nullptr) return;
    warn(
        at + "/when_nobody",
        fmt::format("pool \"{}\" has no one to escalate to; set escalate_to, or a team with a lead",
                    pool.id),
        "routing.escalates_to_nobody");
  }

  const YamlDocument& yaml_;
  const RoutingPolicy& policy_;
  const CalendarSet& calendars_;
  Findings& findings_;
};

// Visits every place that names a rep.
class Departed {
 public:
  Departed(const YamlDocument& yaml, const RoutingPolicy& policy, std::optional<std::int32_t> today,
           Findings& findings)
      : yaml_(yaml), policy_(policy), today_(today), findings_(findings) {}

  void run() {
    const auto* root = yaml_.value.if_object();
    if (root == nullptr) return;
    each(*root, "pools", "", [this](const json::object& pool, const std::string& at) {
      look(text(pool, "escalate_to"), at + "/escalate_to", "is asked if no rep is free");
      each(pool, "members", at, [&](const json::object& member, const std::string& here) {
        look(text(member, "rep"), here,
             fmt::format("is still in pool \"{}\"; remove the member", text(pool, "id")), true);
      });
    });
    each(*root, "rules", "", [this](const json::object& rule, const std::string& at) {
      const auto* then = object(rule, "then");
      if (then != nullptr)
        look(text(*then, "rep"), at + "/then/rep",
             fmt::format("is still named by rule \"{}\"", text(rule, "name")));
    });
    each(*root, "teams", "", [this](const json::object& team, const std::string& at) {
      for (const std::string key : {"lead", "head"})
        look(text(team, key), at + "/" + key,
             fmt::format("is still {} of team \"{}\"", key, text(team, "id")));
    });
    each(*root, "accounts", "", [this](const json::object& account, const std::string& at) {
      look(text(account, "rep"), at + "/rep", "still owns an account");
    });
    const auto* catch_all = object(*root, "catch_all");
    const bool old_spelling = catch_all != nullptr && !catch_all->contains("notify");
    look(policy_.catch_all_notify.view(), old_spelling ? "/catch_all/keeper" : "/catch_all/notify",
         "is still notified of the catch-all");
  }

 private:
  template <class Visit>
  static void each(const json::object& o, std::string_view key, const std::string& base,
                   Visit visit) {
    const auto* list = array(o, key);
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i)
      if (const auto* item = (*list)[i].if_object())
        visit(*item, fmt::format("{}/{}/{}", base, key, i));
  }

  void look(std::string_view id, std::string_view at, std::string_view how, bool member = false) {
    const Rep* rep = id.empty() ? nullptr : policy_.rep(RepId(id));
    if (rep == nullptr) return;
    const bool by_day = today_ && rep->active && rep->until && rep->until->day < *today_;
    if (today_ ? !by_day : rep->active) return;
    findings_.push_back(yaml_.finding(
        at, fmt::format("\"{}\" has left ({}) and {}", id, by_day ? "until" : "active: false", how),
        member ? "routing.departed_member" : "routing.departed_rep"));
    findings_.back().warning = true;
  }

  const YamlDocument& yaml_;
  const RoutingPolicy& policy_;
  std::optional<std::int32_t> today_;
  Findings& findings_;
};

}  // namespace

void lint_departed(const YamlDocument& yaml, const RoutingPolicy& policy,
                   std::optional<std::int32_t> today, Findings& findings) {
  Departed(yaml, policy, today, findings).run();
}

void lint_routing(const YamlDocument& yaml, const RoutingPolicy& policy,
                  const CalendarSet& calendars, Findings& findings) {
  lint_departed(yaml, policy, std::nullopt, findings);
  Lint(yaml, policy, calendars, findings).run();
}

}  // namespace baton
