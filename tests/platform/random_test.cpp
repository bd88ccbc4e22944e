#include "gateway/platform/random.h"

#include <algorithm>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace baton {
namespace {

TEST(SystemRandom, NeverRepeatsBytes) {
  std::mutex mutex;
  std::set<std::string> seen;
  const auto draw = [&] {
    std::vector<std::string> mine;
    for (int i = 0; i < 2'000; ++i) mine.push_back(random_hex(12, system_random()));
    const std::lock_guard lock(mutex);
    seen.insert(mine.begin(), mine.end());
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(draw);
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(seen.size(), 8'000U);
}

// Nonces, ids and keys have different sizes: none may be half filled when the supply ends.
TEST(SystemRandom, FillsEveryByteOfAnySize) {
  for (std::size_t size = 1; size <= 100; ++size) {
    std::vector<unsigned char> ored(size, 0), drawn(size);
    for (int i = 0; i < 64; ++i) {
      std::fill(drawn.begin(), drawn.end(), 0);
      system_random().fill(drawn);
      std::transform(ored.begin(), ored.end(), drawn.begin(), ored.begin(),
                     [](unsigned char a, unsigned char b) { return a | b; });
    }
    // The chance that a byte is zero 64 times is 1 in 2^512.
    EXPECT_EQ(std::count(ored.begin(), ored.end(), 0), 0) << size;
  }
}

}  // namespace
}  // namespace baton
