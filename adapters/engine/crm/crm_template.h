#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/json/json.h"
#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// The texts and bodies that adapter files are made of.

// Settings of a destination or channel: from its configuration, else the adapter's defaults.
using Settings = std::map<std::string, std::string, std::less<>>;

// Reads `settings` of the configuration against those the adapter declares: unknown ones and, where
// `live`, missing required ones are findings.
Settings read_settings(const YamlDocument& config, std::string_view pointer,
                       const json::object& settings, const YamlDocument& spec, bool live,
                       Findings& findings);

// Puts "${name}" of all texts below `value` in. A name that is no setting is a finding.
void put_settings(json::value& value, const Settings& settings, const YamlDocument& spec,
                  Findings& findings);

// The member at a dotted path ("company.name"); null where there is none.
const json::value* at_path(const json::object& object, std::string_view path);
// The value at a JSON pointer; null where there is none.
const json::value* at_pointer(const json::value& value, std::string_view pointer);
// A scalar as text: numbers in decimal, booleans as true and false; "" for null and the rest.
std::string as_text(const json::value& value);

std::string percent_encode(std::string_view text);

// What a template may name: one record's.
struct TemplateScope {
  const json::object* view = nullptr;                      // "{company.name}", "$view.company.name"
  std::map<std::string, json::value, std::less<>> values;  // "$fields", "$key", "{trace}"
};

// "/contacts/{key}?a={view path}": values are percent-encoded where `encode`.
std::string fill_text(std::string_view text, const TemplateScope& scope, bool encode);
// A JSON template: a text "$name" is replaced by the value of that name, "$$..." by "$...".
json::value fill_json(const json::value& value, const TemplateScope& scope);

}  // namespace baton
