#pragma once

#include <string>
#include <vector>

namespace baton {

// A fault or warning in a configuration file. All readers of configuration collect findings instead
// of stopping at the first one, so that `baton check` shows them together.
struct Finding {
  std::string file;        // as the user named it
  int line = 0;            // from 1; 0: the file as a whole
  int column = 0;          // from 1
  std::string message;     // the fault and how to fix it
  std::string code;        // "config.unknown_key"; stable, listed in docs/reference/findings.md
  bool warning = false;    // shown, but does not fail a check
  std::string pointer;     // of the node, if known (JSON pointer; with the suffix "#key": its key)
  std::string suggestion;  // the word that was probably meant, if one is similar
};

using Findings = std::vector<Finding>;

// "policy/sla.yaml:14:9: unknown key "budgte"; did you mean "budget"? [config.unknown_key]"
std::string to_string(const Finding& finding);

bool has_errors(const Findings& findings);
void append(Findings& all, Findings more);

}  // namespace baton
