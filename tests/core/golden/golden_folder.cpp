#include "tests/core/golden/golden_folder.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "mapping/json/json.h"
#include "tests/core/sim/core_sim.h"
#include "tests/support/source_dir.h"

namespace baton {
namespace {

namespace fs = std::filesystem;

void change(std::map<std::string, std::string>& texts, const fs::path& file) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const auto parsed = parse_json(line);
    ASSERT_TRUE(parsed && parsed->is_object()) << file << ": " << line;
    const auto& o = parsed->get_object();
    const std::string kind(text(o, "in")), put(text(o, "put")), instead(text(o, "for"));
    auto& policy = texts.try_emplace(kind, template_text(kind)).first->second;
    const auto place = policy.find(instead);
    ASSERT_NE(place, std::string::npos) << file << ": not in the template: " << instead;
    policy.replace(place, instead.size(), put);
  }
}

}  // namespace

std::vector<fs::path> golden_folders(const std::string& with_file) {
  std::vector<fs::path> found;
  for (const auto& folder : fs::directory_iterator(fs::path(source_dir()) / "tests/golden")) {
    if (fs::exists(folder.path() / with_file)) found.push_back(folder.path());
  }
  std::sort(found.begin(), found.end());
  EXPECT_FALSE(found.empty()) << with_file;
  return found;
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::map<std::string, std::string> policy_texts(const fs::path& policy_folder) {
  std::map<std::string, std::string> texts;
  if (!fs::exists(policy_folder)) return texts;
  for (const auto& file : fs::directory_iterator(policy_folder)) {
    if (file.path().extension() == ".yaml")
      texts[file.path().stem().string()] = read_file(file.path());
  }
  if (fs::exists(policy_folder / "changes.jsonl")) change(texts, policy_folder / "changes.jsonl");
  return texts;
}

void expect_file(const fs::path& file, const std::string& found) {
  if (std::getenv("BATON_UPDATE_GOLDENS") != nullptr) std::ofstream(file) << found;
  EXPECT_EQ(found, read_file(file)) << file;
}

}  // namespace baton
