#include "gateway/core/route.h"

#include <optional>

#include <fmt/format.h>

#include "gateway/core/route_rules.h"
#include "mapping/json.h"

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

Reason rule_reason(const RouteRule& rule, bool matched) {
  Reason r{"route.rule", "routing.rules." + rule.name, {}};
  r.facts["matched"] = matched;
  return r;
}

void add_test(Reason& reason, const RoutePredicate& p, std::string_view value) {
  reason.facts["field"] = to_string(p.field);
  reason.facts["test"] = to_string(p.test);
  reason.facts["value"] = shown(p, value);
}

// Whether the rule matches, and why: the first test that failed, or the last that held.
Reason evaluate(const RouteRule& rule, const RouteInput& input) {
  for (const auto& p : rule.when) {
    const std::string value = route_value(input, p.field);
    if (holds(p, input, value)) continue;
    Reason r = rule_reason(rule, false);
    add_test(r, p, value);
    return r;
  }
  Reason r = rule_reason(rule, true);
  if (!rule.when.empty()) add_test(r, rule.when.back(), route_value(input, rule.when.back().field));
  return r;
}

void prefer(RouteChoice& choice, const RouteRule& rule, const RouteInput& input) {
  if (!choice.preferred_rep.empty()) return;
  choice.preferred_rep = rule.previous_owner ? input.previous_owner : rule.rep;
  if (choice.preferred_rep.empty()) return;
  Reason r{"route.preferred", "routing.rules." + rule.name, {}};
  r.facts["rep"] = choice.preferred_rep;
  r.facts["as"] = rule.previous_owner ? "previous_owner" : "named";
  choice.reasons.push_back(std::move(r));
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
    Reason why = evaluate(rule, input);
    const bool matched = boolean(why.facts, "matched");
    choice.reasons.push_back(std::move(why));
    if (!matched) continue;
    choice.hot = choice.hot || rule.hot;
    prefer(choice, rule, input);
    if (rule.pool.empty()) continue;
    choose(choice, rule.pool, rule.name);
    return choice;
  }
  choose(choice, policy.catch_all, "catch_all");
  Reason r{"route.catch_all", "routing.catch_all", {}};
  r.facts["pool"] = policy.catch_all;
  choice.reasons.push_back(std::move(r));
  return choice;
}

}  // namespace baton
