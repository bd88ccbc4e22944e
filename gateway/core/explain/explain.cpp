#include "gateway/core/explain/explain.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "gateway/core/explain/explain_words.h"
#include "gateway/core/pool/pool.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

std::string yes_or_no(bool yes, Language language) {
  if (language == Language::kGerman) return yes ? "ja" : "nein";
  return yes ? "yes" : "no";
}

std::optional<Instant> moment_of(std::string_view text) {
  if (text.size() < 20 || text[10] != 'T') return std::nullopt;
  const auto at = parse_rfc3339(text);
  return at ? std::optional(*at) : std::nullopt;
}

std::string plain(const json::value& value, const NarrationStyle& how) {
  switch (value.kind()) {
    case json::kind::string: {
      const std::string_view text(value.get_string().data(), value.get_string().size());
      if (const auto at = moment_of(text)) return how.moment(*at);
      const auto code = text.substr(0, text.find('#'));  // a clock goes by its definition
      const auto known = word(code, how.language);
      return known == code ? how.called(code) : std::string(known);
    }
    case json::kind::array: {
      std::string out;
      for (const auto& item : value.get_array())
        out += (out.empty() ? "" : ", ") + how.called(plain(item, how));
      return out;
    }
    case json::kind::object: {
      std::string out;
      for (const auto& m : value.get_object()) {
        out += (out.empty() ? "" : ", ") + how.called(m.key()) + " " + plain(m.value(), how);
      }
      return out;
    }
    case json::kind::bool_:
      return yes_or_no(value.get_bool(), how.language);
    default:
      return json::serialize(value);
  }
}

// Of somebody or of a group: shown by name.
bool has_name(std::string_view fact) {
  constexpr std::array<std::string_view, 8> kNamed = {"rep",    "asked_by", "owner", "recipient",
                                                      "before", "pool",     "team",  "second"};
  return std::find(kNamed.begin(), kNamed.end(), fact) != kNamed.end();
}

std::string quoted(std::string_view text, Language language) {
  return language == Language::kGerman ? fmt::format("„{}“", text) : fmt::format("\"{}\"", text);
}

// A rule as the policy calls it, without the file and the section it stands in.
std::string rule_name(const std::string& rule, Language language) {
  if (rule.starts_with("lifecycle.")) return std::string(word(rule, language));
  return rule.substr(rule.rfind('.') + 1);
}

// What the reader knows already: the moment just told, a grade that stayed as it was.
bool is_known(std::string_view name, std::string_view value, const Reason& reason,
              const NarrationStyle& how) {
  if (name == "before" && value == text(reason.facts, "grade")) return true;
  if (name == "due" && reason.code == "clock.stopped" && value < text(reason.facts, "stopped_at")) {
    return !boolean(reason.facts,
                    "late");  // it stood still meanwhile: what it was due at before says nothing
  }
  if (name == "intent" && value == to_string(Intent::kInformational)) return true;
  if (!how.said) return false;
  const auto at = moment_of(value);
  return at && *at == *how.said;
}

// How many turns each of them is ahead of the first in line: {"max": 2500000} of a turn are "2.5".
std::string turns_text(const json::object& passes, const NarrationStyle& how) {
  std::int64_t least = INT64_MAX;
  for (const auto& m : passes) least = std::min(least, m.value().to_number<std::int64_t>());
  std::string out;
  for (const auto& m : passes) {
    const auto thousandths = (m.value().to_number<std::int64_t>() - least) / (kTurn / 1000);
    out += (out.empty() ? "" : ", ") + how.called(m.key()) + " " +
           points_text(thousandths, how.language);
  }
  return out;
}

// The text of a placeholder "name" or "name:format"; nothing where the fact is missing or empty.
std::optional<std::string> fill(std::string_view placeholder, const Reason& reason,
                                const NarrationStyle& how) {
  const auto colon = placeholder.find(':');
  const auto name = placeholder.substr(0, colon);
  const auto format =
      colon == std::string_view::npos ? std::string_view() : placeholder.substr(colon + 1);
  if (name == "rule")
    return reason.rule.empty() ? std::nullopt : std::optional(rule_name(reason.rule, how.language));
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
  if (format == "turns" && value->is_object()) return turns_text(value->get_object(), how);
  if (value->is_string()) {
    const std::string_view said(value->get_string().data(), value->get_string().size());
    if (said.empty() || is_known(name, said, reason, how)) return std::nullopt;
    const auto at = moment_of(said);
    if (name == "clock" && how.clock) return quoted(how.clock_display_name(said), how.language);
    if (!at &&
        (has_name(name) || (name == "value" && text(reason.facts, "field").ends_with("_owner"))))
      return how.called(said);
    if (at) return format == "on" ? how.on(*at) : how.moment(*at);
  }
  auto text = plain(*value, how);
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

// Fills a pattern. A missing fact shows as "-", or drops the bracketed part it stands in.
std::string render(std::string_view pattern, const Reason& reason, const NarrationStyle& how) {
  std::string out;
  std::size_t part = std::string::npos;  // where the open bracket's text begins in `out`
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
  constexpr std::array<std::string_view, 5> kVariants = {"implied", "matched", "late", "fits",
                                                         "host"};
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

std::string NarrationStyle::clock_display_name(std::string_view definition) const {
  if (auto label = clock ? clock(definition) : std::string(); !label.empty()) return label;
  const auto known = word(definition, language);
  return known == definition ? called(definition) : std::string(known);
}

std::string points_text(std::int64_t milli_points, Language language) {
  // To the nearest tenth: a point that has just begun to decay (14.999) is still 15 to a reader.
  const auto tenths = ((milli_points < 0 ? -milli_points : milli_points) + 50) / 100;
  auto out = fmt::format("{}{}", milli_points < 0 && tenths > 0 ? "-" : "", tenths / 10);
  const auto tenth = tenths % 10;
  if (tenth != 0) out += fmt::format("{}{}", language == Language::kGerman ? ',' : '.', tenth);
  return out;
}

std::string explain_reason(const Reason& reason, const NarrationStyle& how) {
  const auto pattern = pattern_of(reason, how.language);
  if (!pattern.empty()) return render(pattern, reason, how);
  auto out = reason.code;
  if (!reason.rule.empty()) out += " (" + reason.rule + ")";
  if (!reason.facts.empty()) out += ": " + plain(reason.facts, how);
  return out;
}

}  // namespace baton
