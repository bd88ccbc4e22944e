#pragma once

#include <string>
#include <vector>

namespace baton {

// One fault (or warning) in a file a human wrote. Everything that reads configuration collects
// findings instead of stopping at the first, so that `baton check` shows all of them at once.
struct Finding {
  std::string file;      // as the user named it
  int line = 0;          // from 1; 0: the file as a whole
  int column = 0;        // from 1
  std::string message;   // what is wrong and how to mend it
  std::string code;      // "config.unknown_key"; stable, listed in docs/reference/findings.md
  bool warning = false;  // shown, but does not fail a check
  std::string pointer;  // of the node (JSON pointer; "#key" behind it: its key), where there is one
  std::string suggestion;  // the word that was meant, where one is near
};

using Findings = std::vector<Finding>;

// "policy/sla.yaml:14:9: unknown key "budgte"; did you mean "budget"? [config.unknown_key]"
std::string to_string(const Finding& finding);

bool has_errors(const Findings& findings);
void append(Findings& all, Findings more);

}  // namespace baton
