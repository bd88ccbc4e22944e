#pragma once

#include <string>
#include <vector>

namespace baton {

struct ScoreOptions {
  std::string config = ".";         // config folder
  std::string touches, person, at;  // files; `at` is RFC 3339, by default now
};

// Scores a history of touches by the policy of a config folder.
int cmd_score(const ScoreOptions& options);

struct RouteOptions {
  std::string config = ".";
  std::string verify;              // rep id: fail unless this rep would get the lead
  std::vector<std::string> facts;  // "country=DE"
  std::string language = "en";     // of the reasons: "en" or "de"
  bool lint = false;               // check all rules together instead
  bool as_json = false;
};

// Prints who would get a lead, and why. kExitFailed if `verify` or `lint` fails.
int cmd_route(const RouteOptions& options);

}  // namespace baton
