#include <algorithm>
#include <random>
#include <set>

#include "tests/store/store_contract.h"

namespace baton {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_P(StoreContract, APostponedItemCountsNoAttempt) {
  auto commit = next("anna", 0);
  commit.outbox_add = {item("a", Instant{1})};
  ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  const std::vector<Retry> moves{{{'p', "anna"}, "a", Instant{50}},
                                 {{'p', "anna"}, "unknown", Instant{50}}};
  ASSERT_TRUE(store_->outbox_later(moves));
  ASSERT_THAT(outbox(), SizeIs(1));
  EXPECT_EQ(outbox()[0].attempts, 0);
  EXPECT_EQ(outbox()[0].due, Instant{50});
  const Retry later{{'p', "anna"}, "a", now() + hours(1)};
  ASSERT_TRUE(store_->outbox_later({&later, 1}));
  EXPECT_THAT(outbox(), IsEmpty());
}

// However the partitions share a long queue: the oldest items of all are returned, each once.
TEST_P(StoreContract, ReturnsTheOldestOfALongQueue) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 draw(seed);
  std::vector<Instant> dues;
  std::vector<Commit> commits;
  for (int person = 0; person < 12;
       ++person) {  // few persons with many items: the partitions are uneven
    auto commit = next("person" + std::to_string(person), 0);
    for (auto n = draw() % 120; n > 0; --n) {
      dues.push_back(Instant{static_cast<std::int64_t>(1 + draw() % 500)});
      commit.outbox_add.push_back(item(std::to_string(dues.size()), dues.back()));
    }
    commits.push_back(std::move(commit));
  }
  ASSERT_TRUE(store_->commit(commits));
  std::sort(dues.begin(), dues.end());
  for (const std::size_t limit : {1U, 10U, 64U, 100U, 250U}) {
    const auto due = store_->due_outbox(all(), "notify", limit).value();
    std::vector<Instant> got;
    std::set<std::string> keys;
    for (const auto& entry : due.items) {
      got.push_back(entry.due);
      keys.insert(entry.item.key);
    }
    const std::vector<Instant> oldest(
        dues.begin(), dues.begin() + static_cast<std::ptrdiff_t>(std::min(limit, dues.size())));
    EXPECT_EQ(got, oldest) << limit;
    EXPECT_EQ(keys.size(), got.size());
  }
}

// As many items as one message may combine, even if all are in one partition.
TEST_P(StoreContract, ReturnsThousandsOfMessagesAtOnce) {
  auto commit = next("anna", 0);
  for (int i = 0; i < 9'500; ++i)
    commit.outbox_add.push_back(item(std::to_string(i), Instant{1 + i}));
  ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  const auto due = store_->due_outbox(all(), "notify", 20'000).value();
  ASSERT_THAT(due.items, SizeIs(9'500));
  EXPECT_EQ(due.items.back().item.key, "9499");
  EXPECT_EQ(due.items.back().item.payload, "payload of 9499");
}

}  // namespace
}  // namespace baton
