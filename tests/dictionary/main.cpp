// Makes a dictionary for gateway/store/seal/packing.h from synthetic lives:
//
//   baton_dictionary FILE
//
// A dictionary in use never changes. A new one gets the next number.
#include <algorithm>
#include <fstream>
#include <string>

#include <fmt/format.h>
#include <zdict.h>

#include "gateway/platform/exit_code.h"
#include "gateway/store/seal/value_columns.h"
#include "tests/dictionary/lives.h"

namespace baton::dictionary {
namespace {

constexpr std::size_t kPersons = 1'500;
constexpr unsigned kSeed = 20'260'302;
constexpr std::size_t kSize = 32U << 10;

std::string trained(const std::vector<std::string>& texts) {
  std::string samples;
  std::vector<std::size_t> sizes;
  ValueColumns apart;
  for (const auto& text : texts) {
    apart.take(text);
    samples += apart.rest;
    sizes.push_back(apart.rest.size());
  }
  std::string dictionary(kSize, '\0');
  const auto size = ZDICT_trainFromBuffer(dictionary.data(), dictionary.size(), samples.data(),
                                          sizes.data(), static_cast<unsigned>(sizes.size()));
  if (ZDICT_isError(size) != 0) {
    fmt::print(stderr, "baton_dictionary: {}\n", ZDICT_getErrorName(size));
    return {};
  }
  fmt::print("{} texts of {} bytes each\n", texts.size(),
             samples.size() / std::max<std::size_t>(texts.size(), 1));
  return dictionary.substr(0, size);
}

}  // namespace
}  // namespace baton::dictionary

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: baton_dictionary FILE\n");
    return baton::kExitUsage;
  }
  const auto dictionary = baton::dictionary::trained(
      baton::dictionary::texts_of_lives(baton::dictionary::kPersons, baton::dictionary::kSeed));
  if (dictionary.empty()) return baton::kExitInternal;
  std::ofstream(argv[1], std::ios::binary) << dictionary;
  return baton::kExitOk;
}
