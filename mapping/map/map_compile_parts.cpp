#include "mapping/map/map_compile_parts.h"

#include <algorithm>

#include <fmt/format.h>

#include "mapping/schema/schema.h"

namespace baton {
namespace {

std::string lower_part(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  return out;
}

// Visits a value, or each element of a list, with its pointer.
template <class F>
void one_or_many(const json::value* value, const std::string& pointer, F visit) {
  if (value == nullptr) return;
  const auto* list = value->if_array();
  if (list == nullptr) return visit(*value, pointer);
  for (std::size_t i = 0; i < list->size(); ++i) visit((*list)[i], child(pointer, i));
}

std::vector<std::string> touch_names() {
  std::vector<std::string> names;
  for (int i = 0; i < kTouchTypes; ++i) names.emplace_back(to_string(static_cast<TouchType>(i)));
  return names;
}

std::string hint(std::string_view word, const std::vector<std::string>& known) {
  const std::string nearest = did_you_mean(word, known);
  return nearest.empty() ? std::string() : fmt::format("; did you mean \"{}\"?", nearest);
}

const std::vector<std::string>& field_names() {
  static const std::vector<std::string> names{
      "email",          "phone",      "first_name",   "last_name",   "full_name",    "salutation",
      "academic_title", "job_title",  "company",      "website",     "company_size", "industry",
      "country",        "region",     "city",         "postal_code", "language",     "message",
      "utm_source",     "utm_medium", "utm_campaign", "utm_term",    "utm_content",  "referrer",
      "landing_page",   "click_id"};
  return names;
}

}  // namespace

std::string child(const std::string& pointer, std::string_view name) {
  std::string out = pointer + '/';
  for (const char c : name) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
  return out;
}

std::string child(const std::string& pointer, std::size_t index) {
  return pointer + '/' + std::to_string(index);
}

std::string scalar_text(const json::value& value) {
  if (const auto* text = value.if_string()) return {text->data(), text->size()};
  return value.is_structured() ? std::string() : text_of(value);
}

std::vector<std::string> scalar_texts(const json::value* value) {
  std::vector<std::string> all;
  one_or_many(value, {},
              [&](const json::value& one, const std::string&) { all.push_back(scalar_text(one)); });
  return all;
}

void PartReader::fault(const std::string& pointer, std::string message, std::string code) {
  findings_.push_back(document_.finding(pointer, std::move(message), std::move(code)));
}

JsonPath PartReader::path(const json::value& value, const std::string& pointer) {
  const std::string text = scalar_text(value);
  if (auto parsed = JsonPath::parse(text)) return *parsed;
  fault(pointer,
        fmt::format("\"{}\" is not a path; write member.member, member[0] or member[*]", text),
        "map.bad_path");
  return {};
}

std::vector<JsonPath> PartReader::paths(const json::value* value, const std::string& pointer) {
  std::vector<JsonPath> all;
  one_or_many(value, pointer,
              [&](const json::value& one, const std::string& at) { all.push_back(path(one, at)); });
  return all;
}

ValueRef PartReader::ref(std::string_view text, const std::string& pointer) {
  ValueRef out;
  if (text.starts_with("header:")) {
    out.from = ValueRef::From::kHeader;
    out.header = lower_part(text.substr(7));
    headers_.insert(out.header);
    return out;
  }
  if (text.starts_with('^')) {
    out.from = ValueRef::From::kRoot;
    text.remove_prefix(1);
  }
  out.path = path(json::value(text), pointer);
  return out;
}

std::vector<ValueRef> PartReader::refs(const json::value* value, const std::string& pointer) {
  std::vector<ValueRef> all;
  one_or_many(value, pointer, [&](const json::value& one, const std::string& at) {
    all.push_back(ref(scalar_text(one), at));
  });
  return all;
}

Template PartReader::text(const json::value& value, const std::string& pointer) {
  Template out;
  const std::string whole = scalar_text(value);
  std::string_view rest = whole;
  while (!rest.empty()) {
    const auto open = std::min(rest.find('{'), rest.size());
    Template::Part part{std::string(rest.substr(0, open)), std::nullopt};
    rest.remove_prefix(open);
    if (!rest.empty()) {
      const auto close = rest.find('}');
      if (close == std::string_view::npos) {
        fault(pointer, fmt::format("\"{}\" has an unclosed {{", whole), "map.bad_template");
        return {};
      }
      part.ref = ref(rest.substr(1, close - 1), pointer);
      rest.remove_prefix(close + 1);
    }
    out.parts.push_back(std::move(part));
  }
  if (std::none_of(out.parts.begin(), out.parts.end(),
                   [](const auto& p) { return p.ref.has_value(); }))
    fault(pointer,
          fmt::format("\"{}\" refers to no value; write paths in braces, as in \"{{event_id}}\"",
                      whole),
          "map.bad_template");
  return out;
}

std::vector<Template> PartReader::texts(const json::value* value, const std::string& pointer) {
  std::vector<Template> all;
  one_or_many(value, pointer,
              [&](const json::value& one, const std::string& at) { all.push_back(text(one, at)); });
  return all;
}

Condition PartReader::condition(std::string_view name, const json::value& test,
                                const std::string& pointer) {
  Condition out;
  out.ref = ref(name, pointer + "#key");
  const auto* object = test.if_object();
  if (object == nullptr) {
    out.values = scalar_texts(&test);
    return out;
  }
  if (const auto* present = object->if_contains("present"))
    out.test = present->is_bool() && present->get_bool() ? Condition::Test::kPresent
                                                         : Condition::Test::kAbsent;
  for (const auto& [key, kind] : {std::pair{"not", Condition::Test::kNoneOf},
                                  {"prefix", Condition::Test::kPrefix},
                                  {"suffix", Condition::Test::kSuffix}}) {
    const auto* values = object->if_contains(key);
    if (values == nullptr) continue;
    out.test = kind;
    out.values = scalar_texts(values);
  }
  return out;
}

std::vector<Condition> PartReader::conditions(const json::value* value,
                                              const std::string& pointer) {
  std::vector<Condition> all;
  const auto* object = value != nullptr ? value->if_object() : nullptr;
  if (object == nullptr) return all;
  for (const auto& member : *object)
    all.push_back(condition(member.key(), member.value(), child(pointer, member.key())));
  return all;
}

void PartReader::kind_of_expr(const json::object& object, const std::string& pointer, Expr& out) {
  const auto given = [&](const char* key) { return object.if_contains(key); };
  if (const auto* value = given("path")) {
    out.ref = ref(scalar_text(*value), child(pointer, "path"));
  } else if (const auto* constant = given("const")) {
    out.kind = Expr::Kind::kConst;
    out.constant = scalar_text(*constant);
  } else if (const auto* made = given("template")) {
    out.kind = Expr::Kind::kTemplate;
    out.text = text(*made, child(pointer, "template"));
  } else if (const auto* named = given("named")) {
    out.kind = Expr::Kind::kItemNamed;
    out.constant = fold_label(scalar_text(*named));
  } else if (given("detect") != nullptr) {
    out.kind = Expr::Kind::kDetectEmail;
  } else if (const auto* item = given("item")) {
    out.kind = Expr::Kind::kItem;
    const std::string name = scalar_text(*item);
    const auto field = parse_field(name);
    if (!field)
      fault(child(pointer, "item"),
            fmt::format("unknown field \"{}\"{}", name, hint(name, field_names())),
            "map.unknown_field");
    out.field = field.value_or(Field::kNone);
  } else {
    fault(pointer, "has no source for the value; add path, const, template, item, named or detect",
          "map.no_value");
  }
}

void PartReader::modifiers(const json::object& object, const std::string& pointer, Expr& out) {
  out.when = conditions(object.if_contains("when"), child(pointer, "when"));
  if (const auto* table = baton::object(object, "map")) {
    out.has_table = true;
    for (const auto& row : *table)
      out.table[lower_part(std::string_view(row.key()))] = scalar_text(row.value());
  }
  if (const auto* fallback = object.if_contains("default"))
    out.table_default = scalar_text(*fallback);
  out.split_by = std::string(baton::text(object, "split"));
  out.take = static_cast<int>(integer(object, "take"));
  out.join = std::string(baton::text(object, "join"));
  out.lower = boolean(object, "lower");
  out.zone = std::string(baton::text(object, "zone"));
  if (!out.zone.empty() && !is_time_zone(out.zone))
    fault(child(pointer, "zone"), fmt::format("unknown time zone \"{}\"", out.zone),
          "map.unknown_zone");
  const auto unit = baton::text(object, "unit");
  if (unit == "s") out.unit = TimeHint::Unit::kSeconds;
  if (unit == "ms") out.unit = TimeHint::Unit::kMillis;
}

Expr PartReader::expr(const json::value& value, const std::string& pointer) {
  Expr out;
  if (const auto* object = value.if_object()) {
    kind_of_expr(*object, pointer, out);
    modifiers(*object, pointer, out);
  } else {
    out.ref = ref(scalar_text(value), pointer);
  }
  return out;
}

std::vector<Expr> PartReader::exprs(const json::value* value, const std::string& pointer) {
  std::vector<Expr> all;
  one_or_many(value, pointer,
              [&](const json::value& one, const std::string& at) { all.push_back(expr(one, at)); });
  return all;
}

TouchType PartReader::touch_type(std::string_view name, const std::string& pointer) {
  const auto type = parse_touch_type(name);
  if (!type)
    fault(pointer, fmt::format("unknown touch type \"{}\"{}", name, hint(name, touch_names())),
          "map.unknown_touch");
  return type.value_or(TouchType::kFormSubmit);
}

std::optional<Intent> PartReader::intent(std::string_view name, const std::string& pointer) {
  if (name.empty()) return std::nullopt;
  const auto parsed = parse_intent(name);
  if (!parsed)
    fault(
        pointer,
        fmt::format("unknown intent \"{}\"; use informational, hand_raiser or transactional", name),
        "map.unknown_intent");
  return parsed;
}

}  // namespace baton
