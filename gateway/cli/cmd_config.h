#pragma once

#include <string>

namespace baton {

// `baton check`: kExitConfig if the configuration in the folder has errors.
int cmd_check(const std::string& folder, bool as_json);

// Prints the configuration as Baton reads it. Secrets are printed as "<secret>".
int cmd_config_show(const std::string& folder, bool as_json);

// Prints the JSON Schema of a kind of configuration file, or the list of kinds if `kind` is empty.
int cmd_schema(const std::string& kind);

}  // namespace baton
