#include <algorithm>
#include <string>

#include "mapping/json/decode.h"
#include "mapping/json/json.h"
#include "mapping/json/json_path.h"
#include "mapping/unicode.h"
#include "tests/fuzz/fuzz.h"

namespace baton::fuzz {
namespace {

std::size_t depth_of(const json::value& value) {
  std::size_t deepest = 0;
  if (const auto* o = value.if_object()) {
    for (const auto& m : *o) deepest = std::max(deepest, depth_of(m.value()));
    return deepest + 1;
  }
  if (const auto* a = value.if_array()) {
    for (const auto& item : *a) deepest = std::max(deepest, depth_of(item));
    return deepest + 1;
  }
  return 0;
}

bool has_double(const json::value& value) {
  if (value.is_double()) return true;
  if (const auto* o = value.if_object())
    return std::any_of(o->begin(), o->end(), [](const auto& m) { return has_double(m.value()); });
  const auto* a = value.if_array();
  return a != nullptr &&
         std::any_of(a->begin(), a->end(), [](const auto& item) { return has_double(item); });
}

void read_json(std::string_view bytes) {
  const auto value = parse_json(bytes);
  if (!value) return;
  require(is_utf8(bytes) && depth_of(*value) <= 64,
          "what is read as JSON is UTF-8 of at most 64 levels");
  const auto again = parse_json(json::serialize(*value));
  require(again.has_value(), "JSON is read back");
  if (has_double(*value)) return;  // the last digit of a double may differ
  require(again && *again == *value, "JSON is read back as it was");
  const auto text = canonical(*value);
  const auto parsed = parse_json(text);
  require(parsed && *parsed == *value && canonical(*parsed) == text,
          "the canonical text is canonical");
  require(content_hash(*value) == sha256_hex(text),
          "the content hash is that of the canonical text");
}

void read_form(std::string_view bytes) {
  const auto value = parse_form(bytes);
  if (!value) return;
  const auto text = json::serialize(*value);
  require(is_utf8(text) && depth_of(*value) <= 17,
          "a form is UTF-8 of at most 16 levels below its object");
  const auto again = parse_json(text);
  require(again && *again == *value, "a form is a JSON value");
}

void follow_path(Input input) {
  const auto path = JsonPath::parse(input.line());
  const auto value = parse_json(input.rest());
  if (!path || !value) return;
  const json::value* first = nullptr;
  std::size_t found = 0;
  path->each(*value, [&](const json::value& v) {
    if (found++ == 0) first = &v;
  });
  require(path->find(*value) == first, "find returns the first of all");
}

void run(std::string_view bytes) {
  Input input(bytes);
  switch (input.pick(4)) {
    case 0:
      return read_json(input.rest());
    case 1:
      return read_form(input.rest());
    case 2:
      return follow_path(input);
    default: {
      const auto format = format_of(input.line());
      if (format) (void)decode_body(*format, input.rest());
    }
  }
}

const Target kTarget("body", run);

}  // namespace
}  // namespace baton::fuzz
