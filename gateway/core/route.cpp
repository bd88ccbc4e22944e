#include "gateway/core/route.h"

#include <optional>

#include <fmt/format.h>

#include "gateway/core/route_rules.h"

namespace baton {
namespace {

// The policy's own word that the value met, if any.
std::optional<std::string> met(const RoutePredicate& p, std::string_view value) {
  if (value.empty()) return std::nullopt;
  for (const auto& wanted : p.values) {
    const bool hit =
        p.test == RouteTest::kPrefix ? has_prefix(value, wanted) : same_word(value, wanted);
    if (hit) return wanted;
  }
  return std::nullopt;
}

bool holds(const RoutePredicate& p, const RouteInput& input, std::string_view value) {
  switch (p.test) {
    case RouteTest::kIn:
    case RouteTest::kPrefix:
      return met(p, value).has_value();
    case RouteTest::kNotIn:
      return !met(p, value).has_value();
    case RouteTest::kPresent:
      return !value.empty();
    case RouteTest::kAbsent:
      return value.empty();
    case RouteTest::kAtLeast:
      return input.hops >= p.at_least;
  }
  return false;
}

// What may stand in a reason. A company's domain can be a person's (a sole trader), so it appears
// only in the policy's own words; of a postal code the first two digits are kept.
std::string shown(const RoutePredicate& p, std::string_view value) {
  if (const auto word = met(p, value)) return *word;
  if (value.empty()) return "";
  switch (p.field) {
    case RouteField::kCompanyDomain:
      return "other";
    case RouteField::kPostalCode:
      return std::string(value.substr(0, 2));
    default:
      return std::string(value);
  }
}

void note_rule(Reasons& reasons, const RouteRule& rule, const RouteInput& input, bool matched, const RoutePredicate* p) {
  reasons.begin("route.rule", "routing.rules.", rule.name).fact("matched", matched);
  if (p == nullptr) return;
  reasons.facts({{"field", to_string(p->field)}, {"test", to_string(p->test)}, {"value", shown(*p, route_value(input, p->field))}});
}

// Whether the rule matches, noting why: the first test that failed, or the last that held.
bool matches(const RouteRule& rule, const RouteInput& input, Reasons& reasons) {
  for (const auto& p : rule.when) {
    if (holds(p, input, route_value(input, p.field))) continue;
    note_rule(reasons, rule, input, false, &p);
    return false;
  }
  note_rule(reasons, rule, input, true, rule.when.empty() ? nullptr : &rule.when.back());
  return true;
}

void prefer(RouteChoice& choice, const RouteRule& rule, const RouteInput& input) {
  if (!choice.preferred_rep.empty()) return;
  choice.preferred_rep = rule.previous_owner ? input.previous_owner : rule.rep;
  if (choice.preferred_rep.empty()) return;
  choice.reasons.begin("route.preferred", "routing.rules.", rule.name)
      .facts({{"rep", choice.preferred_rep}, {"as", rule.previous_owner ? "previous_owner" : "named"}});
}

void choose(RouteChoice& choice, std::string pool, std::string rule) {
  choice.pool = std::move(pool);
  choice.rule = std::move(rule);
}

}  // namespace

std::string route_value(const RouteInput& input, RouteField field) {
  switch (field) {
    case RouteField::kCountry:
      return input.country;
    case RouteField::kRegion:
      return input.region;
    case RouteField::kPostalCode:
      return input.postal_code;
    case RouteField::kCity:
      return input.city;
    case RouteField::kLanguage:
      return input.language;
    case RouteField::kGrade:
      return input.grade;
    case RouteField::kType:
      return input.type;
    case RouteField::kJobLevel:
      return input.job_level;
    case RouteField::kJobFunction:
      return input.job_function;
    case RouteField::kCompanyDomain:
      return input.company_domain;
    case RouteField::kCompanySize:
      return input.company_size;
    case RouteField::kAsset:
      return input.asset;
    case RouteField::kCampaign:
      return input.campaign;
    case RouteField::kChannel:
      return input.channel;
    case RouteField::kPreviousOwner:
      return input.previous_owner;
    case RouteField::kHops:
      return fmt::format("{}", input.hops);
  }
  return {};
}

RouteChoice choose_pool(const RoutingPolicy& policy, const RouteInput& input) {
  RouteChoice choice;
  for (const auto& rule : policy.rules) {
    if (!matches(rule, input, choice.reasons)) continue;
    choice.hot = choice.hot || rule.hot;
    prefer(choice, rule, input);
    if (rule.pool.empty()) continue;
    choose(choice, rule.pool, rule.name);
    return choice;
  }
  choose(choice, policy.catch_all, "catch_all");
  choice.reasons.begin("route.catch_all", "routing.catch_all").fact("pool", policy.catch_all);
  return choice;
}

}  // namespace baton
