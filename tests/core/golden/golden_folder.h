#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace baton {

// The folders of tests/golden, each a story named by the row it shows (tests/golden/README.md).

// Those that hold such a file, by name.
std::vector<std::filesystem::path> golden_folders(const std::string& with_file);

std::string read_file(const std::filesystem::path& path);

// The policy of a folder as texts by kind, in place of the templates: whole files
// (policy/sla.yaml), or words put in place of others of a template: lines {"in": "sla", "put":
// "...", "for": "..."} of policy/changes.jsonl. Empty where there is no such folder.
std::map<std::string, std::string> policy_texts(const std::filesystem::path& policy_folder);

// What the file holds is what was found. BATON_UPDATE_GOLDENS=1 writes it anew.
void expect_file(const std::filesystem::path& file, const std::string& found);

}  // namespace baton
