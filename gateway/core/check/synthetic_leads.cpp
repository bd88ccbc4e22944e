#include "gateway/core/check/synthetic_leads.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "gateway/core/routing/route_rules.h"

namespace baton {
namespace {

// A value that begins with a prefix, or the first value of a range. Sets the country if the text
// names one.
std::string within(std::string_view codes) {
  std::string_view from, to;
  if (read_range(codes, from, to) == RangeText::kRange) return std::string(from);
  if (const auto colon = codes.find(':'); colon != std::string_view::npos)
    codes.remove_prefix(colon + 1);
  std::string value(codes);
  while (value.size() < 5) value += '1';
  return value;
}

int number(const std::string& text) {
  int n = 0;
  std::from_chars(text.data(), text.data() + text.size(), n);
  return n;
}

std::string* place(RouteInput& in, RouteField field) {
  switch (field) {
    case RouteField::kCountry:
      return &in.country;
    case RouteField::kRegion:
      return &in.region;
    case RouteField::kPostalCode:
      return &in.postal_code;
    case RouteField::kCity:
      return &in.city;
    case RouteField::kLanguage:
      return &in.language;
    case RouteField::kGrade:
      return &in.grade;
    case RouteField::kType:
      return &in.type;
    case RouteField::kJobLevel:
      return &in.job_level;
    case RouteField::kJobFunction:
      return &in.job_function;
    case RouteField::kCompanyDomain:
      return &in.company_domain;
    case RouteField::kCompanySize:
      return &in.company_size;
    case RouteField::kAsset:
      return &in.asset;
    case RouteField::kCampaign:
      return &in.campaign;
    case RouteField::kChannel:
      return &in.channel;
    case RouteField::kPreviousOwner:
      return &in.previous_owner;
    case RouteField::kTouch:
      return &in.touch;
    case RouteField::kSource:
      return &in.source;
    case RouteField::kAccountOwner:
      return &in.account_owner;
    default:
      return nullptr;
  }
}

void set(RouteInput& in, RouteField field, const std::string& value) {
  if (auto* text = place(in, field)) *text = value;
  if (field == RouteField::kHops) in.hops = number(value);
  if (field == RouteField::kPreviousOwnerDays)
    in.previous_owner_days = value.empty() ? -1 : number(value);
}

}  // namespace

SyntheticLeads::SyntheticLeads(const RoutingPolicy& policy) : policy_(policy) {
  for (int f = 0; f < kRouteFields; ++f) {
    const auto field = static_cast<RouteField>(f);
    values_[field] = {"", other(field)};
  }
  for (const char* grade : {"A1", "B2", "C3", "D4"}) add(RouteField::kGrade, grade);
  for (const char* type : {"informational", "hand_raiser", "transactional"})
    add(RouteField::kType, type);
  for (const auto& rep : policy.reps) {
    for (const auto& l : rep.languages) add(RouteField::kLanguage, l);
    for (const auto& c : rep.countries) add(RouteField::kCountry, c);
    for (const auto& r : rep.regions) add(RouteField::kRegion, r);
    for (const auto& p : rep.postal_codes) add(RouteField::kPostalCode, within(p));
    if (!rep.active) continue;
    add(RouteField::kPreviousOwner, rep.id.str());
    add(RouteField::kAccountOwner, rep.id.str());
  }
  for (const auto& rule : policy.rules) {
    for (const auto& p : rule.when) {
      for (const auto& v : p.values)
        add(p.field, p.test == RouteTest::kIn || p.test == RouteTest::kNotIn ? v : within(v));
    }
  }
}

std::string SyntheticLeads::other(RouteField field) {
  switch (field) {
    case RouteField::kCountry:
      return "ZZ";
    case RouteField::kLanguage:
      return "zz";
    case RouteField::kPostalCode:
      return "00000";
    case RouteField::kGrade:
      return "C1";
    case RouteField::kType:
      return "informational";
    case RouteField::kCompanySize:
      return "50";
    case RouteField::kHops:
    case RouteField::kPreviousOwnerDays:
      return "1";
    case RouteField::kPreviousOwner:
    case RouteField::kAccountOwner:
      return "";
    default:
      return "other";
  }
}

void SyntheticLeads::add(RouteField field, const std::string& value) {
  auto& known = values_[field];
  if (std::find(known.begin(), known.end(), value) == known.end()) known.push_back(value);
}

// SplitMix64: the same sequence on every machine.
std::uint64_t SyntheticLeads::next() {
  std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

const std::string& SyntheticLeads::any(RouteField field) {
  const auto& known = values_[field];
  return known[static_cast<std::size_t>(next() % known.size())];
}

std::string SyntheticLeads::meeting(const RoutePredicate& p) {
  const auto one = [&] { return p.values[static_cast<std::size_t>(next() % p.values.size())]; };
  switch (p.test) {
    case RouteTest::kIn:
      return p.values.empty() ? "" : one();
    case RouteTest::kPrefix:
    case RouteTest::kRange:
      return p.values.empty() ? "" : within(one());
    case RouteTest::kAtLeast:
    case RouteTest::kAtMost:
      return fmt::format("{}", p.bound);
    case RouteTest::kAbsent:
      return "";
    case RouteTest::kNotIn:
      return other(p.field);
    case RouteTest::kPresent:
      break;
  }
  const auto& known = values_[p.field];
  const auto said =
      std::find_if(known.begin(), known.end(), [](const auto& v) { return !v.empty(); });
  return said != known.end() ? *said : "";
}

RouteInput SyntheticLeads::make(int lead) {
  RouteInput in;
  for (const auto& [field, known] : values_) set(in, field, any(field));
  if (policy_.rules.empty() || lead % 2 == 0) return in;
  const auto& rule = policy_.rules[static_cast<std::size_t>(lead / 2) % policy_.rules.size()];
  for (const auto& p : rule.when) set(in, p.field, meeting(p));
  return in;
}

}  // namespace baton
