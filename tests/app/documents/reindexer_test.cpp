#include "gateway/app/documents/reindexer.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "gateway/app/common/store_identity.h"
#include "gateway/store/memory/memory_store.h"
#include "tests/support/ids.h"
#include "tests/support/temp_folder.h"

namespace baton {
namespace {

constexpr Instant kNow{1'772'438'400'000};

class ReindexerTest : public ::testing::Test {
 protected:
  ReindexerTest()
      : keys_(Keyring::open(folder_.path(), std::string(64, 'a')).value()),
        documents_(*keys_),
        database_(std::make_shared<MemoryDatabase>(4, kNow)),
        store_(make_memory_store(database_)) {}

  // A person with a due clock that is missing in the index.
  void forgotten(const std::string& id) {
    const auto before = documents_.open(PersonId(id), {}).value();
    Decision decision;
    decision.next = before.state;
    ClockInstance clock;
    clock.id = "accept#1"_clock;
    clock.next = kNow - seconds(1);
    decision.next.clocks.push_back(clock);
    decision.next.last_now = kNow - seconds(60);
    commit(documents_.close(before, decision, {}, {}, kNow));
  }
  void commit(const Commit& commit) {
    ASSERT_EQ(store_->commit({&commit, 1}).value().front(), CommitAnswer::kDone);
  }
  std::size_t due() { return store_->counts().value().timers; }

  TempFolder folder_;
  std::unique_ptr<Keyring> keys_;
  Documents documents_;
  std::shared_ptr<MemoryDatabase> database_;
  std::unique_ptr<Store> store_;
};

TEST_F(ReindexerTest, FindsEveryTimerThatTheIndexLacks) {
  for (int i = 0; i < 1'500; ++i) forgotten(fmt::format("person{}", i));
  ASSERT_EQ(due(), 0U);
  Reindexer sweep(documents_);
  int steps = 1;
  while (!sweep.step(*store_, {}).value()) ++steps;
  EXPECT_GT(steps, 2) << "in steps, so that other work gets its turn";
  EXPECT_EQ(due(), 1'500U);
  EXPECT_EQ(sweep.report().persons, 1'500U);
  EXPECT_EQ(sweep.report().timers, 1'500U);
  EXPECT_FALSE(sweep.report().running);
}

TEST_F(ReindexerTest, ASecondSweepHasNothingToFix) {
  forgotten("anna");
  EXPECT_TRUE(Reindexer(documents_).step(*store_, seconds(9)).value());
  Reindexer again(documents_);
  EXPECT_TRUE(again.step(*store_, seconds(9)).value());
  EXPECT_EQ(again.report().timers + again.report().pushes + again.report().listed, 0U);
}

TEST_F(ReindexerTest, AnUnreadableDocumentDelaysNoOther) {
  forgotten("anna");
  Commit broken;
  broken.key = {'p', "bert"};
  broken.bytes = "no document";
  commit(broken);
  forgotten("chris");
  Reindexer sweep(documents_);
  EXPECT_TRUE(sweep.step(*store_, seconds(9)).value());
  EXPECT_EQ(sweep.report().unreadable, 1U);
  EXPECT_EQ(due(), 2U);
}

TEST(ReindexRequests, ReportWhetherASweepRuns) {
  ReindexRequests requests;
  EXPECT_FALSE(requests.report().running);
  requests.ask();
  EXPECT_TRUE(requests.report().running);
  EXPECT_TRUE(requests.take());
  EXPECT_FALSE(requests.take());
  EXPECT_TRUE(requests.report().running);
  requests.publish({.running = false, .persons = 7});
  EXPECT_FALSE(requests.report().running);
  EXPECT_EQ(requests.report().sweeps, 1U);
  EXPECT_EQ(requests.report().persons, 7U);
}

class StoreSeenTest : public ReindexerTest {
 protected:
  StoreSeen::Verdict look(const std::string& id, const std::string& former = {}) {
    StoreHealth health;
    health.replication_id = id;
    health.former_replication_id = former;
    return StoreSeen(folder_.path(), "node")
        .look(*store_, health)
        .value();  // as after a restart of the gateway
  }
  void mark() {
    StoreSeen seen(folder_.path(), "node");
    StoreHealth health;
    health.replication_id = "one";
    ASSERT_TRUE(seen.look(*store_, health));
    ASSERT_TRUE(seen.mark(*store_));
  }
};

TEST_F(StoreSeenTest, AFirstOrRestartedRedisIsAccepted) {
  EXPECT_EQ(look("one"), StoreSeen::Verdict::kSame);
  mark();
  EXPECT_EQ(look("one"), StoreSeen::Verdict::kSame);
  EXPECT_EQ(look("two", "0000"), StoreSeen::Verdict::kSame) << "restarted with all data";
}

TEST_F(StoreSeenTest, AReplicaThatTookOverIsReported) {
  mark();
  EXPECT_EQ(look("two", "one"), StoreSeen::Verdict::kFailedOver);
  EXPECT_EQ(look("two", "one"), StoreSeen::Verdict::kSame) << "reported once";
}

TEST_F(StoreSeenTest, AnOlderCopyIsReported) {
  mark();
  store_ = make_memory_store(std::make_shared<MemoryDatabase>(PartitionId{4}, kNow));
  EXPECT_EQ(look("two"), StoreSeen::Verdict::kOlder);
}

}  // namespace
}  // namespace baton
