#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mapping/json/json_path.h"
#include "mapping/map/map_labels.h"
#include "mapping/normalise/time.h"

namespace baton {

// The parts a source mapping is compiled into. They contain no YAML, are immutable and may be
// shared by threads.

// The place of a value: in the element ("a.b"), in the whole document ("^a.b"), or in a header
// ("header:webhook-id", lower case).
struct ValueRef {
  enum class From { kElement, kRoot, kHeader };
  From from = From::kElement;
  JsonPath path;
  std::string header;
};

// "{event_id}.{header:x}": literal text and values alternate.
struct Template {
  struct Part {
    std::string literal;
    std::optional<ValueRef> ref;
  };
  std::vector<Part> parts;
};

struct Condition {
  enum class Test { kAnyOf, kNoneOf, kPresent, kAbsent, kPrefix, kSuffix };
  ValueRef ref;
  Test test = Test::kAnyOf;
  std::vector<std::string> values;
};

// One way to get a value. A field has several; the first that yields an acceptable value wins.
struct Expr {
  enum class Kind { kRef, kConst, kTemplate, kItem, kItemNamed, kDetectEmail };
  Kind kind = Kind::kRef;
  ValueRef ref;
  std::string constant;  // kConst; kItemNamed: the folded key or label
  Template text;
  Field field = Field::kNone;  // kItem
  std::vector<Condition> when;
  std::map<std::string, std::string> table;  // applied last; keys in lower case
  bool has_table = false;
  std::string table_default;
  std::string split_by;
  int take = 0;      // of the parts: 0 first, 1 second, -1 last
  std::string join;  // arrays: separator to join all elements; "": use the first
  bool lower = false;
  std::string zone;  // for times
  TimeHint::Unit unit = TimeHint::Unit::kAuto;
};

// One answer of a form, or one leaf of a flat object.
struct Item {
  std::string key, label, value;
  Field by_kind = Field::kNone;
  Field by_label = Field::kNone;
  const json::value* source = nullptr;
  bool used = false;
};

// The input of expressions. Records which values were read.
struct MapContext {
  const json::value& root;
  const json::value& element;
  std::span<const std::pair<std::string, std::string>> headers;
  std::vector<Item>& items;
  std::vector<const json::value*>& read;
};

// Returns a JSON value as text. Whitespace is tidied; integers are exact, decimals have no
// exponent. An array yields its first non-blank element, or all of them joined. Null, objects,
// blank text and the text "null" yield "". Control characters become spaces; line feeds stay.
std::string text_of(const json::value& value, std::string_view join = {});

// Returns whether a value is null, "", "null", {}, [] or an array of such values.
bool is_blank(const json::value& value);

const json::value* resolve(const ValueRef& ref, const MapContext& context,
                           std::string_view& header_text);
std::string text_at(const ValueRef& ref, const MapContext& context, std::string_view join = {});
bool holds(const Condition& condition, const MapContext& context);
bool hold(std::span<const Condition> conditions, const MapContext& context);
// Returns "" if any of the values is absent.
std::string expand(const Template& text, const MapContext& context);

// Tries the candidates of one expression in turn. `accept` receives a text and returns whether it
// is acceptable. Returns false if none was accepted.
using AcceptValue = std::function<bool(std::string_view text, const Expr& expr)>;
bool evaluate(const Expr& expr, MapContext& context, const AcceptValue& accept);

// Truncates at a code point boundary.
std::string_view cut(std::string_view text, std::size_t bytes);

}  // namespace baton
