#include "gateway/core/explain.h"

#include <array>
#include <optional>

#include <fmt/format.h>

#include "gateway/core/explain_words.h"
#include "mapping/json.h"

namespace baton {
namespace {

std::string yes_or_no(bool yes, Language language) {
  if (language == Language::kGerman) return yes ? "ja" : "nein";
  return yes ? "yes" : "no";
}

std::string plain(const json::value& value, const Telling& how) {
  switch (value.kind()) {
    case json::kind::string: {
      const std::string_view text(value.get_string().data(), value.get_string().size());
      if (text.size() >= 20 && text[10] == 'T') {
        if (const auto at = parse_rfc3339(text)) return how.moment(*at);
      }
      return std::string(word(text, how.language));
    }
    case json::kind::array: {
      std::string out;
      for (const auto& item : value.get_array()) out += (out.empty() ? "" : ", ") + how.called(plain(item, how));
      return out;
    }
    case json::kind::object: {
      std::string out;
      for (const auto& m : value.get_object()) {
        out += (out.empty() ? "" : ", ") + how.called(m.key()) + " " + plain(m.value(), how);
      }
      return out;
    }
    case json::kind::bool_: return yes_or_no(value.get_bool(), how.language);
    default: return json::serialize(value);
  }
}

bool names_a_rep(std::string_view fact) {
  return fact == "rep" || fact == "asked_by" || fact == "owner" || fact == "recipient" || fact == "before";
}

// The text of a placeholder "name" or "name:format"; nothing where the fact is missing or empty.
std::optional<std::string> fill(std::string_view placeholder, const Reason& reason, const Telling& how) {
  const auto colon = placeholder.find(':');
  const auto name = placeholder.substr(0, colon);
  const auto format = colon == std::string_view::npos ? std::string_view() : placeholder.substr(colon + 1);
  if (name == "rule") return reason.rule.empty() ? std::nullopt : std::optional(reason.rule);
  const auto* value = member(reason.facts, name);
  if (value == nullptr && name == "label")
    value = member(reason.facts, how.language == Language::kGerman ? "label_de" : "label_en");
  if (value == nullptr) return std::nullopt;
  if (format == "points" || format == "time") {
    const auto number = integer(reason.facts, name);
    if (format == "time") return how.span(Duration{number});
    if (name == "cut" && number == 0) return std::nullopt;
    return points_text(number, how.language);
  }
  if (value->is_string() && value->get_string().empty()) return std::nullopt;
  if (names_a_rep(name) && value->is_string()) return how.called({value->get_string().data(), value->get_string().size()});
  auto text = plain(*value, how);
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

// Fills a pattern. A missing fact shows as "-", or drops the bracketed part it stands in.
std::string render(std::string_view pattern, const Reason& reason, const Telling& how) {
  std::string out;
  std::size_t part = std::string::npos;   // where the open bracket's text begins in `out`
  bool missing = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '[') {
      part = out.size();
      missing = false;
    } else if (pattern[i] == ']') {
      if (missing) out.resize(part);
      part = std::string::npos;
    } else if (pattern[i] == '{') {
      const auto end = pattern.find('}', i);
      const auto text = fill(pattern.substr(i + 1, end - i - 1), reason, how);
      if (!text) missing = true;
      out += text.value_or(part == std::string::npos ? "-" : "");
      i = end;
    } else {
      out += pattern[i];
    }
  }
  return out;
}

// A fact that is true may have a sentence of its own: "stage.entered.implied".
std::string_view pattern_of(const Reason& reason, Language language) {
  constexpr std::array<std::string_view, 4> kVariants = {"implied", "matched", "late", "fits"};
  for (const auto variant : kVariants) {
    if (!boolean(reason.facts, variant)) continue;
    const auto found = sentence(reason.code + "." + std::string(variant), language);
    if (!found.empty()) return found;
  }
  return sentence(reason.code, language);
}

}  // namespace

Language language_of(std::string_view tag) {
  return tag.substr(0, 2) == "de" ? Language::kGerman : Language::kEnglish;
}

std::string points_text(std::int64_t milli_points, Language language) {
  // To the nearest tenth: a point that has just begun to decay (14.999) is still 15 to a reader.
  const auto tenths = ((milli_points < 0 ? -milli_points : milli_points) + 50) / 100;
  auto out = fmt::format("{}{}", milli_points < 0 && tenths > 0 ? "-" : "", tenths / 10);
  const auto tenth = tenths % 10;
  if (tenth != 0) out += fmt::format("{}{}", language == Language::kGerman ? ',' : '.', tenth);
  return out;
}

std::string explain_reason(const Reason& reason, const Telling& how) {
  const auto pattern = pattern_of(reason, how.language);
  if (!pattern.empty()) return render(pattern, reason, how);
  auto out = reason.code;
  if (!reason.rule.empty()) out += " (" + reason.rule + ")";
  if (!reason.facts.empty()) out += ": " + plain(reason.facts, how);
  return out;
}

}  // namespace baton
