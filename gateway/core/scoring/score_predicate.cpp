#include "gateway/core/scoring/score_predicate.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <utility>

#include "mapping/normalise/domain.h"

namespace baton {

class TextPattern {
 public:
  explicit TextPattern(const std::string& expression) : re_(expression, options()) {}
  const re2::RE2& re() const { return re_; }

 private:
  static re2::RE2::Options options() {
    re2::RE2::Options o;
    o.set_case_sensitive(false);
    o.set_log_errors(false);
    return o;
  }
  re2::RE2 re_;
};

namespace {

using Field = ProfileField;

constexpr std::array<std::pair<std::string_view, Field>, 15> kFields{
    {{"email_domain", Field::kEmailDomain},
     {"free_mail", Field::kFreeMail},
     {"phone", Field::kPhone},
     {"job_title", Field::kJobTitle},
     {"job_level", Field::kJobLevel},
     {"job_function", Field::kJobFunction},
     {"language", Field::kLanguage},
     {"country", Field::kCountry},
     {"region", Field::kRegion},
     {"city", Field::kCity},
     {"postal_code", Field::kPostalCode},
     {"company.name", Field::kCompanyName},
     {"company.domain", Field::kCompanyDomain},
     {"company.size", Field::kCompanySize},
     {"company.industry", Field::kCompanyIndustry}}};

std::string_view email_domain(const PersonFacts& p) {
  const auto at = p.email.rfind('@');
  return at == std::string::npos ? std::string_view{} : std::string_view(p.email).substr(at + 1);
}

std::string_view value_of(Field field, const PersonFacts& p) {
  switch (field) {
    case Field::kEmailDomain:
      return email_domain(p);
    case Field::kFreeMail:
      return p.email.empty() ? "" : is_free_mail(email_domain(p)) ? "true" : "false";
    case Field::kPhone:
      return p.phone;
    case Field::kJobTitle:
      return p.job_title;
    case Field::kJobLevel:
      return p.job_level;
    case Field::kJobFunction:
      return p.job_function;
    case Field::kLanguage:
      return p.language;
    case Field::kCountry:
      return p.country;
    case Field::kRegion:
      return p.region;
    case Field::kCity:
      return p.city;
    case Field::kPostalCode:
      return p.postal_code;
    case Field::kCompanyName:
      return p.company.name;
    case Field::kCompanyDomain:
      return p.company.domain;
    case Field::kCompanySize:
      return p.company.size;
    case Field::kCompanyIndustry:
      return p.company.industry;
  }
  return {};
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool same(std::string_view value, std::string_view lower_case) {
  return std::equal(value.begin(), value.end(), lower_case.begin(), lower_case.end(),
                    [](char a, char b) { return lower(a) == b; });
}

// The first number of a size such as "51-200", "1.000+", "ca. 250". Dots and spaces group digits.
std::optional<std::int64_t> first_number(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto begin = std::find_if(text.begin(), text.end(), digit);
  if (begin == text.end()) return std::nullopt;
  std::int64_t number = 0;
  for (auto at = begin; at != text.end() && number < 1'000'000'000; ++at) {
    const bool group = (*at == '.' || *at == ',' || *at == '\'') && text.end() - at > 3 &&
                       std::all_of(at + 1, at + 4, digit);
    if (!digit(*at) && !group) break;
    if (digit(*at)) number = number * 10 + (*at - '0');
  }
  return number;
}

bool one_of(std::string_view value, const std::vector<std::string>& values) {
  return std::any_of(values.begin(), values.end(),
                     [&](const std::string& v) { return same(value, v); });
}

bool fits(const std::vector<std::string>& wanted, std::string_view value) {
  if (wanted.empty()) return true;
  return std::any_of(wanted.begin(), wanted.end(), [&](std::string_view w) {
    return w.ends_with('*') ? value.starts_with(w.substr(0, w.size() - 1)) : value == w;
  });
}

}  // namespace

std::optional<ProfileField> parse_profile_field(std::string_view name) {
  for (const auto& [known, field] : kFields) {
    if (known == name) return field;
  }
  return std::nullopt;
}

std::vector<std::string> profile_field_names() {
  std::vector<std::string> names;
  for (const auto& [name, field] : kFields) names.emplace_back(name);
  return names;
}

std::shared_ptr<const TextPattern> compile_pattern(const std::string& expression,
                                                   std::string& fault) {
  auto pattern = std::make_shared<const TextPattern>(expression);
  if (pattern->re().ok()) return pattern;
  fault = pattern->re().error();
  return nullptr;
}

bool FieldTest::holds(const PersonFacts& person) const {
  const std::string_view value = value_of(field, person);
  if (kind == Kind::kAbsent) return value.empty();
  if (value.empty()) return false;
  switch (kind) {
    case Kind::kOneOf:
      return one_of(value, values);
    case Kind::kNoneOf:
      return !one_of(value, values);
    case Kind::kMatches:
      return re2::RE2::PartialMatch(re2::StringPiece(value.data(), value.size()), pattern->re());
    case Kind::kRange: {
      const auto number = first_number(value);
      return number && *number >= at_least && *number < below;
    }
    case Kind::kPresent:
      return true;
    case Kind::kAbsent:
      return false;
  }
  return false;
}

bool ProfileTest::holds(const PersonFacts& person) const {
  if (any.empty()) return true;
  return std::any_of(any.begin(), any.end(), [&](const std::vector<FieldTest>& all) {
    return std::all_of(all.begin(), all.end(),
                       [&](const FieldTest& test) { return test.holds(person); });
  });
}

bool TouchTest::asks_detail() const {
  return intents != 0 || dwell_at_least_s > 0 || !assets.empty() || !page_groups.empty() ||
         !channels.empty() || !campaigns.empty();
}

bool TouchTest::holds(const KeptTouch& touch) const {
  if ((types & type_bit(touch.type)) == 0) return false;
  if (intents != 0 && (intents >> static_cast<unsigned>(touch.intent) & 1U) == 0) return false;
  return touch.dwell_s >= dwell_at_least_s && fits(assets, touch.asset) &&
         fits(page_groups, touch.page_group) && fits(channels, touch.channel) &&
         fits(campaigns, touch.campaign);
}

}  // namespace baton
