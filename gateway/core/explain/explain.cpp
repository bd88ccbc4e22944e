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
      const auto known = word(code, *how.texts);
      return known == code ? how.display_name(code) : std::string(known);
    }
    case json::kind::array: {
      std::string out;
      for (const auto& item : value.get_array())
        out += (out.empty() ? "" : ", ") + how.display_name(plain(item, how));
      return out;
    }
    case json::kind::object: {
      std::string out;
      for (const auto& m : value.get_object()) {
        out += (out.empty() ? "" : ", ") + how.display_name(m.key()) + " " + plain(m.value(), how);
      }
      return out;
    }
    case json::kind::bool_:
      return how.say(value.get_bool() ? TextKey("explain.yes") : TextKey("explain.no"));
    default:
      return json::serialize(value);
  }
}

// The fact is the id of a rep or a group: shown by name.
bool has_name(std::string_view fact) {
  constexpr std::array<std::string_view, 8> kNamed = {"rep",    "asked_by", "owner", "recipient",
                                                      "before", "pool",     "team",  "second"};
  return std::find(kNamed.begin(), kNamed.end(), fact) != kNamed.end();
}

std::string quoted(std::string_view text, const Texts& texts) {
  return texts.say("explain.quoted", {{"text", text}});
}

// A rule's name in the policy, without the file and the section.
std::string rule_name(const std::string& rule, const Texts& texts) {
  if (rule.starts_with("lifecycle.")) return std::string(word(rule, texts));
  return rule.substr(rule.rfind('.') + 1);
}

// The reader knows this already: the moment just named, or a grade that did not change.
bool is_known(std::string_view name, std::string_view value, const Reason& reason,
              const NarrationStyle& how) {
  if (name == "before" && value == text(reason.facts, "grade")) return true;
  if (name == "due" && reason.code == "clock.stopped" && value < text(reason.facts, "stopped_at")) {
    return !boolean(reason.facts,
                    "late");  // it was paused meanwhile, so its earlier due time means nothing
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
    out += (out.empty() ? "" : ", ") + how.display_name(m.key()) + " " +
           points_text(thousandths, *how.texts);
  }
  return out;
}

// The values of a pattern: the facts of a reason, and moments with their preposition ("on_at").
class ReasonValues final : public TextValues {
 public:
  ReasonValues(const Reason& reason, const NarrationStyle& how) : reason_(reason), how_(how) {}

  bool append(std::string_view name, std::string& out) const override {
    const auto text = value_of(name);
    if (text) out += *text;
    return text.has_value();
  }

  std::optional<std::int64_t> number(std::string_view name) const override {
    const auto* value = member(reason_.facts, name);
    if (value == nullptr || !value->is_number()) return std::nullopt;
    const auto number = integer(reason_.facts, name);
    if (!is_points(name)) return number;
    const auto tenths = ((number < 0 ? -number : number) + 50) / 100;  // as points_text rounds
    return tenths % 10 == 0 ? std::optional(tenths / 10) : std::nullopt;
  }

 private:
  static bool is_points(std::string_view name) {
    return name == "total" || name == "fit" || name == "engagement" || name == "points" ||
           name == "cut";
  }

  // Nothing if the fact is missing or empty.
  std::optional<std::string> value_of(std::string_view name) const {
    const bool on = name.starts_with("on_");
    const auto key = on ? name.substr(3) : name;
    if (key == "rule")
      return reason_.rule.empty() ? std::nullopt
                                  : std::optional(rule_name(reason_.rule, *how_.texts));
    const auto* value = member(reason_.facts, key);
    if (value == nullptr && key == "label") value = label();
    if (value == nullptr) return std::nullopt;
    if (value->is_string()) return text_of(key, value->get_string(), on);
    if (key == "cut" && integer(reason_.facts, key) == 0) return std::nullopt;
    if (is_points(key)) return points_text(integer(reason_.facts, key), *how_.texts);
    if (key == "budget_ms") return how_.span(Duration{integer(reason_.facts, key)});
    if (key == "passes" && value->is_object()) return turns_text(value->get_object(), how_);
    return unless_empty(plain(*value, how_));
  }

  std::optional<std::string> text_of(std::string_view key, std::string_view said, bool on) const {
    if (said.empty() || is_known(key, said, reason_, how_)) return std::nullopt;
    if (key == "clock" && how_.clock) return quoted(how_.clock_display_name(said), *how_.texts);
    if (const auto at = moment_of(said)) return on ? how_.on(*at) : how_.moment(*at);
    if (has_name(key) || (key == "value" && text(reason_.facts, "field").ends_with("_owner")))
      return how_.display_name(said);
    return unless_empty(plain(json::value(said), how_));
  }

  // The policy's name for a reason at the time of the decision.
  const json::value* label() const {
    const auto* own = member(reason_.facts, fmt::format("label_{}", how_.texts->tag()));
    return own != nullptr ? own : member(reason_.facts, "label_en");
  }

  static std::optional<std::string> unless_empty(std::string text) {
    return text.empty() ? std::nullopt : std::optional(std::move(text));
  }

  const Reason& reason_;
  const NarrationStyle& how_;
};

// A fact that is true may have its own sentence: "stage.entered.implied". Null if there is
// none for the code.
const MessagePattern* pattern_of(const Reason& reason, const Texts& texts) {
  constexpr std::array<std::string_view, 5> kVariants = {"implied", "matched", "late", "fits",
                                                         "host"};
  for (const auto variant : kVariants) {
    if (!boolean(reason.facts, variant)) continue;
    const auto code = fmt::format("{}.{}", reason.code, variant);
    if (const auto* found = texts.find({"sentence.", code})) return found;
  }
  return texts.find({"sentence.", reason.code});
}

}  // namespace

std::string explain_reason(const Reason& reason, const NarrationStyle& how) {
  if (const auto* pattern = pattern_of(reason, *how.texts)) {
    std::string out;
    pattern->append(ReasonValues(reason, how), out);
    return out;
  }
  auto out = reason.code;
  if (!reason.rule.empty()) out += " (" + reason.rule + ")";
  if (!reason.facts.empty()) out += ": " + plain(reason.facts, how);
  return out;
}

}  // namespace baton
