#include "gateway/core/check/route_probe_leads.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "gateway/core/check/route_probe.h"
#include "gateway/core/check/synthetic_leads.h"
#include "gateway/core/pool/eligibility.h"
#include "gateway/core/pool/pool_parts.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

class LeadProbe {
 public:
  LeadProbe(const YamlDocument& yaml, const Policy& policy, Instant now, RouteProbe& probe)
      : yaml_(yaml),
        routing_(*policy.routing),
        context_{routing_, policy.calendars, now},
        probe_(probe) {
    for (const auto& rule : routing_.rules) probe_.rules.push_back({rule.name, 0, 0});
    probe_.rules.push_back({"catch_all", 0, 0});
    for (const auto& pool : routing_.pools) probe_.pools.push_back({pool.id, 0, 0});
  }

  void run() {
    SyntheticLeads leads(routing_);
    for (int i = 0; i < kProbeLeads; ++i) send(leads.make(i));
    report_idle_rules();
    report_idle_pools();
  }

 private:
  void send(const RouteInput& input) {
    const auto choice = choose_pool(routing_, input);
    const bool found = any_fits(choice, input);
    for (std::size_t i = 0; i < probe_.rules.size(); ++i) {
      auto& rule = probe_.rules[i];
      if (rule.name == choice.rule) {
        ++rule.leads;
        rule.nobody += found ? 0 : 1;
      } else if (i < routing_.rules.size() && routing_.rules[i].pool.empty() &&
                 said_yes(choice, rule.name)) {
        ++rule.leads;
      }
    }
    for (auto& pool : probe_.pools) {
      if (pool.name != choice.pool) continue;
      ++pool.leads;
      pool.nobody += found ? 0 : 1;
    }
    if (!found) blame(choice, input);
  }

  // The choice does not name the rules that only state a preference.
  bool said_yes(const RouteChoice& choice, const std::string& name) {
    for (const auto& r : choice.reasons.read()) {
      if (r.code == "route.rule" && r.rule == "routing.rules." + name)
        return boolean(r.facts, "matched");
    }
    return false;
  }

  OwnerRequest request_of(const RouteChoice& choice, const RouteInput& input) const {
    OwnerRequest r;
    r.pool = choice.pool;
    r.rule = choice.rule;
    r.preferred = choice.preferred_rep;
    r.language = input.language;
    r.country = input.country;
    r.region = input.region;
    r.postal_code = input.postal_code;
    r.skills = choice.skills;
    r.seniority = choice.seniority;
    return r;
  }

  // Whether any rep is ever eligible, at any hour.
  bool any_fits(const RouteChoice& choice, const RouteInput& input) const {
    const auto request = request_of(choice, input);
    const Pool* pool = routing_.pool(choice.pool);
    if (pool == nullptr) return false;
    const auto fits = [&](const RepId& rep, bool member) {
      return !misfit(context_, request, *pool, rep, member);
    };
    const auto& members = pool->members;
    if (std::any_of(members.begin(), members.end(),
                    [&](const auto& m) { return fits(m.rep, true); }))
      return true;
    if (!request.preferred.empty() && fits(request.preferred, false)) return true;
    if (pool->when_nobody != WhenNobody::kEscalate) return false;
    const auto chain = escalation_chain(routing_, *pool);
    return std::any_of(chain.begin(), chain.end(),
                       [&](const auto& rep) { return fits(rep, false); });
  }

  // The one requirement that excludes every rep. Absent if only several together exclude them.
  void blame(const RouteChoice& choice, const RouteInput& input) {
    const std::tuple<const char*, std::string RouteInput::*, RouteField> dimensions[] = {
        {"country", &RouteInput::country, RouteField::kCountry},
        {"language", &RouteInput::language, RouteField::kLanguage},
        {"region", &RouteInput::region, RouteField::kRegion},
        {"postal code", &RouteInput::postal_code, RouteField::kPostalCode}};
    RouteChoice plain;
    plain.pool = choice.pool;
    plain.rule = choice.rule;
    if (!any_fits(plain, {}))
      return report(choice.pool, "", "");  // even for a lead without known facts
    plain.skills = choice.skills;
    plain.seniority = choice.seniority;
    if (!any_fits(plain, {}))
      return report(choice.pool, "skills or seniority asked by rule", choice.rule);
    for (const auto& [what, member, field] : dimensions) {
      RouteInput only;
      only.*member = input.*member;
      if ((input.*member).empty() || any_fits(plain, only)) continue;
      const bool unnamed = input.*member == SyntheticLeads::other(field);
      return report(choice.pool, what, unnamed ? "" : input.*member);
    }
  }

  void report(const std::string& pool, const std::string& what, const std::string& value) {
    if (!reported_.emplace(pool, what, value).second || what.empty()) return;
    const auto whose = what.starts_with("skills") ? fmt::format("with the {} \"{}\"", what, value)
                       : value.empty()
                           ? fmt::format("with a {} that the policy does not name", what)
                           : fmt::format("with the {} \"{}\"", what, value);
    warn(yaml_, probe_, pointer_of(yaml_, "pools", "id", pool),
         fmt::format("leads {} come to pool \"{}\", where no rep is eligible for them; add a rule "
                     "or a member for them",
                     whose, pool),
         "routing.uncovered");
  }

  void report_idle_rules() {
    for (std::size_t i = 0; i < routing_.rules.size(); ++i) {
      if (probe_.rules[i].leads > 0) continue;
      const auto& name = routing_.rules[i].name;
      warn(yaml_, probe_, fmt::format("/rules/{}", i),
           fmt::format(
               "none of {} synthetic leads reached rule \"{}\", though many were built to match "
               "it; the rules above it match them first, or its tests exclude each other",
               kProbeLeads, name),
           "routing.rule_never_met");
    }
  }

  // A pool that no rule names and that is not the catch-all.
  void report_idle_pools() {
    for (const auto& pool : probe_.pools) {
      if (pool.leads > 0) continue;
      warn(yaml_, probe_, pointer_of(yaml_, "pools", "id", pool.name),
           fmt::format("no lead comes to pool \"{}\"; name it in a rule, or remove it", pool.name),
           "routing.unused_pool");
    }
  }

  const YamlDocument& yaml_;
  const RoutingPolicy& routing_;
  RepContext context_;
  RouteProbe& probe_;
  std::set<std::tuple<std::string, std::string, std::string>> reported_;
};

}  // namespace

void probe_leads(const YamlDocument& yaml, const Policy& policy, Instant now, RouteProbe& probe) {
  LeadProbe(yaml, policy, now, probe).run();
}

}  // namespace baton
