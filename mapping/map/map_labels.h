#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace baton {

// The meaning of a form field, derived from its name or question.
enum class Field : std::uint8_t {
  kNone,
  kEmail,
  kPhone,
  kFirstName,
  kLastName,
  kFullName,
  kSalutation,
  kAcademicTitle,
  kJobTitle,
  kCompany,
  kWebsite,
  kCompanySize,
  kIndustry,
  kCountry,
  kRegion,
  kCity,
  kPostalCode,
  kLanguage,
  kMessage,
  kUtmSource,
  kUtmMedium,
  kUtmCampaign,
  kUtmTerm,
  kUtmContent,
  kReferrer,
  kLandingPage,
  kClickId,
};

// Classifies labels and member names in English, German, French, Spanish, Italian, Dutch,
// Portuguese, Polish and Russian: "E-Mail-Adresse", "What's your full name?", "companyName".
// Ignores case, accents, punctuation and words such as "your", "Ihre", "bitte". The rest must match
// a known synonym completely, so that "Contact person from Acme" is not a name.
Field classify_label(std::string_view label);

// Parses a field name of an adapter spec: "email" -> kEmail.
std::optional<Field> parse_field(std::string_view name);

// Reduces a label to letters and digits in lower case, with accents folded and filler words
// removed: "emailadresse".
std::string fold_label(std::string_view label);

}  // namespace baton
