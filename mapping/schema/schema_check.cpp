#include "mapping/schema/schema_check.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "mapping/json/json.h"
#include "mapping/schema/schema.h"
#include "mapping/schema/schema_words.h"
#include "mapping/unicode.h"

namespace baton {
namespace {

using namespace schema_words;

constexpr std::string_view kUnknownKey = "config.unknown_key";
constexpr std::string_view kMissingKey = "config.missing_key";
constexpr std::string_view kWrongType = "config.wrong_type";
constexpr std::string_view kBadValue = "config.bad_value";
constexpr int kMaxSteps = 256;  // limit for a schema that refers to itself endlessly

class Checker {
 public:
  Checker(const YamlDocument& document, const json::object& root)
      : document_(document), root_(root) {}

  Findings run() { return check(document_.value, root_, ""); }

 private:
  struct Place {
    const json::value& value;
    const json::object& schema;
    const std::string& pointer;
  };

  Findings check(const json::value& value, const json::object& schema, const std::string& pointer) {
    Findings out;
    if (++steps_ > kMaxSteps) return --steps_, out;
    if (const json::object* target = resolve(schema)) {
      out = check(value, *target, pointer);
    } else if (check_type({value, schema, pointer}, out)) {
      const Place at{value, schema, pointer};
      check_choice(at, out);
      if (value.is_number()) check_number(at, out);
      if (value.is_string()) check_text(at, out);
      if (value.is_array()) check_list(at, out);
      if (value.is_object()) check_map(at, out);
      check_combined(at, out);
    }
    --steps_;
    return out;
  }

  const json::object* resolve(const json::object& schema) const {
    const std::string_view ref = text(schema, "$ref");
    if (ref.empty()) return nullptr;
    const json::value* target = nullptr;
    if (ref == "#") return &root_;
    if (!ref.starts_with("#/definitions/")) return nullptr;
    if (const json::object* definitions = object(root_, "definitions"))
      target = definitions->if_contains(ref.substr(14));
    return target != nullptr ? target->if_object() : nullptr;
  }

  void say(const Place& at, std::string message, std::string_view code, Findings& out) const {
    out.push_back(document_.finding(at.pointer, std::move(message), std::string(code)));
  }

  bool check_type(const Place& at, Findings& out) const {
    const json::value* type = member(at.schema, "type");
    if (type == nullptr) return true;
    const std::vector<std::string> types = texts(*type);
    if (at.pointer.empty() && at.value.is_null() && constant_of(at.schema, "schema") != nullptr) {
      say(at,
          fmt::format("the file is empty; begin it with \"schema: {}\"",
                      json::serialize(*constant_of(at.schema, "schema"))),
          kWrongType, out);
      return false;
    }
    for (const std::string& t : types) {
      if (is_of_type(at.value, t)) return true;
    }
    std::vector<std::string_view> words;
    for (const std::string& t : types) words.push_back(words_of_type(t));
    std::string message =
        fmt::format("{} must be {}", subject(at.pointer), fmt::join(words, " or "));
    const bool wants_text = std::find(types.begin(), types.end(), "string") != types.end();
    if (at.value.is_null())
      message += ", but is empty";
    else if (wants_text && !at.value.is_structured())
      message += "; put it in quotes";
    else
      message += fmt::format(", not {}", words_of_type(type_of(at.value)));
    say(at, std::move(message), kWrongType, out);
    return false;
  }

  void check_choice(const Place& at, Findings& out) const {
    const json::value* constant = member(at.schema, "const");
    if (constant != nullptr && !(*constant == at.value))
      say(at, wrong_choice(at.pointer, at.value, texts(json::array{*constant})), kBadValue, out);
    const json::value* choices = member(at.schema, "enum");
    if (choices == nullptr || !choices->is_array()) return;
    const json::array& list = choices->get_array();
    if (std::find(list.begin(), list.end(), at.value) == list.end())
      say(at, wrong_choice(at.pointer, at.value, texts(*choices)), kBadValue, out);
  }

  void check_number(const Place& at, Findings& out) const {
    struct Bound {
      std::string_view keyword, words;
      bool (*holds)(double, double);
    };
    static constexpr Bound kBounds[] = {
        {"minimum", "at least", [](double v, double b) { return v >= b; }},
        {"maximum", "at most", [](double v, double b) { return v <= b; }},
        {"exclusiveMinimum", "greater than", [](double v, double b) { return v > b; }},
        {"exclusiveMaximum", "less than", [](double v, double b) { return v < b; }}};
    for (const Bound& bound : kBounds) {
      const json::value* limit = member(at.schema, bound.keyword);
      if (limit != nullptr && limit->is_number() &&
          !bound.holds(at.value.to_number<double>(), limit->to_number<double>()))
        say(at,
            fmt::format("{} must be {} {}", subject(at.pointer), bound.words,
                        json::serialize(*limit)),
            kBadValue, out);
    }
  }

