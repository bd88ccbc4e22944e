#include "mapping/map/map_value.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "mapping/normalise/email.h"
#include "mapping/unicode.h"

namespace baton {
namespace {

constexpr std::size_t kMaxText = 8'192;

char lower_of(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

std::string lower_value(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower_of);
  return out;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

std::string tidy_value(std::string_view raw) {
  std::string text(trim(cut(trim(raw), kMaxText)));
  if (text == "null") return {};
  if (std::none_of(text.begin(), text.end(), is_control)) return text;
  std::replace_if(
      text.begin(), text.end(), [](char c) { return is_control(c) && c != '\n'; }, ' ');
  return std::string(trim(text));
}

template <class N>
std::string number_text(N number) {
  std::array<char, 400> digits;
  const auto result = [&] {
    if constexpr (std::is_floating_point_v<N>)
      return std::to_chars(digits.data(), digits.data() + digits.size(), number,
                           std::chars_format::fixed);
    else
      return std::to_chars(digits.data(), digits.data() + digits.size(), number);
  }();
  return result.ec == std::errc{} ? std::string(digits.data(), result.ptr) : std::string();
}

std::string array_text(const json::array& array, std::string_view join) {
  std::string all;
  for (const auto& item : array) {
    const std::string one = text_of(item, join);
    if (one.empty()) continue;
    if (join.empty()) return one;
    if (!all.empty()) all += join;
    all += one;
    if (all.size() > kMaxText) break;
  }
  return std::string(cut(all, kMaxText));
}

std::string part_of(std::string_view text, std::string_view by, int take) {
  if (take < 0) {
    const auto at = text.rfind(by);
    return std::string(trim(at == std::string_view::npos ? text : text.substr(at + by.size())));
  }
  for (; take > 0; --take) {
    const auto at = text.find(by);
    if (at == std::string_view::npos) return {};
    text.remove_prefix(at + by.size());
  }
  return std::string(trim(text.substr(0, text.find(by))));
}

std::string transformed(const Expr& expr, std::string text) {
  if (!text.empty() && !expr.split_by.empty()) text = part_of(text, expr.split_by, expr.take);
  if (expr.lower) text = lower_value(text);
  if (!expr.has_table || text.empty()) return text;
  const auto found = expr.table.find(lower_value(text));
  return found != expr.table.end() ? found->second : expr.table_default;
}

bool offer(const Expr& expr, std::string text, const AcceptValue& accept) {
  text = transformed(expr, std::move(text));
  return !text.empty() && accept(text, expr);
}

void use(Item& item, MapContext& context) {
  item.used = true;
  if (item.source != nullptr) context.read.push_back(item.source);
}

template <class Matches>
bool first_item(const Expr& expr, MapContext& context, const AcceptValue& accept, Matches matches) {
  for (Item& item : context.items) {
    if (!matches(item) || !offer(expr, item.value, accept)) continue;
    use(item, context);
    return true;
  }
  return false;
}

// Returns the only address among all values. Two different addresses would be ambiguous.
bool detect_email(const Expr& expr, MapContext& context, const AcceptValue& accept) {
  Item* found = nullptr;
  std::string key;
  for (Item& item : context.items) {
    if (item.value.size() > 254 || item.value.find('@') == std::string::npos) continue;
    const auto email = normalise_email(item.value);
    if (!email) continue;
    if (found != nullptr && email->match_key != key) return false;
    found = &item;
    key = email->match_key;
  }
  if (found == nullptr || !offer(expr, found->value, accept)) return false;
  use(*found, context);
  return true;
}

bool evaluate_ref(const Expr& expr, MapContext& context, const AcceptValue& accept) {
  std::string_view header_text;
  const auto* value = resolve(expr.ref, context, header_text);
  if (value == nullptr) return offer(expr, tidy_value(header_text), accept);
  // Every element of an array is a separate candidate, unless the elements are joined.
  const auto* array = expr.join.empty() ? value->if_array() : nullptr;
  bool taken = false;
  if (array == nullptr) {
    taken = offer(expr, text_of(*value, expr.join), accept);
  } else {
    taken = std::any_of(array->begin(), array->end(), [&](const json::value& item) {
      return offer(expr, text_of(item), accept);
    });
  }
  if (taken) context.read.push_back(value);
  return taken;
}

}  // namespace

std::string_view cut(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
  return text.substr(0, bytes);
}

std::string text_of(const json::value& value, std::string_view join) {
  switch (value.kind()) {
    case json::kind::string:
      return tidy_value({value.get_string().data(), value.get_string().size()});
    case json::kind::int64:
      return number_text(value.get_int64());
    case json::kind::uint64:
      return number_text(value.get_uint64());
    case json::kind::double_:
      return number_text(value.get_double());
    case json::kind::bool_:
      return value.get_bool() ? "true" : "false";
    case json::kind::array:
      return array_text(value.get_array(), join);
    case json::kind::object:
    case json::kind::null:
      return {};
  }
  return {};
}

bool is_blank(const json::value& value) {
  if (const auto* text = value.if_string()) {
    const auto said = trim(cut(trim({text->data(), text->size()}), kMaxText));
    return said == "null" ||
           std::all_of(said.begin(), said.end(), [](char c) { return c == ' ' || is_control(c); });
  }
  if (const auto* array = value.if_array())
    return std::all_of(array->begin(), array->end(), is_blank);
  if (const auto* object = value.if_object()) return object->empty();
  return value.is_null();
}

const json::value* resolve(const ValueRef& ref, const MapContext& context,
                           std::string_view& header_text) {
  if (ref.from != ValueRef::From::kHeader)
    return ref.path.find(ref.from == ValueRef::From::kRoot ? context.root : context.element);
  for (const auto& [name, value] : context.headers)
    if (lower_value(name) == ref.header) header_text = value;
  return nullptr;
}

std::string text_at(const ValueRef& ref, const MapContext& context, std::string_view join) {
  std::string_view header_text;
  const auto* value = resolve(ref, context, header_text);
  if (value == nullptr) return tidy_value(header_text);
  context.read.push_back(value);
  return text_of(*value, join);
}

bool holds(const Condition& condition, const MapContext& context) {
  using Test = Condition::Test;
  std::string_view header_text;
  const auto* value = resolve(condition.ref, context, header_text);
  const bool present = value != nullptr ? !is_blank(*value) : !header_text.empty();
  if (condition.test == Test::kPresent) return present;
  if (condition.test == Test::kAbsent) return !present;
  if (value != nullptr && !value->is_structured()) context.read.push_back(value);
  const std::string text = value != nullptr ? text_of(*value) : tidy_value(header_text);
  const bool any =
      std::any_of(condition.values.begin(), condition.values.end(), [&](const std::string& wanted) {
        if (condition.test == Test::kPrefix) return text.starts_with(wanted);
        if (condition.test == Test::kSuffix) return text.ends_with(wanted);
        return text == wanted;
      });
  return condition.test == Test::kNoneOf ? !any : any;
}

bool hold(std::span<const Condition> conditions, const MapContext& context) {
  return std::all_of(conditions.begin(), conditions.end(),
                     [&](const Condition& condition) { return holds(condition, context); });
}

std::string expand(const Template& text, const MapContext& context) {
  std::string out;
  for (const auto& part : text.parts) {
    out += part.literal;
    if (!part.ref) continue;
    const std::string value = text_at(*part.ref, context);
    if (value.empty()) return {};
    out += value;
  }
  return out;
}

bool evaluate(const Expr& expr, MapContext& context, const AcceptValue& accept) {
  if (!hold(expr.when, context)) return false;
  switch (expr.kind) {
    case Expr::Kind::kRef:
      return evaluate_ref(expr, context, accept);
    case Expr::Kind::kConst:
      return offer(expr, expr.constant, accept);
    case Expr::Kind::kTemplate:
      return offer(expr, expand(expr.text, context), accept);
    case Expr::Kind::kItem:
      return first_item(expr, context, accept,
                        [&](const Item& i) { return i.by_kind == expr.field; }) ||
             first_item(expr, context, accept,
                        [&](const Item& i) { return i.by_label == expr.field; });
    case Expr::Kind::kItemNamed:
      return first_item(expr, context, accept, [&](const Item& i) {
        return fold_label(i.key) == expr.constant || fold_label(i.label) == expr.constant;
      });
    case Expr::Kind::kDetectEmail:
      return detect_email(expr, context, accept);
  }
  return false;
}

}  // namespace baton
