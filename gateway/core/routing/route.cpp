#include "gateway/core/routing/route.h"

#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "gateway/core/routing/route_rules.h"

namespace baton {
namespace {

// The rule's value that the input matched. Empty if none did.
std::optional<std::string> met(const RoutePredicate& p, std::string_view value) {
  if (value.empty()) return std::nullopt;
  for (const auto& wanted : p.values) {
    const bool hit = p.test == RouteTest::kPrefix  ? has_prefix(value, wanted)
                     : p.test == RouteTest::kRange ? in_range(value, wanted)
                                                   : same_word(value, wanted);
    if (hit) return wanted;
  }
  return std::nullopt;
}

// The number that a value is or begins with ("50-249"). Empty if it begins with none.
std::optional<int> number_in(std::string_view value) {
  int number = 0;
  const auto [end, ec] = std::from_chars(value.data(), value.data() + value.size(), number);
  return ec == std::errc() ? std::optional(number) : std::nullopt;
}

bool holds(const RoutePredicate& p, std::string_view value) {
  const auto number = number_in(value);
  switch (p.test) {
    case RouteTest::kIn:
    case RouteTest::kPrefix:
    case RouteTest::kRange:
      return met(p, value).has_value();
    case RouteTest::kNotIn:
      return !met(p, value).has_value();
    case RouteTest::kPresent:
      return !value.empty();
    case RouteTest::kAbsent:
      return value.empty();
    case RouteTest::kAtLeast:
      return number && *number >= p.bound;
    case RouteTest::kAtMost:
      return number && *number <= p.bound;
  }
  return false;
}

// The part of a value that a reason may contain. A company's domain can identify a person (a sole
// trader), so the reason quotes the policy's value instead. Of a postal code it keeps the first two
// digits.
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

void note_rule(Reasons& reasons, const RouteRule& rule, const RouteInput& input, bool matched,
               const RoutePredicate* p) {
  reasons.begin("route.rule", "routing.rules.", rule.name).fact("matched", matched);
  if (p == nullptr) return;
  reasons.facts({{"field", to_string(p->field)},
                 {"test", to_string(p->test)},
                 {"value", shown(*p, route_value(input, p->field))}});
}

// Whether the rule matches. Records the first test that failed, or the last test if all passed.
bool matches(const RouteRule& rule, const RouteInput& input, Reasons& reasons) {
  for (const auto& p : rule.when) {
    if (holds(p, route_value(input, p.field))) continue;
    note_rule(reasons, rule, input, false, &p);
    return false;
  }
  note_rule(reasons, rule, input, true, rule.when.empty() ? nullptr : &rule.when.back());
  return true;
}

void prefer(RouteChoice& choice, const RouteRule& rule, const RouteInput& input) {
  if (!choice.preferred_rep.empty()) return;
  const std::pair<std::string_view, const std::string*> ways[] = {
      {"named", &rule.rep.str()},
      {"account_owner", rule.account_owner ? &input.account_owner : nullptr},
      {"previous_owner", rule.previous_owner ? &input.previous_owner : nullptr}};
  for (const auto& [as, rep] : ways) {
    if (rep == nullptr || rep->empty()) continue;
    choice.preferred_rep = RepId(*rep);
    choice.sticky = rule.sticky;
    choice.reasons.begin("route.preferred", "routing.rules.", rule.name)
        .facts({{"rep", *rep}, {"as", as}});
    if (rule.sticky) choice.reasons.fact("sticky", true);
    return;
  }
}

void ask(RouteChoice& choice, const RouteRule& rule) {
  choice.hot = choice.hot || rule.hot;
  choice.skills.insert(choice.skills.end(), rule.skills.begin(), rule.skills.end());
  if (choice.seniority.empty()) choice.seniority = rule.seniority;
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
    case RouteField::kTouch:
      return input.touch;
    case RouteField::kSource:
      return input.source;
    case RouteField::kAccountOwner:
      return input.account_owner;
    case RouteField::kPreviousOwnerDays:
      return input.previous_owner_days < 0 ? "" : fmt::format("{}", input.previous_owner_days);
  }
  return {};
}

RouteChoice choose_pool(const RoutingPolicy& policy, const RouteInput& input) {
  RouteChoice choice;
  for (const auto& rule : policy.rules) {
    if (!matches(rule, input, choice.reasons)) continue;
    ask(choice, rule);
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