  // The schema's description explains a pattern in words.
  void check_text(const Place& at, Findings& out) const {
    const std::string_view value = at.value.get_string();
    const auto length = static_cast<std::int64_t>(count_characters(value));
    if (length < integer(at.schema, "minLength", 0))
      say(at,
          length == 0 ? fmt::format("{} must not be empty", subject(at.pointer))
                      : fmt::format("{} must have at least {} characters", subject(at.pointer),
                                    integer(at.schema, "minLength")),
          kBadValue, out);
    if (length > integer(at.schema, "maxLength", INT64_MAX))
      say(at,
          fmt::format("{} must have at most {} characters", subject(at.pointer),
                      integer(at.schema, "maxLength")),
          kBadValue, out);
    const std::string_view pattern = text(at.schema, "pattern");
    if (pattern.empty() || matches(value, pattern)) return;
    const std::string_view words = text(at.schema, "description");
    say(at,
        words.empty()
            ? fmt::format("{} must match {}", subject(at.pointer), pattern)
            : fmt::format("{} does not have the expected form: {}", subject(at.pointer), words),
        kBadValue, out);
  }

  void check_list(const Place& at, Findings& out) {
    const json::array& list = at.value.get_array();
    const auto size = static_cast<std::int64_t>(list.size());
    if (size < integer(at.schema, "minItems", 0))
      say(at,
          fmt::format("{} needs at least {} entries", subject(at.pointer),
                      integer(at.schema, "minItems")),
          kBadValue, out);
    if (size > integer(at.schema, "maxItems", INT64_MAX))
      say(at,
          fmt::format("{} allows at most {} entries", subject(at.pointer),
                      integer(at.schema, "maxItems")),
          kBadValue, out);
    std::set<std::string> seen;
    const bool unique = boolean(at.schema, "uniqueItems");
    const json::object* items = object(at.schema, "items");
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::string pointer = fmt::format("{}/{}", at.pointer, i);
      if (unique && !seen.insert(json::serialize(list[i])).second)
        say({list[i], at.schema, pointer}, fmt::format("{} is a duplicate", subject(pointer)),
            kBadValue, out);
      if (items != nullptr) append(out, check(list[i], *items, pointer));
    }
  }

  void check_map(const Place& at, Findings& out) {
    const json::object& map = at.value.get_object();
    if (const json::value* required = member(at.schema, "required")) {
      for (const std::string& key : texts(*required)) {
        if (!map.contains(key))
          say(at, fmt::format("{} lacks the key \"{}\"", subject(at.pointer), key), kMissingKey,
              out);
      }
    }
    const auto size = static_cast<std::int64_t>(map.size());
    if (size < integer(at.schema, "minProperties", 0))
      say(at, fmt::format("{} must not be empty", subject(at.pointer)), kBadValue, out);
    if (size > integer(at.schema, "maxProperties", INT64_MAX))
      say(at,
          fmt::format("{} allows at most {} keys", subject(at.pointer),
                      integer(at.schema, "maxProperties")),
          kBadValue, out);
    for (const auto& [key, value] : map) check_member(at, key, value, out);
  }

  void check_member(const Place& at, std::string_view key, const json::value& value,
                    Findings& out) {
    const std::string pointer = fmt::format("{}/{}", at.pointer, pointer_segment(key));
    if (const json::object* names = object(at.schema, "propertyNames")) {
      const std::string key_pointer = pointer + "#key";
      append(out, Checker(document_, root_).check(json::value(key), *names, key_pointer));
    }
    bool known = false;
    if (const json::object* properties = object(at.schema, "properties")) {
      if (const json::object* schema = object(*properties, key)) {
        known = true;
        append(out, check(value, *schema, pointer));
      } else if (properties->contains(key)) {
        known = true;
      }
    }
    if (const json::object* patterns = object(at.schema, "patternProperties")) {
      for (const auto& [pattern, schema] : *patterns) {
        if (!schema.is_object() || !matches(key, pattern)) continue;
        known = true;
        append(out, check(value, schema.get_object(), pointer));
      }
    }
    if (!known) check_additional(at, key, value, pointer, out);
  }

  void check_additional(const Place& at, std::string_view key, const json::value& value,
                        const std::string& pointer, Findings& out) {
    const json::value* additional = member(at.schema, "additionalProperties");
    if (additional == nullptr) return;
    if (additional->is_object()) append(out, check(value, additional->get_object(), pointer));
    if (!additional->is_bool() || additional->get_bool()) return;
    std::vector<std::string> known;
    if (const json::object* properties = object(at.schema, "properties")) {
      for (const auto& property : *properties) known.emplace_back(property.key());
    }
    const std::string near = did_you_mean(key, known);
    std::string message = fmt::format("unknown key \"{}\"", key);
    if (!near.empty())
      message += fmt::format("; did you mean \"{}\"?", near);
    else if (!known.empty() && known.size() <= 12)
      message += fmt::format("; known here: {}", fmt::join(known, ", "));
    const std::string key_pointer = pointer + "#key";
    say({value, at.schema, key_pointer}, std::move(message), kUnknownKey, out);
    out.back().suggestion = near;
  }

