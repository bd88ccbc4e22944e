#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace baton {

// What a form field is about, told from its name or question.
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

// Reads labels and member names in English, German, French, Spanish, Italian, Dutch, Portuguese,
// Polish and Russian: "E-Mail-Adresse", "What's your full name?", "companyName". Case, accents,
// punctuation and words such as "your", "Ihre", "bitte" do not matter; what is left must be a known
// synonym as a whole, so that "Contact person from Acme" is nobody's name.
Field classify_label(std::string_view label);

// "email" -> kEmail: the names used in adapter specs.
std::optional<Field> parse_field(std::string_view name);

// Letters and digits only, lower case, accents folded, without filler words: "emailadresse".
std::string fold_label(std::string_view label);

}  // namespace baton
