#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/fuzz/fuzz.h"
#include "tests/support/source_dir.h"

namespace baton {
namespace {

namespace fs = std::filesystem;

struct Case {
  std::string path, bytes;
};

// tests/fuzz/corpus/<target>/* and tests/fuzz/crashes/<target>/*.
std::vector<Case> cases_of(std::string_view target) {
  std::vector<Case> cases;
  for (const std::string folder : {"corpus", "crashes"}) {
    const auto at = fs::path(source_dir()) / "tests/fuzz" / folder / target;
    if (!fs::is_directory(at)) continue;
    for (const auto& entry : fs::directory_iterator(at)) {
      std::ostringstream bytes;
      bytes << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      cases.push_back({entry.path().string(), bytes.str()});
    }
  }
  std::sort(cases.begin(), cases.end(),
            [](const Case& a, const Case& b) { return a.path < b.path; });
  return cases;
}

// In a buffer of exactly its size, so that a read beyond the end is detected.
void feed(const fuzz::Target& target, std::string_view bytes) {
  const auto exact = std::make_unique<char[]>(bytes.size());
  if (!bytes.empty()) std::memcpy(exact.get(), bytes.data(), bytes.size());
  target.entry({exact.get(), bytes.size()});
}

std::string mutated(std::string bytes, const std::vector<Case>& cases, std::mt19937_64& random) {
  for (auto changes = random() % 4 + 1; changes > 0; --changes) {
    const auto at = bytes.empty() ? 0 : random() % bytes.size();
    switch (random() % 5) {
      case 0:
        bytes.resize(at);
        break;
      case 1:
        bytes.insert(at, 1, static_cast<char>(random()));
        break;
      case 2:
        bytes.insert(at, bytes.substr(at, random() % 16));
        break;
      case 3:
        bytes.replace(at, std::string::npos,
                      cases[random() % cases.size()].bytes.substr(0, random() % 64));
        break;
      default:
        if (!bytes.empty()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
    }
  }
  return bytes;
}

std::string escaped(std::string_view bytes) {
  std::string out;
  for (const auto c : bytes.substr(0, 2000)) {
    char text[8];
    std::snprintf(text, sizeof text, c >= ' ' && c < 0x7f && c != '\\' ? "%c" : "\\x%02x",
                  static_cast<unsigned char>(c));
    out += text;
  }
  return out;
}

class Replay : public testing::TestWithParam<const fuzz::Target*> {
 protected:
  void SetUp() override {
    fuzz::set_broken(
        [](std::string_view promise) { ADD_FAILURE() << "property violated: " << promise; });
  }
};

TEST_P(Replay, HoldsItsPropertiesOnCorpusAndOldCrashes) {
  const auto cases = cases_of(GetParam()->name);
  ASSERT_FALSE(cases.empty()) << "a fuzzer needs a corpus: tests/fuzz/corpus/" << GetParam()->name;
  for (const auto& c : cases) {
    SCOPED_TRACE(c.path);
    feed(*GetParam(), c.bytes);
  }
}

// A little of what libFuzzer does, for compilers without it.
TEST_P(Replay, HoldsItsPropertiesOnMutations) {
  const auto cases = cases_of(GetParam()->name);
  const char* wanted = std::getenv("BATON_FUZZ_SEED");
  const std::uint64_t seed = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 20'260'309;
  std::mt19937_64 random(seed);
  for (int i = 0; i < 500 && !cases.empty() && !HasFailure(); ++i) {
    const auto bytes = mutated(cases[random() % cases.size()].bytes, cases, random);
    SCOPED_TRACE("BATON_FUZZ_SEED=" + std::to_string(seed) + ", input " + std::to_string(i) + ": " +
                 escaped(bytes));
    feed(*GetParam(), bytes);
  }
}

INSTANTIATE_TEST_SUITE_P(Fuzz, Replay, testing::ValuesIn(fuzz::targets()),
                         [](const testing::TestParamInfo<const fuzz::Target*>& chosen) {
                           return std::string(chosen.param->name);
                         });

}  // namespace
}  // namespace baton