  void check_combined(const Place& at, Findings& out) {
    if (const json::array* all = array(at.schema, "allOf")) {
      for (const json::value& part : *all) {
        if (part.is_object()) append(out, check(at.value, part.get_object(), at.pointer));
      }
    }
    if (const json::array* any = array(at.schema, "anyOf"))
      check_alternatives(at, *any, false, out);
    if (const json::array* one = array(at.schema, "oneOf")) check_alternatives(at, *one, true, out);
    const json::object* no = object(at.schema, "not");
    if (no != nullptr && check(at.value, *no, at.pointer).empty())
      say(at, std::string(text(*no, "description", "this combination is not allowed")), kBadValue,
          out);
  }

  void check_alternatives(const Place& at, const json::array& branches, bool exactly_one,
                          Findings& out) {
    int fitting = 0;
    std::vector<std::pair<const json::object*, Findings>> failed;
    for (const json::value& branch : branches) {
      if (!branch.is_object()) continue;
      const json::object* schema = &branch.get_object();
      if (const json::object* target = resolve(*schema)) schema = target;
      Findings faults = check(at.value, *schema, at.pointer);
      if (faults.empty())
        ++fitting;
      else
        failed.emplace_back(schema, std::move(faults));
    }
    if (fitting == 1 || (fitting > 1 && !exactly_one)) return;
    if (fitting > 1) {
      say(at,
          fmt::format("{} is ambiguous; remove the keys that do not belong together",
                      subject(at.pointer)),
          kBadValue, out);
    } else if (!report_types(at, failed, out) && !report_discriminator(at, failed, out)) {
      const auto meant =
          std::min_element(failed.begin(), failed.end(), [&](const auto& a, const auto& b) {
            return cost(at, *a.first, a.second) < cost(at, *b.first, b.second);
          });
      if (meant != failed.end()) append(out, std::move(meant->second));
    }
  }

  using Failed = std::vector<std::pair<const json::object*, Findings>>;

  // If no alternative has the value's type, one finding names all the types.
  bool report_types(const Place& at, const Failed& failed, Findings& out) const {
    json::array types;
    for (const auto& [schema, faults] : failed) {
      const json::value* type = member(*schema, "type");
      if (type == nullptr) return false;
      for (const std::string& t : texts(*type)) {
        if (is_of_type(at.value, t)) return false;
        if (std::find(types.begin(), types.end(), json::value(t)) == types.end())
          types.emplace_back(t);
      }
    }
    const json::object together{{"type", types}};
    check_type({at.value, together, at.pointer}, out);
    return true;
  }

  // If one constant key distinguishes all alternatives of a mapping and its value matches none, one
  // finding names the choices.
  bool report_discriminator(const Place& at, const Failed& failed, Findings& out) const {
    const json::object* map = at.value.if_object();
    if (map == nullptr) return false;
    std::vector<const json::object*> forms;
    for (const auto& [schema, faults] : failed) {
      if (takes_type(*schema, at.value)) forms.push_back(schema);
    }
    for (const auto& [key, value] : *map) {
      json::array choices;
      for (const json::object* schema : forms) {
        const json::value* constant = constant_of(*schema, key);
        if (constant == nullptr || *constant == value) break;
        choices.push_back(*constant);
      }
      if (choices.size() < 2 || choices.size() != forms.size()) continue;
      const std::string pointer = fmt::format("{}/{}", at.pointer, pointer_segment(key));
      const Place there{value, at.schema, pointer};
      say(there, wrong_choice(pointer, value, texts(choices)), kBadValue, out);
      return true;
    }
    return false;
  }

  static bool takes_type(const json::object& schema, const json::value& value) {
    const json::value* type = member(schema, "type");
    if (type == nullptr) return true;
    const auto types = texts(*type);
    return std::any_of(types.begin(), types.end(),
                       [&](const auto& t) { return is_of_type(value, t); });
  }

  static const json::value* constant_of(const json::object& schema, std::string_view key) {
    const json::object* properties = object(schema, "properties");
    const json::object* property = properties != nullptr ? object(*properties, key) : nullptr;
    return property != nullptr ? member(*property, "const") : nullptr;
  }

  // How unlikely it is that this alternative was meant.
  static int cost(const Place& at, const json::object& schema, const Findings& faults) {
    int total = 0;
    if (!takes_type(schema, at.value)) total += 1000;
    if (const json::object* map = at.value.if_object()) {
      for (const auto& [key, value] : *map) {
        const json::value* constant = constant_of(schema, key);
        if (constant != nullptr) total += *constant == value ? -100 : 100;
      }
    }
    for (const Finding& f : faults) total += f.code == kUnknownKey ? 3 : 2;
    return total;
  }

  const YamlDocument& document_;
  const json::object& root_;
  int steps_ = 0;
};

}  // namespace

Findings check_against(const YamlDocument& document, const json::object& schema) {
  return Checker(document, schema).run();
}

}  // namespace baton
