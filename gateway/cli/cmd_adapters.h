#pragma once

#include <string>
#include <vector>

namespace baton {

// Runs the examples of the adapters in these files and folders, or of all built-in adapters.
// kExitFailed if an answer differs from its example.
int cmd_test(const std::vector<std::string>& paths);

// `baton adapters`. The action is "list", "show" or "new"; `name` is kind/name; `config` is the
// config folder with the user's own adapters.
int cmd_adapters(const std::string& action, const std::string& name, const std::string& config,
                 bool as_json);

}  // namespace baton
