#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/core/model/person.h"

namespace baton {

// A test of policy/scoring.yaml on a profile or a touch. Unknown facts satisfy only `present:
// false`.

enum class ProfileField : std::uint8_t {
  kEmailDomain,
  kFreeMail,
  kPhone,
  kJobTitle,
  kJobLevel,
  kJobFunction,
  kLanguage,
  kCountry,
  kRegion,
  kCity,
  kPostalCode,
  kCompanyName,
  kCompanyDomain,
  kCompanySize,
  kCompanyIndustry,
};
std::optional<ProfileField> parse_profile_field(std::string_view name);  // "company.size"
std::vector<std::string> profile_field_names();

class TextPattern;  // a compiled RE2
// Empty if the expression is invalid; `fault` contains the reason.
std::shared_ptr<const TextPattern> compile_pattern(const std::string& expression,
                                                   std::string& fault);

struct FieldTest {
  enum class Kind : std::uint8_t { kOneOf, kNoneOf, kMatches, kPresent, kAbsent, kRange };
  ProfileField field = ProfileField::kCountry;
  Kind kind = Kind::kOneOf;
  std::vector<std::string> values;  // lower case; ASCII case is ignored
  std::shared_ptr<const TextPattern> pattern;
  std::int64_t at_least = 0, below = INT64_MAX;  // kRange: of the number a size begins with

  bool holds(const PersonFacts& person) const;
};

// All tests of one alternative must hold. Without alternatives it always holds.
struct ProfileTest {
  std::vector<std::vector<FieldTest>> any;
  bool holds(const PersonFacts& person) const;
};

// Texts must be equal, or begin with the value before a final '*'. Case-sensitive. Empty lists
// match everything.
struct TouchTest {
  std::uint64_t types = 0;   // bit by TouchType
  std::uint8_t intents = 0;  // bit by Intent; 0: any
  std::vector<std::string> assets, page_groups, channels, campaigns;
  int dwell_at_least_s = 0;

  bool asks_detail() const;                  // tests more than the type, which day sums do not have
  bool holds(const KeptTouch& touch) const;  // whether to test the type as well
};

constexpr std::uint64_t type_bit(TouchType type) {
  return std::uint64_t{1} << static_cast<unsigned>(type);
}
static_assert(kTouchTypes <= 64);

}  // namespace baton
