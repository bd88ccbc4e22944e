#include "gateway/core/explain.h"

#include <array>
#include <optional>

#include <fmt/format.h>

#include "gateway/core/explain_words.h"
#include "mapping/json.h"

namespace baton {
namespace {

// "2026-03-09 10:00 UTC"; seconds only where there are some.
std::string time_text(Instant at) {
  auto text = to_rfc3339(at);
  auto out = text.substr(0, 10) + " " + text.substr(11, 5);
  if (text.substr(17, 2) != "00") out += text.substr(16, 3);
  return out + " UTC";
}

std::string plain(const json::value& value, Language language) {
  switch (value.kind()) {
    case json::kind::string: {
      const std::string_view text(value.get_string().data(), value.get_string().size());
      if (text.size() >= 20 && text[10] == 'T') {
        if (const auto at = parse_rfc3339(text)) return time_text(*at);
      }
      return std::string(word(text, language));
    }
    case json::kind::array: {
      std::string out;
      for (const auto& item : value.get_array()) out += (out.empty() ? "" : ", ") + plain(item, language);
      return out;
    }
    case json::kind::object: {
      std::string out;
      for (const auto& m : value.get_object()) {
        const std::string key(m.key());
        out += (out.empty() ? "" : ", ") + key + " " + plain(m.value(), language);
      }
      return out;
    }
    case json::kind::bool_: return value.get_bool() ? "yes" : "no";
    default: return json::serialize(value);
  }
}

// The text of a placeholder "name" or "name:format"; nothing where the fact is missing or empty.
std::optional<std::string> fill(std::string_view placeholder, const Reason& reason, Language language) {
  const auto colon = placeholder.find(':');
  const auto name = placeholder.substr(0, colon);
  const auto format = colon == std::string_view::npos ? std::string_view() : placeholder.substr(colon + 1);
  if (name == "rule") return reason.rule.empty() ? std::nullopt : std::optional(reason.rule);
  const auto* value = member(reason.facts, name);
  if (value == nullptr && name == "label")
    value = member(reason.facts, language == Language::kGerman ? "label_de" : "label_en");
  if (value == nullptr) return std::nullopt;
  if (format == "points" || format == "time") {
    const auto number = integer(reason.facts, name);
    if (format == "time") return to_string(Duration{number});
    if (name == "cut" && number == 0) return std::nullopt;
    return points_text(number, language);
  }
  auto text = plain(*value, language);
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

// Fills a pattern. A missing fact shows as "-", or drops the bracketed part it stands in.
std::string render(std::string_view pattern, const Reason& reason, Language language) {
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
      const auto text = fill(pattern.substr(i + 1, end - i - 1), reason, language);
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

std::string explain_reason(const Reason& reason, Language language) {
  const auto pattern = pattern_of(reason, language);
  if (!pattern.empty()) return render(pattern, reason, language);
  auto out = reason.code;
  if (!reason.rule.empty()) out += " (" + reason.rule + ")";
  if (!reason.facts.empty()) out += ": " + plain(reason.facts, language);
  return out;
}

}  // namespace baton
