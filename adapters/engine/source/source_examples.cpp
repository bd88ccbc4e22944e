#include "adapters/engine/source/source_examples.h"

#include <fmt/format.h>

#include "adapters/engine/source/examples.h"
#include "adapters/engine/source/source.h"
#include "mapping/map/map_compile.h"
#include "mapping/map/map_compile_parts.h"
#include "mapping/map/map_run.h"
#include "mapping/map/map_spec.h"

namespace baton {
namespace {

struct Example {
  std::string body;
  std::string content_type;
  std::vector<std::pair<std::string, std::string>> headers;
  Instant received_at;
};

Example read_example(const json::object& o) {
  Example example;
  if (const auto* body = o.if_contains("body"))
    example.body = body->is_string() ? std::string(body->get_string()) : json::serialize(*body);
  example.content_type = text(o, "content_type", "application/json");
  if (const auto* headers = object(o, "headers"))
    for (const auto& header : *headers)
      example.headers.emplace_back(header.key(), scalar_text(header.value()));
  example.received_at =
      parse_rfc3339(text(o, "received_at", "2030-01-01T00:00:00Z")).value_or(Instant{});
  return example;
}

std::vector<std::string> differences_of(const json::object& expected,
                                        const Result<MappedDelivery>& mapped) {
  std::vector<std::string> differences;
  if (const auto* wanted = expected.if_contains("error")) {
    if (mapped)
      differences.emplace_back("expected to be refused, but it was mapped");
    else if (scalar_text(*wanted) != to_string(mapped.error().code))
      differences.push_back(fmt::format("expected the error {}, got {}", scalar_text(*wanted),
                                        to_string(mapped.error().code)));
    return differences;
  }
  if (!mapped) {
    differences.push_back(fmt::format("refused: {}", mapped.error().message));
    return differences;
  }
  const json::value actual = to_json(*mapped);
  for (const auto& member : expected) {
    const auto* found = actual.get_object().if_contains(member.key());
    // The canonical form omits empty lists.
    const auto* list = member.value().if_array();
    if (found == nullptr && list != nullptr && list->empty()) continue;
    compare_example(member.value(), found, std::string(member.key()), differences);
  }
  return differences;
}

// Uses the example's configuration as the source's file.
YamlDocument config_of(const YamlDocument& spec, const json::object& example) {
  YamlDocument config;
  config.file = spec.file;
  const auto* given = object(example, "config");
  config.value = given != nullptr ? *given : json::object{};
  return config;
}

void run_one(const YamlDocument& spec, const json::object& example, const std::string& at,
             Findings& findings) {
  const auto* expected = object(example, "expect");
  if (expected == nullptr) return;
  const YamlDocument config = config_of(spec, example);
  Findings compiling;
  const MapSpec map = compile_map(spec, &config, compiling);
  if (has_errors(compiling)) return append(findings, std::move(compiling));
  const Example given = read_example(example);
  const auto mapped =
      map_delivery(map, {given.content_type, given.headers, given.body, given.received_at});
  for (auto& difference : differences_of(*expected, mapped))
    findings.push_back(
        spec.finding(at, fmt::format("example \"{}\": {}", text(example, "name"), difference),
                     "example.differs"));
}

}  // namespace

Findings run_source_examples(const YamlDocument& spec, std::size_t& examples_run) {
  Findings findings;
  const auto* root = spec.value.if_object();
  const auto* examples = root != nullptr ? array(*root, "examples") : nullptr;
  if (examples == nullptr) return findings;
  for (std::size_t i = 0; i < examples->size(); ++i) {
    const auto* example = (*examples)[i].if_object();
    if (example == nullptr) continue;
    run_one(spec, *example, child("/examples", i), findings);
    ++examples_run;
  }
  return findings;
}

}  // namespace baton
