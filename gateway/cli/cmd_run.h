#pragma once

#include <string>

namespace baton {

struct RunOptions {
  std::string config = ".";  // config folder
  std::string data;          // data folder; overrides baton.yaml
};

// Serves until SIGTERM or SIGINT. SIGHUP reloads the configuration.
int cmd_run(const RunOptions& options);

}  // namespace baton
