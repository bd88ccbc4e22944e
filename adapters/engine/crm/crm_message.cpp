#include "adapters/engine/crm/crm_message.h"

#include <algorithm>
#include <array>

#include "adapters/engine/crm/crm_template.h"

namespace baton {
namespace {

constexpr std::size_t kLongest = 200;
constexpr std::size_t kShortestWord = 3;
constexpr std::size_t kShortestPart = 4;  // of a personal word, to count as a part of it
constexpr std::size_t kOpaque = 20;       // letters and digits mixed, this long: a token
constexpr std::size_t kPhoneDigits = 7;
constexpr std::string_view kStruck = "…";

// The places of texts for humans, the most specific first.
constexpr std::array<std::string_view, 11> kPlaces{
    "/message", "/error/message", "/errors/0/message", "/errors/0/detail", "/error_description",
    "/detail",  "/0/message",     "/data/0/message",   "/title",           "/errors/0",
    "/error"};
constexpr std::array<std::string_view, 14> kPersonal{
    "email",      "phone",       "first_name",  "last_name",    "full_name",
    "job_title",  "city",        "postal_code", "company.name", "company.domain",
    "owner.name", "owner.email", "lead.ask",    "lead.message"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_word(char c) {
  return is_digit(c) || is_letter(c) || static_cast<unsigned char>(c) >= 0x80 || c == '@' ||
         c == '_' || c == '+' || c == '-' || c == '.';
}
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Adds the words of a text, and their parts between "@", "." and "-".
void add_words(std::string_view text, std::vector<std::string>& words) {
  std::string word;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() &&
        (is_digit(text[i]) || is_letter(text[i]) || static_cast<unsigned char>(text[i]) >= 0x80)) {
      word += lower(text[i]);
      continue;
    }
    if (word.size() >= kShortestWord) words.push_back(word);
    word.clear();
  }
}

bool tells_of(std::string_view word, std::string_view personal) {
  if (word.find(personal) != std::string_view::npos) return true;
  return word.size() >= kShortestPart && personal.find(word) != std::string_view::npos;
}

bool is_private(std::string_view word, std::span<const std::string> personal) {
  if (word.find('@') != std::string_view::npos) return true;
  std::string plain;
  for (const char c : word) {
    if (c != '.' && c != '-' && c != '_') plain += lower(c);
  }
  const auto digits = static_cast<std::size_t>(std::count_if(plain.begin(), plain.end(), is_digit));
  const bool letters = std::any_of(plain.begin(), plain.end(), is_letter);
  if (plain.size() >= kOpaque && digits > 0 && letters) return true;
  if (digits >= kPhoneDigits && (plain.starts_with('+') || plain.starts_with('0'))) return true;
  return std::any_of(personal.begin(), personal.end(),
                     [&](const std::string& p) { return tells_of(plain, p); });
}

// Returns the length of a C1 control, line separator or paragraph separator at the front of the
// text, otherwise 0.
std::size_t separator(std::string_view text) {
  if (text.size() > 1 && text[0] == '\xC2' && static_cast<unsigned char>(text[1]) < 0xA0) return 2;
  return text.starts_with("\u2028") || text.starts_with("\u2029") ? 3 : 0;
}

std::string redact(std::string_view text, std::span<const std::string> personal) {
  std::string out;
  for (std::size_t i = 0; i < text.size() && out.size() < kLongest;) {
    std::size_t end = i;
    while (end < text.size() && is_word(text[end]) && separator(text.substr(end)) == 0) ++end;
    if (const auto size = separator(text.substr(i)); size > 0) {
      if (!out.empty() && out.back() != ' ') out += ' ';
      i += size;
      continue;
    }
    if (end == i) {  // a space or punctuation; line breaks and control characters become one space
      const char c = static_cast<unsigned char>(text[i]) < 0x20 || text[i] == 0x7F ? ' ' : text[i];
      if (c != ' ' || (!out.empty() && out.back() != ' ')) out += c == '"' ? '\'' : c;
      ++i;
      continue;
    }
    const auto word = text.substr(i, end - i);
    if (!is_private(word, personal))
      out += word;
    else if (!out.ends_with(kStruck))
      out += kStruck;
    i = end;
  }
  if (out.size() > kLongest) {
    std::size_t cut = kLongest - kStruck.size();
    while (cut > 0 && (static_cast<unsigned char>(out[cut]) & 0xC0) == 0x80) --cut;
    out.resize(cut);
    out += kStruck;
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

}  // namespace

void add_personal_words(const json::object& view, std::vector<std::string>& words) {
  for (const auto path : kPersonal) {
    const auto* value = at_path(view, path);
    if (value == nullptr || !value->is_string()) continue;
    const auto& text = value->get_string();
    add_words({text.data(), text.size()}, words);
  }
}

std::string vendor_message(const json::value& error, std::span<const std::string> personal) {
  for (const auto place : kPlaces) {
    const auto* found = at_pointer(error, place);
    if (found == nullptr || !found->is_string() || found->get_string().empty()) continue;
    const auto& text = found->get_string();
    std::size_t size = std::min<std::size_t>(text.size(), 4 * kLongest);
    while (size > 0 && size < text.size() &&
           (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80)
      --size;
    return redact({text.data(), size}, personal);
  }
  return {};
}

}  // namespace baton
