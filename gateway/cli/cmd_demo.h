#pragma once

#include <string>

namespace baton {

struct DemoOptions {
  bool once = false;            // play the story once and exit
  std::string language = "en";  // "de" or "en"
};

// Plays the story of a lead on a gateway with a private Redis and a sandbox CRM.
int cmd_demo(const DemoOptions& options);

}  // namespace baton
