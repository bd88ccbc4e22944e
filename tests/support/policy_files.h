#pragma once

#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gateway/core/policy/policy.h"
#include "tests/support/source_dir.h"

namespace baton {

// Returns the template policies with words of one file replaced; null if a word is missing, or the
// policy has errors.
inline std::shared_ptr<const Policy> policy_with(
    const std::string& kind, const std::vector<std::pair<std::string, std::string>>& words) {
  std::map<std::string, YamlDocument> documents;
  Findings findings;
  for (const std::string name : {"calendars", "lifecycle", "routing", "scoring", "sla"}) {
    std::ifstream file(source_dir() + "/gateway/cli/templates/policy/" + name + ".yaml");
    std::string text(std::istreambuf_iterator<char>(file), {});
    for (const auto& [what, with] : words) {
      if (name != kind) continue;
      const auto place = text.find(what);
      if (place == std::string::npos) return nullptr;
      text.replace(place, what.size(), with);
    }
    documents.emplace(name, parse_yaml(text, name + ".yaml", findings));
  }
  return load_policy(documents, findings);
}

}  // namespace baton
