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

// The parts a source mapping is compiled into. Nothing of YAML is left in them; they are immutable
// and shared by threads.

// Where a value stands: in the element ("a.b"), in the whole document ("^a.b"), or in a header
// ("header:webhook-id", lower case).
struct ValueRef {
  enum class From { kElement, kRoot, kHeader };
  From from = From::kElement;
  JsonPath path;
  std::string header;
};

// "{event_id}.{header:x}": literal text and values in turn.
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

// One way to get a value. A field holds several, the first that gives an acceptable one wins.
struct Expr {
  enum class Kind { kRef, kConst, kTemplate, kItem, kItemNamed, kDetectEmail };
  Kind kind = Kind::kRef;
  ValueRef ref;
  std::string constant;  // kConst; kItemNamed: the folded key or label
  Template text;
  Field field = Field::kNone;  // kItem
  std::vector<Condition> when;
  std::map<std::string, std::string> table;  // after everything else; keys in lower case
  bool has_table = false;
  std::string table_default;
  std::string split_by;
  int take = 0;      // of the parts: 0 first, 1 second, -1 last
  std::string join;  // arrays: all elements with this between; "" : the first
  bool lower = false;
  std::string zone;  // times
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

// What expressions are evaluated over. Remembers which values were read.
struct MapContext {
  const json::value& root;
  const json::value& element;
  std::span<const std::pair<std::string, std::string>> headers;
  std::vector<Item>& items;
  std::vector<const json::value*>& read;
};

// A JSON value as text: blanks tidied; integers exact, decimals without an exponent; of an array
// the first element that says something, or all of them joined. Absent ("" ) are null, objects,
// blanks and the text "null". Control characters become blanks, but line feeds stay.
std::string text_of(const json::value& value, std::string_view join = {});

// Says nothing: null, "", "null", {}, [] and arrays of such.
bool is_blank(const json::value& value);

const json::value* resolve(const ValueRef& ref, const MapContext& context,
                           std::string_view& header_text);
std::string text_at(const ValueRef& ref, const MapContext& context, std::string_view join = {});
bool holds(const Condition& condition, const MapContext& context);
bool hold(std::span<const Condition> conditions, const MapContext& context);
// "" where any of the values is absent.
std::string expand(const Template& text, const MapContext& context);

// Tries the candidates of one expression in turn: `accept` gets a text and says whether it is one.
// False where none was accepted.
using Accept = std::function<bool(std::string_view text, const Expr& expr)>;
bool evaluate(const Expr& expr, MapContext& context, const Accept& accept);

// Cuts at a code point's boundary.
std::string_view cut(std::string_view text, std::size_t bytes);

}  // namespace baton
