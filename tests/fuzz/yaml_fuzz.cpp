#include <algorithm>
#include <string>

#include "mapping/json/json.h"
#include "mapping/schema/schema.h"
#include "mapping/schema/yaml.h"
#include "mapping/unicode.h"
#include "tests/fuzz/fuzz.h"

namespace baton::fuzz {
namespace {

void check_places(const Findings& findings) {
  for (const auto& finding : findings) {
    require(finding.line >= 0 && finding.column >= 0, "a finding has a place");
    require(!finding.code.empty() && !finding.message.empty() && is_utf8(finding.message),
            "a finding has a code and says something");
    const auto shown = to_string(finding);
    require(std::none_of(shown.begin(), shown.end(),
                         [](unsigned char c) { return c < ' ' && c != '\n'; }),
            "a finding moves no cursor");
  }
}

std::size_t depth_of(const json::value& value) {
  std::size_t deepest = 0;
  if (const auto* o = value.if_object()) {
    for (const auto& m : *o) deepest = std::max(deepest, depth_of(m.value()) + 1);
  } else if (const auto* a = value.if_array()) {
    for (const auto& item : *a) deepest = std::max(deepest, depth_of(item) + 1);
  }
  return deepest;
}

// The schema to check against, then the text.
void run(std::string_view bytes) {
  static const auto kKinds = schema_kinds();
  Input input(bytes);
  const auto& kind = kKinds[input.pick(kKinds.size())];
  (void)input.line();
  Findings findings;
  const auto document = parse_yaml(input.rest(), "fuzz.yaml", findings);
  check_places(findings);
  require(depth_of(document.value) <= 65, "no document nests deeper than 64 levels");
  require(is_utf8(json::serialize(document.value)), "the value is UTF-8");
  check_places(check_schema(document, kind));
}

const Target kTarget("yaml", run);

}  // namespace
}  // namespace baton::fuzz
