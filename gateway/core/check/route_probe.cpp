#include "gateway/core/check/route_probe.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "gateway/core/calendar/local_day.h"
#include "gateway/core/check/route_probe_hours.h"
#include "gateway/core/check/route_probe_leads.h"
#include "gateway/core/routing/route_lint.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

// The values that a rule's field depends on. Any one of them is enough.
struct Need {
  RouteField field;
  std::array<std::string_view, 5> fields;
};

constexpr Need kNeeds[] = {
    {RouteField::kCountry, {"country"}},
    {RouteField::kRegion, {"region"}},
    {RouteField::kPostalCode, {"postal_code"}},
    {RouteField::kCity, {"city"}},
    {RouteField::kLanguage, {"language"}},
    {RouteField::kJobLevel, {"job_level", "job_title"}},
    {RouteField::kJobFunction, {"job_function", "job_title"}},
    {RouteField::kCompanyDomain, {"company.domain", "email"}},
    {RouteField::kCompanySize, {"company.size"}},
    {RouteField::kAsset, {"asset"}},
    {RouteField::kCampaign, {"utm_campaign", "campaign"}},
    {RouteField::kChannel, {"channel", "utm_source", "utm_medium", "referrer", "click_id"}},
};

bool asks_for_something(RouteTest test) {
  return test != RouteTest::kNotIn && test != RouteTest::kAbsent;
}

// The first value that no source delivers; "" if a source delivers one of them.
std::string missing_value(const RoutePredicate& p, const std::set<std::string>& known) {
  if (p.test != RouteTest::kIn || p.values.empty()) return {};
  const bool any = std::any_of(p.values.begin(), p.values.end(),
                               [&](const auto& v) { return known.contains(v); });
  return any ? std::string() : p.values.front();
}

// The need of the rule that no source delivers; "" if the rule can match.
std::string missing(const RoutePredicate& p, const RoutingPolicy& routing,
                    const Delivered& delivered) {
  if (!asks_for_something(p.test)) return {};
  if (p.field == RouteField::kTouch) {
    const auto touch = missing_value(p, delivered.touches);
    return touch.empty() ? "" : fmt::format("the touch \"{}\"", touch);
  }
  if (p.field == RouteField::kSource) {
    const auto source = missing_value(p, delivered.sources);
    return source.empty() ? "" : fmt::format("a touch from \"{}\"", source);
  }
  if (p.field == RouteField::kAccountOwner && routing.accounts.empty() && !delivered.crm)
    return "an account owner";
  const auto* need = std::find_if(std::begin(kNeeds), std::end(kNeeds),
                                  [&](const Need& n) { return n.field == p.field; });
  if (need == std::end(kNeeds)) return {};
  const bool any = std::any_of(need->fields.begin(), need->fields.end(), [&](std::string_view f) {
    return delivered.fields.contains(std::string(f));
  });
  return any ? "" : fmt::format("the field \"{}\"", to_string(p.field));
}

// A clock for the catch-all rule counts as a clock of its pool if nothing else leads to that pool.
bool is_for_strays(const RoutingPolicy& routing, const ClockDefinition& clock, const Pool& pool) {
  const auto& rules = clock.when.rules;
  const bool named = std::any_of(routing.rules.begin(), routing.rules.end(),
                                 [&](const RouteRule& r) { return r.pool == pool.id; });
  return !named && routing.catch_all == pool.id &&
         std::find(rules.begin(), rules.end(), "catch_all") != rules.end();
}

bool has_clock(const Policy& policy, const Pool& pool) {
  const auto& clocks = policy.sla->clocks;
  return std::any_of(clocks.begin(), clocks.end(), [&](const ClockDefinition& c) {
    const bool here = c.when.pools.empty() || std::find(c.when.pools.begin(), c.when.pools.end(),
                                                        pool.id) != c.when.pools.end();
    // A fresh lead is in no pool yet.
    const bool fresh = c.when.pools.empty() && c.starts_at(ClockMoment::kLead);
    const bool waits =
        c.starts_at(ClockMoment::kMql) || c.starts_at(ClockMoment::kRequested) || fresh;
    return here && (c.when.rules.empty() || is_for_strays(*policy.routing, c, pool)) && waits &&
           !c.of_marketing && c.subject == ClockSubject::kLead;
  });
}

// Leads can be forgotten in a queue without a clock.
void probe_clocks(const YamlDocument& yaml, const Policy& policy, RouteProbe& probe) {
  for (const auto& pool : policy.routing->pools) {
    if (has_clock(policy, pool)) continue;
    warn(yaml, probe, pointer_of(yaml, "pools", "id", pool.id),
         fmt::format("no clock runs for leads that wait in pool \"{}\"; add one to policy/sla.yaml "
                     "that starts at mql for this pool",
                     pool.id),
         "routing.queue_without_clock");
  }
}

}  // namespace

std::string pointer_of(const YamlDocument& yaml, std::string_view list, std::string_view key,
                       std::string_view id) {
  const auto* root = yaml.value.if_object();
  const auto* items = root != nullptr ? array(*root, list) : nullptr;
  for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
    const auto* o = (*items)[i].if_object();
    if (o != nullptr && text(*o, key) == id) return fmt::format("/{}/{}", list, i);
  }
  return fmt::format("/{}", list);
}

void warn(const YamlDocument& yaml, RouteProbe& probe, std::string_view at, std::string message,
          std::string code) {
  probe.findings.push_back(yaml.finding(at, std::move(message), std::move(code)));
  probe.findings.back().warning = true;
}

void probe_sources(const YamlDocument& yaml, const RoutingPolicy& routing,
                   const Delivered& delivered, RouteProbe& probe) {
  for (const auto& rule : routing.rules) {
    for (const auto& p : rule.when) {
      const auto what = missing(p, routing, delivered);
      if (what.empty()) continue;
      warn(
          yaml, probe,
          fmt::format("{}/when/{}", pointer_of(yaml, "rules", "name", rule.name),
                      to_string(p.field)),
          fmt::format("rule \"{}\" needs {}, which no configured source delivers", rule.name, what),
          "routing.undelivered");
    }
  }
}

RouteProbe probe_routing(const YamlDocument& yaml, const Policy& policy,
                         const std::optional<Delivered>& delivered, Instant now) {
  RouteProbe probe;
  lint_departed(yaml, *policy.routing, local_day(now, "UTC"), probe.findings);
  probe_leads(yaml, policy, now, probe);
  probe_hours(yaml, policy, now, probe);
  probe_clocks(yaml, policy, probe);
  if (delivered) probe_sources(yaml, *policy.routing, *delivered, probe);
  return probe;
}

}  // namespace baton
