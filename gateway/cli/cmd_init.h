#pragma once

#include <string>
#include <vector>

namespace baton {

// The contents of the configuration that `baton init` writes. Names are checked against the
// adapters and holiday regions.
struct InitOptions {
  std::string folder;                // created if missing; must not contain baton.yaml
  std::vector<std::string> sources;  // adapters of sources
  std::string crm;                   // adapter; "": no CRM
  std::string calendar = "DE-BY";    // holiday region, ISO 3166-2
  std::string language = "de";       // "de" or "en"
};

// Writes a configuration whose destinations are all in mode: observe, with secrets at random. Then
// checks it. kExitUsage for an unknown name or a folder that already contains a configuration.
int cmd_init(const InitOptions& options);

}  // namespace baton
