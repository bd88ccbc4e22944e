#include "tests/app/dispatch/task_support.h"

namespace baton::testing_dispatcher {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

// The first `n` calls of a kind get this result. `done_by` carries them out nevertheless.
Tasks::Step first(int n, const std::string& kind, HttpResult result, Tasks** done_by = nullptr) {
  return [n, kind, result, done_by](const std::string& what) mutable -> std::optional<HttpResult> {
    if (!what.starts_with(kind) || n-- <= 0) return std::nullopt;
    if (done_by != nullptr) (void)(*done_by)->serve(what);
    return result;
  };
}

TEST(DispatcherTasks, CreatesATaskStoresItsIdAndUpdatesIt) {
  Tasks t;
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.bench.drained());
  EXPECT_THAT(t.look(&Tasks::results), ElementsAre("task:k1=open:max ok ref-k1"));
  t.set([&] { t.open = false; });
  t.want("k1", 2);
  t.bench.dispatcher->notify();
  ASSERT_TRUE(t.bench.drained());
  EXPECT_THAT(t.look(&Tasks::calls), ElementsAre("create k1", "update k1 ref-k1"));
  EXPECT_EQ(t.look(&Tasks::results).size(), 1U) << "the same id is committed once";
}

TEST(DispatcherTasks, WaitsUntilThePersonExists) {
  Tasks t;
  t.person_ref.clear();
  t.want("k1");
  t.start();
  t.bench.advance(seconds(3));
  t.bench.advance(seconds(3));
  EXPECT_TRUE(t.look(&Tasks::calls).empty());
  t.set([&] { t.person_ref = "251"; });
  ASSERT_TRUE(t.bench.eventually([&](Store& s) {
    t.bench.advance(seconds(1));
    return s.counts().value().outbox == 0;
  }));
  EXPECT_THAT(t.look(&Tasks::calls), ElementsAre("create k1")) << "waiting is no attempt";
}

TEST(DispatcherTasks, AfterATimeoutSearchesOnceTheDeadlineHasPassedAndCreatesNoDuplicate) {
  Tasks* self = nullptr;
  Tasks t(first(1, "create", failed(Transport::kTimeout), &self));
  self = &t;
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.called(1));
  t.bench.advance(seconds(34));
  EXPECT_EQ(t.look(&Tasks::calls).size(), 1U) << "30 s of deadline and 5 s to settle are not over";
  ASSERT_TRUE(t.bench.eventually([&](Store& s) {
    t.bench.advance(seconds(1));
    return s.counts().value().outbox == 0;
  }));
  EXPECT_THAT(t.look(&Tasks::calls), ElementsAre("create k1", "find k1", "update k1 ref-k1"));
  EXPECT_EQ(t.look(&Tasks::made)["k1"], 1);
}

TEST(DispatcherTasks, AfterATimeoutWithoutEffectCreatesTheTask) {
  Tasks t(first(1, "create", failed(Transport::kBroken)));
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.called(1));
  ASSERT_TRUE(t.bench.eventually([&](Store& s) {
    t.bench.advance(seconds(10));
    return s.counts().value().outbox == 0;
  }));
  EXPECT_THAT(t.look(&Tasks::calls), ElementsAre("create k1", "find k1", "create k1"));
  EXPECT_EQ(t.look(&Tasks::made)["k1"], 1);
}

TEST(DispatcherTasks, AProcessThatEndsDuringTheCallLeavesAnItemWithAnAttempt) {
  Tasks t([](const std::string& what) -> std::optional<HttpResult> {
    if (what.starts_with("create")) return HttpResult{Transport::kTimeout, {}, "no answer"};
    return std::nullopt;
  });
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.called(1));
  const std::vector<PartitionId> all = t.bench.engine.held();
  const auto due = t.bench.store->due_outbox(all, "task:crm", 10).value();
  EXPECT_TRUE(due.items.empty()) << "it was postponed before the call";
  ASSERT_TRUE(due.next);
  EXPECT_GE(*due.next - due.now, seconds(30));
}

TEST(DispatcherTasks, AnExplicitRefusalNeedsNoSearch) {
  Tasks t(first(1, "create", answered(429)));
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.called(1));
  ASSERT_TRUE(t.bench.eventually([&](Store& s) {
    t.bench.advance(seconds(10));
    return s.counts().value().outbox == 0;
  }));
  EXPECT_THAT(t.look(&Tasks::calls), ElementsAre("create k1", "create k1"));
}

TEST(DispatcherTasks, AServerErrorMayHaveCreatedTheTask) {
  Tasks* self = nullptr;
  Tasks t(first(1, "create", answered(500), &self));
  self = &t;
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.called(1));
  ASSERT_TRUE(t.bench.eventually([&](Store& s) {
    t.bench.advance(seconds(10));
    return s.counts().value().outbox == 0;
  }));
  EXPECT_EQ(t.look(&Tasks::made)["k1"], 1);
}

TEST(DispatcherTasks, ATaskThatIsDoneBeforeItWasCreatedIsNeverCreated) {
  Tasks t;
  t.open = false;
  t.want("k1");
  t.want("k1", 2);
  t.start();
  ASSERT_TRUE(t.bench.drained());
  EXPECT_TRUE(t.look(&Tasks::calls).empty());
}

