#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace baton {

// The folders of tests/golden. Each is a story, named by the row it shows (tests/golden/README.md).

// The folders that contain such a file, by name.
std::vector<std::filesystem::path> golden_folders(const std::string& with_file);

std::string read_file(const std::filesystem::path& path);

// The policy of a folder as texts by kind, which replace the templates: whole files
// (policy/sla.yaml), or replaced words of a template, as lines {"in": "sla", "put": "...", "for":
// "..."} of policy/changes.jsonl. Empty if there is no such folder.
std::map<std::string, std::string> policy_texts(const std::filesystem::path& policy_folder);

// Compares the file with the result. BATON_UPDATE_GOLDENS=1 writes the file instead.
void expect_file(const std::filesystem::path& file, const std::string& found);

}  // namespace baton
