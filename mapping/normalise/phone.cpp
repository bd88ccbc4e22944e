#include "mapping/normalise/phone.h"

#include <algorithm>
#include <array>

#include <phonenumbers/logger.h>
#include <phonenumbers/phonenumber.pb.h>
#include <phonenumbers/phonenumberutil.h>

#include "mapping/unicode.h"

namespace baton {
namespace {

namespace pn = i18n::phonenumbers;

constexpr std::size_t kMaxRawPhone = 100;
constexpr std::size_t kMaxDigits = 15;  // ITU-T E.164, 6.1

// The library's log goes to standard output and quotes numbers, so it is muted. Parsing is const
// and guards its own caches: one instance serves all threads.
const pn::PhoneNumberUtil& library() {
  static const pn::PhoneNumberUtil* const instance = [] {
    auto* util = pn::PhoneNumberUtil::GetInstance();
    util->SetLogger(new pn::NullLogger);
    return util;
  }();
  return *instance;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Countries with trunk prefix 0 (none in +1) whose national numbers of these lengths the library
// returns unchanged. Calling it costs 20 us, so it is skipped for them. A test compares both ways.
struct PlainPlan {
  std::string_view region, code, trunk;
  std::size_t shortest, longest;
  char first;  // lowest first digit of a national number
};
constexpr std::array<PlainPlan, 6> kPlainPlans{{{"DE", "+49", "0", 7, 11, '1'},
                                                {"AT", "+43", "0", 7, 12, '1'},
                                                {"CH", "+41", "0", 9, 9, '1'},
                                                {"FR", "+33", "0", 9, 9, '1'},
                                                {"NL", "+31", "0", 9, 9, '1'},
                                                {"US", "+1", "", 10, 10, '2'}}};

bool is_plain_e164(std::string_view text) {
  for (const PlainPlan& plan : kPlainPlans) {
    if (!text.starts_with(plan.code)) continue;
    const std::string_view national = text.substr(plan.code.size());
    return national.size() >= plan.shortest && national.size() <= plan.longest &&
           national.front() >= plan.first &&
           std::all_of(national.begin(), national.end(), is_digit);
  }
  return false;
}

// Returns the digits of a number that contains only digits and the usual separators, with '+' if it
// is international; otherwise "".
std::string plain_digits(std::string_view raw) {
  std::string out;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const char c = raw[i];
    if (is_digit(c) || (c == '+' && out.empty()))
      out += c;
    else if (std::string_view(" -./()").find(c) == std::string_view::npos)
      return {};
    if (out == "00") out = "+";
    const bool trunk_zero = c == '(' && out.starts_with('+') && raw.substr(i).starts_with("(0)");
    if (trunk_zero) i += 2;
  }
  return out;
}

std::optional<std::string> without_library(std::string_view raw, std::string_view region) {
  std::string digits = plain_digits(raw);
  if (digits.empty()) return std::nullopt;
  if (digits.front() != '+') {
    const auto plan = std::find_if(kPlainPlans.begin(), kPlainPlans.end(),
                                   [&](const PlainPlan& p) { return p.region == region; });
    if (plan == kPlainPlans.end() || !digits.starts_with(plan->trunk)) return std::nullopt;
    digits.replace(0, plan->trunk.size(), plan->code);
  }
  if (!is_plain_e164(digits)) return std::nullopt;
  return digits;
}

// Removes "tel:" and its parameters, replaces a leading "00" with '+', and removes the "(0)" of
// "+49 (0) 89", except in Italy, where the zero is part of the number.
std::string prepared(std::string_view raw) {
  std::string text = tidy(raw);
  if (to_lower(std::string_view(text).substr(0, 4)) == "tel:") text.erase(0, 4);
  text.resize(std::min(text.size(), text.find(';')));
  text = trim(text);
  if (text.starts_with("00"))
    text.replace(0, 2, "+");
  else if (text.starts_with("(00"))
    text.replace(0, 3, "(+");
  const bool international = text.find('+') < 2;
  const bool italian = text.find("+39") < 2;
  if (const auto zero = text.find("(0)"); international && !italian && zero != std::string::npos)
    text.replace(zero, 3, " ");
  return text;
}

// If a field contains two numbers, the first one counts.
std::string_view first_of_several(std::string_view text) {
  for (const std::string_view separator : {",", "|", " / ", " or ", " oder ", " und ", " and "})
    text = text.substr(0, text.find(separator));
  return trim(text);
}

std::optional<std::string> ask_library(const std::string& text, const std::string& region) {
  pn::PhoneNumber number;
  if (library().Parse(text, region, &number) != pn::PhoneNumberUtil::NO_PARSING_ERROR)
    return std::nullopt;
  if (number.national_number() == 0) return std::nullopt;
  if (!library().IsValidNumber(number) &&
      library().IsPossibleNumberWithReason(number) != pn::PhoneNumberUtil::IS_POSSIBLE)
    return std::nullopt;
  std::string out;
  library().Format(number, pn::PhoneNumberUtil::E164, &out);
  if (out.size() > 1 + kMaxDigits) return std::nullopt;
  return out;
}

// Rejects a result that reads differently a second time ("+4900398"): it cannot be dialled.
std::optional<std::string> read_stably(const std::string& text, const std::string& region) {
  auto once = ask_library(text, region);
  if (!once || is_plain_e164(*once) || ask_library(*once, "ZZ") == once) return once;
  return std::nullopt;
}

}  // namespace

std::optional<std::string> normalise_phone(std::string_view raw, std::string_view default_region) {
  if (is_plain_e164(raw)) return std::string(raw);
  if (raw.size() > kMaxRawPhone || !is_utf8(raw)) return std::nullopt;
  // "ZZ" is the library's name for no region.
  const std::string region = default_region.empty() ? "ZZ" : to_upper(default_region);
  if (auto plain = without_library(raw, region)) return plain;
  const std::string text = prepared(raw);
  const auto digits = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_digit));
  // The library reads digits of other scripts. Without any digits there is no number.
  if (is_ascii(text) && digits < 3) return std::nullopt;
  if (digits <= kMaxDigits + 1) {
    if (auto whole = read_stably(text, region)) return whole;
  }
  const std::string_view first = first_of_several(text);
  if (first.size() == text.size()) return std::nullopt;
  return read_stably(std::string(first), region);
}

}  // namespace baton