TEST(DispatcherTasks, ATaskThatMayExistAndIsDoneIsSearchedAndUpdated) {
  Tasks* self = nullptr;
  Tasks t(first(1, "create", failed(Transport::kTimeout), &self));
  self = &t;
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.called(1));
  t.set([&] { t.open = false; });
  t.want("k1", 2);
  ASSERT_TRUE(t.bench.eventually([&](Store& s) {
    t.bench.advance(seconds(10));
    return s.counts().value().outbox == 0;
  }));
  EXPECT_THAT(t.look(&Tasks::calls), ElementsAre("create k1", "find k1", "update k1 ref-k1"));
  EXPECT_THAT(t.look(&Tasks::results), ElementsAre("task:k1=done ok ref-k1"));
}

TEST(DispatcherTasks, AnIdThatCouldNotBeCommittedIsFoundAgain) {
  Tasks t;
  t.recording = false;
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.eventually([&] { return !t.results.empty(); }));
  t.set([&] { t.recording = true; });
  ASSERT_TRUE(t.bench.eventually([&](Store& s) {
    t.bench.advance(seconds(10));
    return s.counts().value().outbox == 0;
  }));
  EXPECT_EQ(t.look(&Tasks::made)["k1"], 1);
  EXPECT_EQ(t.look(&Tasks::refs)["k1"], "ref-k1");
}

TEST(DispatcherTasks, ALateUpdateDoesNotOverwriteTheNext) {
  Tasks t(first(1, "update", failed(Transport::kTimeout)));
  t.refs["k1"] = "ref-k1";
  t.want("k1", 2);
  t.start();
  ASSERT_TRUE(t.called(1));
  t.want("k1", 3);
  t.bench.advance(seconds(25));
  EXPECT_EQ(t.look(&Tasks::calls).size(), 1U) << "the first may still take effect";
  ASSERT_TRUE(t.bench.eventually([&](Store& s) {
    t.bench.advance(seconds(10));
    return s.counts().value().outbox == 0;
  }));
}

TEST(DispatcherTasks, APermanentRefusalIsADeadLetterAndBlocksNoOtherTask) {
  Tasks t(first(1, "create", answered(400)));
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.bench.drained());
  const auto letters = t.bench.store->dead_letters(10).value();
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].origin + ' ' + letters[0].destination + ' ' + letters[0].reason,
            "outbox crm HTTP 400");
  EXPECT_THAT(t.look(&Tasks::results), ElementsAre("task:k1= failed HTTP 400"))
      << "nothing was created";
  ASSERT_TRUE(t.bench.store->requeue_dead_letter(letters[0]));
  t.bench.dispatcher->notify();
  ASSERT_TRUE(t.bench.drained());
  EXPECT_EQ(t.look(&Tasks::made)["k1"], 1);
}

TEST(DispatcherTasks, ARetriedDeadLetterWithAnUnknownResultIsSearchedFirst) {
  Tasks t;
  t.unsure = true;
  t.made["k1"] = 1;
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.bench.drained());
  EXPECT_THAT(t.look(&Tasks::calls), ElementsAre("find k1", "update k1 ref-k1"));
}

TEST(DispatcherTasks, ACallWithAKeyIsRepeatedAtOnce) {
  Tasks t(first(2, "create", answered(500)));
  t.crm->part.way = Repeat::kKeyed;
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.bench.eventually([&](Store& s) {
    t.bench.advance(seconds(1));
    return s.counts().value().outbox == 0;
  }));
  EXPECT_THAT(t.look(&Tasks::calls), ElementsAre("create k1", "create k1", "create k1"));
}

TEST(DispatcherTasks, WithoutAKeyOrASearchNoCallIsRepeated) {
  Tasks t(first(1, "create", failed(Transport::kTimeout)));
  t.crm->part.way = Repeat::kBlind;
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.bench.drained());
  ASSERT_EQ(t.bench.store->dead_letters(10).value().size(), 1U);
  EXPECT_THAT(t.look(&Tasks::calls), ElementsAre("create k1"));
  EXPECT_THAT(t.look(&Tasks::results).front(), StartsWith("task:k1=open:max failed"));
}

TEST(DispatcherTasks, ACrmThatRefusesTasksStillGetsPersons) {
  Tasks t([](const std::string& what) -> std::optional<HttpResult> {
    return what.starts_with("create") ? std::optional(answered(403)) : std::nullopt;
  });
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.bench.eventually([](Store& s) { return s.dead_letters(10).value().size() == 1; }));
  t.bench.commit("p2", {"crm"});
  t.bench.dispatcher->notify();
  ASSERT_TRUE(t.bench.drained());
}

TEST(DispatcherTasks, InObserveModeRendersAndSendsNothing) {
  Tasks t;
  t.crm = std::make_shared<TaskCrm>(Mode::kObserve);
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.bench.drained());
  EXPECT_TRUE(t.look(&Tasks::calls).empty());
  EXPECT_THAT(t.look(&Tasks::observed), ElementsAre("create k1"));
}

}  // namespace
}  // namespace baton::testing_dispatcher
