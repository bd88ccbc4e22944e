#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/engine/source/source_spec.h"

namespace baton {

// The part of sources/<name>.yaml outside the mapping.
struct SourceConfig {
  std::map<std::string, std::vector<std::string>, std::less<>> settings;
  std::vector<VerifySpec> verify;  // replaces the adapter's, if given
  std::size_t max_body = 1 << 20;
  std::optional<std::int64_t> requests_per_second;
  std::optional<int> ok_status;
  std::optional<std::string> ok_body;
};

// Reads the configuration; `${env:..}` and `${file:..}` are already substituted. A bare source
// needs no settings.
SourceConfig read_source_config(const YamlDocument& config, const SourceSpec& spec, bool bare,
                                Findings& findings);

std::string adapter_of(const YamlDocument& config, Findings& findings);
std::optional<SourceSpec> load_source_spec(const YamlDocument& config, const std::string& adapter,
                                           const std::string& user_adapters, Findings& findings);

}  // namespace baton
