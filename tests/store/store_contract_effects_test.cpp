#include "tests/store/store_contract.h"

namespace baton {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<std::string> clocks(const DueList<DueTimer>& list) {
  std::vector<std::string> names;
  for (const auto& timer : list.items) names.push_back(timer.key.id + "/" + to_string(timer.timer));
  return names;
}

TEST_P(StoreContract, TimersComeOldestFirstWithTheNextOne) {
  const auto start = now();
  for (int i = 0; i < 5; ++i) {
    auto commit = next("person" + std::to_string(i), 0);
    commit.timers = {{parse_timer_id("accept:1"), Instant{start.ms - 100 * (i + 1)}},
                     {parse_timer_id("later"), Instant{start.ms + 3'600'000 + i}}};
    ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  }
  const auto due = store_->due_timers(all(), 3).value();
  EXPECT_THAT(clocks(due), ElementsAre("person4/accept:1", "person3/accept:1", "person2/accept:1"));
  EXPECT_EQ(due.items[0].due.ms, start.ms - 500);
  EXPECT_EQ(due.items[0].partition, partition_of("person4", store_->partitions()));
  EXPECT_GE(due.now, start);
  EXPECT_EQ(due.next, Instant{start.ms + 3'600'000});
  EXPECT_EQ(store_->counts()->timers, 10u);
}

TEST_P(StoreContract, ACommitMovesAndRemovesTimers) {
  auto commit = next("anna", 0);
  commit.timers = {{parse_timer_id("a"), Instant{1}}, {parse_timer_id("b"), Instant{2}}};
  ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  commit = next("anna", 1);
  commit.timers = {{parse_timer_id("a"), std::nullopt},
                   {parse_timer_id("b"), Instant{now().ms + 3'600'000}},
                   {parse_timer_id("c"), Instant{3}},
                   {parse_timer_id("unknown"), std::nullopt}};
  ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  EXPECT_THAT(clocks(store_->due_timers(all(), 10).value()), ElementsAre("anna/c"));
  EXPECT_EQ(store_->counts()->timers, 2u);
}

TEST_P(StoreContract, ListsQueuedItemsEvenIfNotDue) {
  const auto later = Instant{now().ms + 3'600'000};
  for (const std::string id : {"anna", "bert"}) {
    auto commit = next(id, 0);
    commit.push = {"crm"};
    commit.outbox_add = {{id + ":offer", "notify", "payload", later}};
    ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  }
  const auto notices = store_->queued(Store::Queue::kOutbox, "notify", 10).value();
  ASSERT_THAT(notices, SizeIs(2));
  EXPECT_EQ(notices[0].due, later);
  EXPECT_EQ(notices[0].key.id, "anna");
  EXPECT_EQ(notices[0].item, "anna:offer");
  const auto pushes = store_->queued(Store::Queue::kPush, "crm", 1).value();
  ASSERT_THAT(pushes, SizeIs(1));
  EXPECT_EQ(pushes[0].item, "crm");
  EXPECT_THAT(store_->queued(Store::Queue::kPush, "nowhere", 10).value(), IsEmpty());
  EXPECT_THAT(store_->queued(Store::Queue::kPush, "crm", 0).value(), IsEmpty());
}

TEST_P(StoreContract, NothingIsDueInAnEmptyStore) {
  const auto due = store_->due_timers(all(), 10).value();
  EXPECT_THAT(due.items, IsEmpty());
  EXPECT_FALSE(due.next);
  EXPECT_GT(due.now.ms, 0);
}

TEST_P(StoreContract, ATimerBecomesDueAsTimePasses) {
  auto commit = next("anna", 0);
  commit.timers = {{parse_timer_id("accept"), now() + milliseconds(30)}};
  ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  world_->pass(milliseconds(60));
  EXPECT_THAT(clocks(store_->due_timers(all(), 10).value()), ElementsAre("anna/accept"));
}

TEST_P(StoreContract, AnOutboxItemIsAddedOnceEvenAfterItWasDone) {
  auto commit = next("anna", 0);
  commit.outbox_add = {item("alert:1", Instant{5}), item("alert:1", Instant{6}),
                       item("task", Instant{1}, "task")};
  ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  commit = next("anna", 1);
  commit.outbox_add = {item("alert:1", Instant{7})};
  ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  auto due = outbox();
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_EQ(due[0].key, (DocKey{'p', "anna"}));
  EXPECT_EQ(due[0].item.key, "alert:1");
  EXPECT_EQ(due[0].item.kind, "notify");
  EXPECT_EQ(due[0].item.payload, "payload of alert:1");
  EXPECT_EQ(due[0].due, Instant{5});
  EXPECT_EQ(due[0].attempts, 0);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(store_->outbox_done(due));
  commit = next("anna", 2);
  commit.outbox_add = {item("alert:1", Instant{8})};
  ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  EXPECT_THAT(outbox(), IsEmpty());
  EXPECT_THAT(outbox("task"), SizeIs(1));
}

TEST_P(StoreContract, ACommitFinishesOutboxItems) {
  auto commit = next("anna", 0);
  commit.outbox_add = {item("a", Instant{1}), item("b", Instant{2})};
  ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  commit = next("anna", 1);
  commit.outbox_done = {"a", "unknown"};
  commit.outbox_add = {item("a", Instant{3})};
  ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  ASSERT_THAT(outbox(), SizeIs(1));
  EXPECT_EQ(outbox()[0].item.key, "b");
  EXPECT_EQ(store_->counts()->outbox, 1u);
}

TEST_P(StoreContract, ARetryMovesAnItemAndCountsOnce) {
  auto commit = next("anna", 0);
  commit.outbox_add = {item("a", Instant{1})};
  ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  const Retry retry{{'p', "anna"}, "a", Instant{50}};
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(store_->outbox_retry({&retry, 1}));
  ASSERT_THAT(outbox(), SizeIs(1));
  EXPECT_EQ(outbox()[0].attempts, 1);
  EXPECT_EQ(outbox()[0].due, Instant{50});
  const Retry unknown{{'p', "anna"}, "z", Instant{50}};
  ASSERT_TRUE(store_->outbox_retry({&unknown, 1}));
  EXPECT_THAT(outbox(), SizeIs(1));
  const Retry later{{'p', "anna"}, "a", now() + hours(1)};
  ASSERT_TRUE(store_->outbox_retry({&later, 1}));
  EXPECT_THAT(outbox(), IsEmpty());
  EXPECT_EQ(store_->due_outbox(all(), "notify", 10)->next, later.at);
}

TEST_P(StoreContract, ReportsWhenTheNextItemIsDue) {
  auto commit = next("anna", 0);
  const auto at = now() + hours(1);
  commit.outbox_add = {item("a", at)};
  ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  const auto due = store_->due_outbox(all(), "notify", 10).value();
  EXPECT_THAT(due.items, IsEmpty());
  EXPECT_EQ(due.next, at);
}

TEST_P(StoreContract, APersonIsQueuedOnceForADestinationAndDoneByVersion) {
  for (std::uint64_t v = 0; v < 3; ++v) {
    auto commit = next("anna", v);
    commit.push = {"crm", "ads"};
    ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  }
  ASSERT_THAT(pushes(), SizeIs(1));
  EXPECT_EQ(pushes()[0].person, "anna");
  EXPECT_EQ(pushes()[0].destination, "crm");
  const PushDone done{"anna", "crm", 3, "00Q1"};
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(store_->push_done({&done, 1}));
  EXPECT_THAT(pushes(), IsEmpty());
  EXPECT_THAT(pushes("ads"), SizeIs(1));
  EXPECT_EQ(load("anna").external_ids, (std::map<std::string, std::string>{{"crm", "00Q1"}}));
  EXPECT_EQ(store_->counts()->push, 1u);
}

TEST_P(StoreContract, APersonMarkedAgainStaysQueued) {
  for (std::uint64_t v = 0; v < 2; ++v) {
    auto commit = next("anna", v);
    commit.push = {"crm"};
    ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  }
  const Retry retry{{'p', "anna"}, "crm", now() + hours(1)};
  ASSERT_TRUE(store_->push_retry({&retry, 1}));
  const PushDone first{"anna", "crm", 1, "00Q1"};
  ASSERT_TRUE(store_->push_done({&first, 1}));
  ASSERT_THAT(pushes(), SizeIs(1));
  EXPECT_EQ(pushes()[0].attempts, 0);
  const PushDone second{"anna", "crm", 2, ""};
  ASSERT_TRUE(store_->push_done({&second, 1}));
  EXPECT_THAT(pushes(), IsEmpty());
  ASSERT_TRUE(store_->push_done({&first, 1}));
  EXPECT_THAT(pushes(), IsEmpty());
  EXPECT_EQ(load("anna").external_ids.at("crm"), "00Q1");
}

TEST_P(StoreContract, ACommitWithoutAMarkDoesNotKeepAPersonQueued) {
  auto commit = next("anna", 0);
  commit.push = {"crm"};
  ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  ASSERT_EQ(apply(next("anna", 1)), CommitAnswer::kDone);
  const PushDone done{"anna", "crm", 1, "00Q1"};
  ASSERT_TRUE(store_->push_done({&done, 1}));
  EXPECT_THAT(pushes(), IsEmpty());
}

TEST_P(StoreContract, ANewVersionDoesNotMoveARetry) {
  auto commit = next("anna", 0);
  commit.push = {"crm"};
  ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  const Retry retry{{'p', "anna"}, "crm", now() + hours(1)};
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(store_->push_retry({&retry, 1}));
  commit = next("anna", 1);
  commit.push = {"crm"};
  ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  const auto due = store_->due_push(all(), "crm", 10).value();
  EXPECT_THAT(due.items, IsEmpty());
  EXPECT_EQ(due.next, retry.at);
  const Retry sooner{{'p', "anna"}, "crm", Instant{1}};
  ASSERT_TRUE(store_->push_retry({&sooner, 1}));
  ASSERT_THAT(pushes(), SizeIs(1));
  EXPECT_EQ(pushes()[0].attempts, 2);
}

TEST_P(StoreContract, APushHasTheVersionAndTheExternalIdOfItsPerson) {
  auto commit = next("anna", 0);
  commit.push = {"crm"};
  ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  ASSERT_THAT(pushes(), SizeIs(1));
  EXPECT_EQ(pushes()[0].version, 1U);
  EXPECT_EQ(pushes()[0].ref, "");
  const PushDone done{"anna", "crm", 1, "4711"};
  ASSERT_TRUE(store_->push_done({&done, 1}));
  commit = next("anna", 1);
  commit.push = {"crm"};
  ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  ASSERT_THAT(pushes(), SizeIs(1));
  EXPECT_EQ(pushes()[0].version, 2U);
  EXPECT_EQ(pushes()[0].ref, "4711");
}

TEST_P(StoreContract, ADeadLetteredPushLeavesTheQueueAndIsRequeuedFresh) {
  auto commit = next("anna", 0);
  commit.push = {"crm"};
  ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  const Retry retry{{'p', "anna"}, "crm", Instant{9}};
  ASSERT_TRUE(store_->push_retry({&retry, 1}));
  DeadLetter letter;
  letter.origin = "push";
  letter.subject = "anna";
  letter.destination = "crm";
  letter.reason = "field Status: value not allowed";
  const DocKey owner{'p', "anna"};
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(store_->dead_letter({&letter, 1}, {&owner, 1}));
  EXPECT_THAT(pushes(), IsEmpty());
  const auto letters = store_->dead_letters(10).value();
  ASSERT_THAT(letters, SizeIs(1));
  EXPECT_EQ(letters[0].reason, letter.reason);
  ASSERT_TRUE(store_->requeue_dead_letter(letters[0]));
  ASSERT_THAT(pushes(), SizeIs(1));
  EXPECT_EQ(pushes()[0].attempts, 0);
  EXPECT_EQ(store_->counts()->dead_letters, 0u);
}

TEST_P(StoreContract, ADeadLetteredItemKeepsItsKeyAndIsRequeuedFresh) {
  auto commit = next("anna", 0);
  commit.outbox_add = {item("alert", Instant{1})};
  ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  DeadLetter letter;
  letter.origin = "outbox";
  letter.subject = "alert";
  letter.destination = "slack";
  letter.reason = "channel_not_found";
  const DocKey owner{'p', "anna"};
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(store_->dead_letter({&letter, 1}, {&owner, 1}));
  commit = next("anna", 1);
  commit.outbox_add = {item("alert", Instant{2})};
  ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  EXPECT_THAT(outbox(), IsEmpty());
  auto letters = store_->dead_letters(10).value();
  ASSERT_THAT(letters, SizeIs(1));
  EXPECT_EQ(letters[0].payload, "payload of alert");
  letters[0].payload = "edited";
  ASSERT_TRUE(store_->requeue_dead_letter(letters[0]));
  ASSERT_THAT(outbox(), SizeIs(1));
  EXPECT_EQ(outbox()[0].item.payload, "edited");
  EXPECT_EQ(outbox()[0].item.kind, "notify");
  letter.origin = "intake";
  EXPECT_EQ(store_->dead_letter({&letter, 1}, {&owner, 1}).error().code, Errc::kInvalidInput);
}

TEST_P(StoreContract, DeadLettersComeNewestFirst) {
  for (int i = 0; i < 4; ++i) {
    auto commit = next("person" + std::to_string(i), 0);
    commit.push = {"crm"};
    ASSERT_EQ(apply(commit), CommitAnswer::kDone);
    DeadLetter letter;
    letter.origin = "push";
    letter.subject = commit.key.id;
    letter.destination = "crm";
    ASSERT_TRUE(store_->dead_letter({&letter, 1}, {&commit.key, 1}));
    world_->pass(milliseconds(3));
  }
  const auto letters = store_->dead_letters(2).value();
  ASSERT_THAT(letters, SizeIs(2));
  EXPECT_EQ(letters[0].subject, "person3");
  EXPECT_EQ(letters[1].subject, "person2");
}

TEST_P(StoreContract, LeasesAreExclusiveUntilTheyEnd) {
  const PartitionId wanted[] = {0, 1, 2};
  const PartitionId one[] = {1};
  EXPECT_THAT(store_->lease("a", wanted, hours(1)).value(), ElementsAre(0, 1, 2));
  EXPECT_THAT(store_->lease("b", wanted, hours(1)).value(), IsEmpty());
  EXPECT_THAT(store_->lease("a", wanted, hours(1)).value(), ElementsAre(0, 1, 2));
  ASSERT_TRUE(store_->release("b", one));
  EXPECT_THAT(store_->lease("b", wanted, hours(1)).value(), IsEmpty());
  ASSERT_TRUE(store_->release("a", one));
  EXPECT_THAT(store_->lease("b", wanted, milliseconds(20)).value(), ElementsAre(1));
  world_->pass(milliseconds(40));
  EXPECT_THAT(store_->lease("a", wanted, hours(1)).value(), ElementsAre(0, 1, 2));
}

TEST_P(StoreContract, AKeyIsConsumedOnceWithinItsTimeToLive) {
  EXPECT_TRUE(store_->consume_once("link", milliseconds(20)).value());
  EXPECT_TRUE(store_->consume_once("other", hours(1)).value());
  EXPECT_FALSE(store_->consume_once("other", hours(1)).value());
  world_->pass(milliseconds(40));
  EXPECT_TRUE(store_->consume_once("link", hours(1)).value());
  EXPECT_FALSE(store_->consume_once("link", hours(1)).value());
}

TEST_P(StoreContract, KeepsSmallValuesByName) {
  EXPECT_EQ(store_->get_value("cursor").value(), "");
  ASSERT_TRUE(store_->put_value("cursor", std::string_view("a\0b", 3)));
  ASSERT_TRUE(store_->put_value("other", "x"));
  EXPECT_EQ(store_->get_value("cursor").value(), std::string("a\0b", 3));
  ASSERT_TRUE(store_->put_value("cursor", "2"));
  ASSERT_TRUE(store_->put_value("other", ""));
  EXPECT_EQ(store_->get_value("other").value(), "");
  EXPECT_EQ(store_->get_value("cursor").value(), "2");
}

TEST_P(StoreContract, APriorityPushOvertakesThoseThatWait) {
  const auto ask = [&](const std::string& person, std::uint64_t version, bool priority) {
    auto commit = next(person, version);
    commit.push = {"crm"};
    commit.priority = priority;
    EXPECT_EQ(apply(commit), CommitAnswer::kDone);
  };
  const auto order = [&] {
    std::vector<std::string> persons;
    for (const auto& push : pushes()) persons.push_back(push.person);
    return persons;
  };
  ask("bulk1", 0, false);
  ask("bulk2", 0, false);
  ask("hot", 0, true);
  EXPECT_EQ(order().front(), "hot");
  ask("bulk2", 1, true);
  EXPECT_EQ(order().back(), "bulk1") << "a push that waits gets priority too";
  ask("hot", 1, false);
  EXPECT_EQ(order().back(), "bulk1") << "and keeps it";
}

TEST_P(StoreContract, APriorityPushDoesNotMoveARetry) {
  auto commit = next("anna", 0);
  commit.push = {"crm"};
  apply(commit);
  const Retry later{commit.key, "crm", now() + seconds(60)};
  ASSERT_TRUE(store_->push_retry({&later, 1}));
  auto second = next("anna", 1);
  second.push = {"crm"};
  second.priority = true;
  apply(second);
  EXPECT_THAT(pushes(), IsEmpty());
}

TEST_P(StoreContract, EmptyCallsDoNothing) {
  EXPECT_THAT(store_->intake({}).value(), IsEmpty());
  EXPECT_THAT(store_->commit({}).value(), IsEmpty());
  EXPECT_THAT(store_->load({}).value(), IsEmpty());
  EXPECT_THAT(store_->claim_identities({}).value(), IsEmpty());
  EXPECT_TRUE(store_->finish_intake({}));
  EXPECT_TRUE(store_->push_done({}));
}

}  // namespace
}  // namespace baton
