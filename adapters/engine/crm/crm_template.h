#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/json/json.h"
#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// The texts and bodies in adapter files.

// Settings of a destination or channel: from its configuration, otherwise the adapter's defaults.
using AdapterSettings = std::map<std::string, std::string, std::less<>>;

// Reads `settings` of the configuration. Settings that the adapter does not declare are findings,
// and if `live`, so are missing required ones.
AdapterSettings read_settings(const YamlDocument& config, std::string_view pointer,
                              const json::object& settings, const YamlDocument& spec, bool live,
                              Findings& findings);

// Substitutes "${name}" in all texts below `value`. An unknown name is a finding.
void put_settings(json::value& value, const AdapterSettings& settings, const YamlDocument& spec,
                  Findings& findings);

// Returns the member at a dotted path ("company.name"); null if it is missing.
const json::value* at_path(const json::object& object, std::string_view path);
// Returns the value at a JSON pointer; null if it is missing.
const json::value* at_pointer(const json::value& value, std::string_view pointer);
// Returns a scalar as text: numbers in decimal, booleans as true and false; "" for null and other
// values.
std::string as_text(const json::value& value);

std::string percent_encode(std::string_view text);

// The values that a template may refer to: those of one record.
struct TemplateScope {
  const json::object* view = nullptr;                      // "{company.name}", "$view.company.name"
  std::map<std::string, json::value, std::less<>> values;  // "$fields", "$key", "{trace}"
};

// Fills "/contacts/{key}?a={view path}". Values are percent-encoded if `encode`.
std::string fill_text(std::string_view text, const TemplateScope& scope, bool encode);
// Fills a JSON template. A text "$name" is replaced by the value of that name, "$$..." by "$...".
json::value fill_json(const json::value& value, const TemplateScope& scope);

}  // namespace baton
