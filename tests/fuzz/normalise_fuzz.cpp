#include <string>

#include "mapping/instant.h"
#include "mapping/normalise/company.h"
#include "mapping/normalise/country.h"
#include "mapping/normalise/domain.h"
#include "mapping/normalise/email.h"
#include "mapping/normalise/host.h"
#include "mapping/normalise/language.h"
#include "mapping/normalise/name.h"
#include "mapping/normalise/time.h"
#include "mapping/normalise/title.h"
#include "mapping/unicode.h"
#include "tests/fuzz/fuzz.h"

namespace baton::fuzz {
namespace {

void email(std::string_view text) {
  const auto once = normalise_email(text);
  if (!once) return;
  const auto twice = normalise_email(once->address);
  require(twice && twice->address == once->address && twice->match_key == once->match_key,
          "an address is normalised once");
  require(once->address.size() <= 254 && is_utf8(once->address),
          "an address is short enough for RFC 5321, in UTF-8");
  require(once->address.find_first_of(" <>\r\n\t\"") == std::string::npos,
          "an address holds nothing a header could be broken with");
  require(
      once->address.ends_with("@" + once->domain) && normalise_host(once->domain) == once->domain,
      "a domain is a host");
  const auto key = normalise_email(once->match_key);
  require(key && key->match_key == once->match_key, "a match key is its own match key");
  (void)company_domain_of_email(*once);
}

void name(Input input) {
  Name sent;
  sent.salutation = input.line();
  sent.academic_title = input.line();
  sent.first = input.line();
  sent.last = input.line();
  sent.full = input.rest();
  const auto once = normalise_name(sent);
  require(normalise_name(once) == once, "a name is normalised once");
  require(is_utf8(once.full + once.first + once.last + once.salutation + once.academic_title),
          "a name is UTF-8");
}

void words(std::string_view text) {
  const auto company = normalise_company(text);
  require(normalise_company(company.name).name == company.name, "a company is normalised once");
  require(normalise_company(company.name).match_key == company.match_key,
          "a company is matched by its normalised name alike");
  const auto country = normalise_country(text);
  require(normalise_country(country) == country, "a country is normalised once");
  const auto language = normalise_language(text);
  require(normalise_language(language) == language, "a language is normalised once");
  const auto title = classify_title(text);
  require(title.level.empty() || !title.function.empty(), "a title with a level has a function");
}

void hosts(std::string_view text) {
  if (const auto host = normalise_host(text)) {
    require(normalise_host(*host) == host && host->size() <= 253, "a host is normalised once");
  }
  const auto domain = registrable_domain(text);
  require(registrable_domain(domain) == domain, "a registrable domain is its own");
  (void)is_free_mail(domain);
}

void times(Input input) {
  TimeHint hint;
  hint.unit = static_cast<TimeHint::Unit>(input.pick(3));
  static constexpr std::string_view kZones[] = {"", "Europe/Berlin", "America/New_York",
                                                "Nowhere/Land"};
  hint.zone = kZones[input.pick(4)];
  if (const auto at = parse_time(input.rest(), hint)) {
    require(at->ms >= 0 && at->ms < 7'258'118'400'000, "a time is between 1970 and 2199");
    require(parse_rfc3339(to_rfc3339(*at)) == at, "an instant is read back from its text");
  }
  if (const auto at = parse_rfc3339(input.rest())) {
    require(parse_rfc3339(to_rfc3339(*at)) == at, "an instant of a log is read back from its text");
  }
  if (const auto duration = parse_duration(input.rest())) {
    require(duration->ms >= 0 && parse_duration(to_string(*duration)) == duration,
            "a duration is read back from its text");
  }
}

void characters(std::string_view text) {
  const auto tidied = tidy(text);
  require(is_utf8(tidied) && tidy(tidied) == tidied, "text is tidied once");
  require(fold(fold(text)) == fold(text), "text is folded once");
  require(to_lower(to_lower(text)) == to_lower(text), "text is lowered once");
  require(is_utf8(to_upper(text)) && is_utf8(capitalise(text)), "changing case keeps UTF-8");
  require(count_characters(text) <= text.size(), "there are no more characters than bytes");
}

void run(std::string_view bytes) {
  Input input(bytes);
  switch (input.pick(6)) {
    case 0:
      return email(input.rest());
    case 1:
      return name(input);
    case 2:
      return words(input.rest());
    case 3:
      return hosts(input.rest());
    case 4:
      return times(input);
    default:
      return characters(input.rest());
  }
}

const Target kTarget("normalise", run);

}  // namespace
}  // namespace baton::fuzz
