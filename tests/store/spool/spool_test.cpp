#include "gateway/store/spool/spool.h"

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <latch>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "gateway/platform/files.h"
#include "gateway/store/spool/spool_frame.h"
#include "tests/support/temp_folder.h"

namespace baton {
namespace {

namespace fs = std::filesystem;

Status append(Spool& spool, IntakeRecord record) {
  std::latch done(1);
  Status result;
  spool.append(std::move(record), [&](Status status) {
    result = status;
    done.count_down();
  });
  done.wait();
  return result;
}

std::vector<std::string> drain_ids(Spool& spool) {
  std::vector<std::string> ids;
  auto drained = spool.drain([&](std::span<const IntakeRecord> records) -> Status {
    for (const auto& record : records) ids.push_back(record.id);
    return {};
  });
  EXPECT_TRUE(drained);
  return ids;
}

TEST(Spool, ReturnsRecordsInOrderAndDeletesThem) {
  const TempFolder folder;
  auto spool = Spool::open(folder.path() + "/spool", {});
  for (int i = 0; i < 1000; ++i)
    ASSERT_TRUE(append(**spool, {std::to_string(i), std::string(300, 'x')}));
  EXPECT_EQ((*spool)->stats().records, 1000U);
  const auto ids = drain_ids(**spool);
  ASSERT_EQ(ids.size(), 1000U);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(ids[static_cast<std::size_t>(i)], std::to_string(i));
  EXPECT_EQ((*spool)->stats().records, 0U);
  EXPECT_TRUE(fs::is_empty(folder.path() + "/spool"));
}

TEST(Spool, FindsItsRecordsAfterARestart) {
  const TempFolder folder;
  ASSERT_TRUE(append(**Spool::open(folder.path(), {}), {"a", "payload"}));
  auto again = Spool::open(folder.path(), {});
  EXPECT_EQ((*again)->stats().records, 1U);
  ASSERT_TRUE(append(**again, {"b", "payload"}));
  EXPECT_EQ(drain_ids(**again), (std::vector<std::string>{"a", "b"}));
}

TEST(Spool, KeepsASegmentUntilAllRecordsWereTaken) {
  const TempFolder folder;
  auto spool = Spool::open(folder.path(), {});
  ASSERT_TRUE(append(**spool, {"a", ""}));
  const auto refused =
      (*spool)->drain([](auto) -> Status { return error(Errc::kTransient, "redis is away"); });
  EXPECT_FALSE(refused);
  EXPECT_EQ(drain_ids(**spool), std::vector<std::string>{"a"});
}

TEST(Spool, ReturnsEveryCompleteRecordWhereverItIsCut) {
  std::string content;
  std::vector<std::size_t> ends;
  for (int i = 0; i < 5; ++i) {
    append_frame({std::to_string(i), std::string(static_cast<std::size_t>(i) * 7, 'p')}, content);
    ends.push_back(content.size());
  }
  for (std::size_t cut = 0; cut <= content.size(); ++cut) {
    const TempFolder folder;
    std::ofstream(folder.path() + "/0000000001.seg", std::ios::binary) << content.substr(0, cut);
    auto spool = Spool::open(folder.path(), {});
    const auto whole =
        std::count_if(ends.begin(), ends.end(), [&](std::size_t end) { return end <= cut; });
    EXPECT_EQ(drain_ids(**spool).size(), static_cast<std::size_t>(whole)) << "cut at " << cut;
  }
}

TEST(SpoolFrame, AFlippedBitNeverYieldsAWrongRecord) {
  std::string content;
  append_frame({"delivery", "payload"}, content);
  for (std::size_t i = 0; i < content.size() * 8; ++i) {
    std::string changed = content;
    changed[i / 8] = static_cast<char>(changed[i / 8] ^ (1 << (i % 8)));
    read_frames(changed, [&](IntakeRecord&&) { ADD_FAILURE() << "bit " << i; });
  }
}

TEST(SpoolFrame, RandomBytesAreHarmless) {
  const auto seed = std::random_device{}();
  std::mt19937_64 random(seed);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(random() % 200, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    if (!bytes.empty()) bytes[0] = 1;
    read_frames(bytes, [&](IntakeRecord&&) { ADD_FAILURE() << "seed " << seed; });
  }
}

TEST(Spool, RefusesRecordsWhenFull) {
  const TempFolder folder;
  auto spool = Spool::open(folder.path(), {.max_bytes = 1000});
  ASSERT_TRUE(append(**spool, {"a", std::string(800, 'x')}));
  EXPECT_EQ(append(**spool, {"b", std::string(800, 'x')}).error().code, Errc::kTransient);
  EXPECT_EQ(drain_ids(**spool), std::vector<std::string>{"a"});
  EXPECT_TRUE(append(**spool, {"b", std::string(800, 'x')}));
}

TEST(Spool, ManyThreadsAndADrainLoseNothing) {
  const TempFolder folder;
  auto spool = Spool::open(folder.path(), {.segment_bytes = 20'000});
  std::mutex mutex;
  std::multiset<std::string> seen;
  const auto take = [&](std::span<const IntakeRecord> records) -> Status {
    const std::lock_guard lock(mutex);
    for (const auto& record : records) seen.insert(record.id);
    return {};
  };
  std::vector<std::jthread> writers;
  std::latch done(4 * 250);
  for (int t = 0; t < 4; ++t) {
    writers.emplace_back([&, t] {
      for (int i = 0; i < 250; ++i) {
        (*spool)->append({std::to_string(t * 250 + i), std::string(100, 'x')}, [&](Status status) {
          EXPECT_TRUE(status);
          done.count_down();
        });
      }
    });
  }
  while (!done.try_wait()) ASSERT_TRUE((*spool)->drain(take));
  ASSERT_TRUE((*spool)->drain(take));
  EXPECT_EQ(seen.size(), 1000U);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 1000U);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

}  // namespace
}  // namespace baton
