// Corrects the index entries that documents imply: in every store, and in a Redis that lost them.
#include <fmt/format.h>

#include "tests/store/store_contract.h"

namespace baton {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class StoreIndex : public StoreContract {
 protected:
  IndexFix reindex(const IndexEntry& entry) { return store_->reindex({&entry, 1}).value().front(); }
  std::vector<std::string> walk(std::size_t limit) {
    std::set<std::string> all;
    std::string cursor;
    do {
      const auto page = store_->walk_persons(cursor, limit).value();
      all.insert(page.persons.begin(), page.persons.end());
      cursor = page.cursor;
    } while (!cursor.empty());
    return {all.begin(), all.end()};
  }
  std::vector<std::pair<std::string, Instant>> timers() {
    std::vector<std::pair<std::string, Instant>> all;
    for (const auto& timer : store_->due_timers(all_partitions(), 100).value().items)
      all.emplace_back(to_string(timer.timer), timer.due);
    return all;
  }
  std::vector<PartitionId> all_partitions() const { return all(); }
};

INSTANTIATE_TEST_SUITE_P(Memory, StoreIndex, testing::Values([]() -> std::unique_ptr<StoreWorld> {
                           return std::make_unique<MemoryWorld>();
                         }));
INSTANTIATE_TEST_SUITE_P(Redis, StoreIndex, testing::Values([]() -> std::unique_ptr<StoreWorld> {
                           return std::make_unique<RedisWorld>();
                         }));

TEST_P(StoreIndex, AWalkReturnsEveryPersonAndNoOther) {
  EXPECT_THAT(walk(10), IsEmpty());
  std::vector<std::string> persons;
  for (int i = 0; i < 250; ++i) {
    persons.push_back(fmt::format("person{:03}", i));
    apply(next(persons.back(), 0));
  }
  auto pool = next("pool", 0);
  pool.key.kind = 'o';
  apply(pool);
  EXPECT_EQ(walk(16), persons);
}

TEST_P(StoreIndex, AMissingTimerIsSetAndAWrongOneMoved) {
  const Instant past = now() - seconds(5);
  auto commit = next("anna", 0);
  commit.timers = {{parse_timer_id("accept#1"), past - seconds(5)},
                   {parse_timer_id("score"), past}};
  apply(commit);
  const auto fixed = reindex({"anna",
                              1,
                              {{parse_timer_id("accept#1"), past},
                               {parse_timer_id("first_contact#1"), past},
                               {parse_timer_id("score"), past}},
                              past});
  EXPECT_TRUE(fixed.current);
  EXPECT_EQ(fixed.timers, 2U);
  EXPECT_THAT(timers(), UnorderedElementsAre(std::pair{std::string("accept#1"), past},
                                             std::pair{std::string("first_contact#1"), past},
                                             std::pair{std::string("score"), past}));
}

TEST_P(StoreIndex, ANewerCommitIsNotOverwritten) {
  apply(next("anna", 0));
  auto second = next("anna", 1);
  second.timers = {{parse_timer_id("score"), now() - seconds(1)}};
  apply(second);
  const auto fixed = reindex({"anna",
                              1,
                              {{parse_timer_id("score"), now() - seconds(9)},
                               {parse_timer_id("accept#1"), now() - seconds(9)}},
                              now()});
  EXPECT_FALSE(fixed.current);
  EXPECT_EQ(timers().size(), 1U);
  EXPECT_FALSE(reindex({"nobody", 1, {}, now()}).current);
}

TEST_P(StoreIndex, AListedPersonKeepsItsPlaceAndAMissingOneComesBack) {
  auto listed = next("anna", 0);
  listed.touched = now();
  apply(listed);
  apply(next("bert", 0));
  EXPECT_EQ(reindex({"anna", 1, {}, now() - days(9)}).listed, 0U);
  EXPECT_EQ(reindex({"bert", 1, {}, now() - days(1)}).listed, 1U);
  EXPECT_THAT(store_->recent_persons(0, 10).value(), ElementsAre("anna", "bert"));
}

TEST_P(StoreIndex, AQueuedPushIsUnchangedAndADeadLetteredOneStaysOut) {
  auto commit = next("anna", 0);
  commit.push = {"crm"};
  apply(commit);
  EXPECT_EQ(reindex({"anna", 1, {}, now()}).pushes, 0U);
  const DeadLetter letter{
      .origin = "push", .subject = "anna", .destination = "crm", .reason = "refused"};
  ASSERT_TRUE(store_->dead_letter({&letter, 1}, {&commit.key, 1}));
  EXPECT_EQ(reindex({"anna", 1, {}, now()}).pushes, 0U);
  EXPECT_THAT(pushes(), IsEmpty());
  ASSERT_TRUE(store_->requeue_dead_letter(store_->dead_letters(1).value().front()));
  const PushDone done{"anna", "crm", 1, ""};
  ASSERT_EQ(pushes().size(), 1U);
  ASSERT_TRUE(store_->push_done({&done, 1}));
  EXPECT_EQ(reindex({"anna", 1, {}, now()}).pushes, 0U);
}

// A missing queue, as after a manual repair.
TEST(RedisIndex, PushesMissingFromEveryQueueAreQueuedAgain) {
  RedisServer server;
  const auto store = make_redis_store({server.url(), 1, seconds(1), seconds(2)}).value();
  for (const std::string person : {"anna", "bert"}) {
    Commit commit;
    commit.key = {'p', person};
    commit.bytes = "document";
    commit.sealed_key = "key";
    commit.push = {"crm", "suite"};
    ASSERT_EQ(store->commit({&commit, 1}).value().front(), CommitAnswer::kDone);
  }
  const PushDone done{"bert", "crm", 1, ""};
  ASSERT_TRUE(store->push_done({&done, 1}));
  server.run("DEL {p00}:q:crm {p00}:q:suite {p00}:qs");
  const IndexEntry entries[] = {{"anna", 1, {}, Instant{1}}, {"bert", 1, {}, Instant{1}}};
  const auto fixed = store->reindex(entries).value();
  EXPECT_EQ(fixed[0].pushes, 2U);
  EXPECT_EQ(fixed[1].pushes, 1U) << "the CRM has this person";
  const PartitionId all[] = {0};
  EXPECT_EQ(store->due_push(all, "crm", 10).value().items.size(), 1U);
  EXPECT_EQ(store->due_push(all, "suite", 10).value().items.size(), 2U);
}

}  // namespace
}  // namespace baton
