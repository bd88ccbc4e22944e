#include "gateway/app/dispatch/group_book.h"

#include <atomic>

#include "tests/app/dispatch/dispatcher_support.h"

namespace baton {
namespace {

using namespace testing_dispatcher;

std::shared_ptr<const Notifier> chat() { return std::make_shared<PlainNotifier>("chat"); }

Wire::Script always(int status) {
  return [status](const HttpRequest&, std::size_t) { return answered(status); };
}

std::vector<std::string> bodies(Wire& wire) {
  std::vector<std::string> out;
  for (const auto& call : wire.calls()) out.push_back(call.body);
  return out;
}

// Whether the outbox has so many messages, and all of them are postponed.
bool all_wait(Bench& bench, std::size_t items) {
  return bench.eventually([&](Store& s) {
    std::vector<PartitionId> all;
    for (PartitionId p = 0; p < s.partitions(); ++p) all.push_back(p);
    const auto due = s.due_outbox(all, "notify", 100).value();
    return due.items.empty() && s.counts().value().outbox == items;
  });
}

TEST(DispatcherGroups, SendOneMessageForEventsOfOneMoment) {
  Bench bench(always(200));
  for (const char* person : {"p1", "p2", "p3"})
    bench.commit(person, {}, {std::string("group/chat/") + person});
  bench.commit("p4", {}, {"breach/chat/p4"});
  bench.start({}, {chat()});
  ASSERT_TRUE(bench.wire.wait_for_calls(1));
  EXPECT_EQ(bodies(bench.wire), std::vector<std::string>{"p4"});  // a breach does not wait
  ASSERT_TRUE(all_wait(bench, 3));
  bench.advance(seconds(11));
  ASSERT_TRUE(bench.drained());
  EXPECT_EQ(bodies(bench.wire), (std::vector<std::string>{"p4", "p1+p2+p3"}));
  bench.dispatcher->stop();
  EXPECT_EQ(bench.engine.outcomes().size(), 4U);  // each member is delivered
}

TEST(DispatcherGroups, SendNoSecondMessageWithinTheWindow) {
  Bench bench(always(200));
  bench.commit("p1", {}, {"group/chat/p1"});
  bench.start({}, {chat()});
  ASSERT_TRUE(all_wait(bench, 1));
  bench.advance(seconds(11));
  ASSERT_TRUE(bench.drained());
  for (const char* person : {"p2", "p3"})
    bench.commit(person, {}, {std::string("group/chat/") + person});
  bench.dispatcher->notify();
  ASSERT_TRUE(all_wait(bench, 2));
  bench.advance(minutes(14));
  ASSERT_TRUE(all_wait(bench, 2));
  EXPECT_EQ(bodies(bench.wire), std::vector<std::string>{"p1"});
  bench.advance(minutes(2));
  ASSERT_TRUE(bench.drained());
  EXPECT_EQ(bodies(bench.wire), (std::vector<std::string>{"p1", "p2+p3"}));
}

TEST(DispatcherGroups, AreTheSameMessageAfterACrashAndNeverTwoInAWindow) {
  std::atomic<bool> answers = false;
  Bench bench([&](const HttpRequest&, std::size_t) {
    return answers ? std::optional(answered(200)) : std::nullopt;
  });
  for (const char* person : {"p1", "p2"})
    bench.commit(person, {}, {std::string("group/chat/") + person});
  bench.start({}, {chat()});
  ASSERT_TRUE(all_wait(bench, 2));
  bench.advance(seconds(11));
  ASSERT_TRUE(bench.wire.wait_for_calls(1));
  bench.dispatcher.reset();  // sent, and the result was not written
  bench.commit("p3", {}, {"group/chat/p3"});
  bench.database->advance(seconds(1));
  answers = true;
  bench.start({}, {chat()});
  ASSERT_TRUE(bench.wire.wait_for_calls(2));
  ASSERT_TRUE(all_wait(bench, 1));
  EXPECT_EQ(bodies(bench.wire), (std::vector<std::string>{"p1+p2", "p1+p2"}));
  EXPECT_EQ(header(bench.wire.calls()[0].headers, "key"),
            header(bench.wire.calls()[1].headers, "key"));
  bench.advance(minutes(16));
  ASSERT_TRUE(bench.drained());
  EXPECT_EQ(bodies(bench.wire).back(), "p3");
}

TEST(DispatcherGroups, AreTriedAgainAsTheSameMessage) {
  Bench bench([](const HttpRequest&, std::size_t call) { return answered(call == 1 ? 500 : 200); });
  for (const char* person : {"p1", "p2"})
    bench.commit(person, {}, {std::string("group/chat/") + person});
  bench.start({}, {chat()});
  ASSERT_TRUE(all_wait(bench, 2));
  bench.advance(seconds(11));
  ASSERT_TRUE(bench.wire.wait_for_calls(1));
  ASSERT_TRUE(all_wait(bench, 2));
  bench.advance(seconds(30));
  ASSERT_TRUE(bench.drained());
  EXPECT_EQ(bodies(bench.wire), (std::vector<std::string>{"p1+p2", "p1+p2"}));
  EXPECT_EQ(header(bench.wire.calls()[0].headers, "key"),
            header(bench.wire.calls()[1].headers, "key"));
}

TEST(DispatcherGroups, BecomeADeadLetterForEachMemberIfRefused) {
  Bench bench(always(404));
  for (const char* person : {"p1", "p2"})
    bench.commit(person, {}, {std::string("group/chat/") + person});
  bench.start({}, {chat()});
  ASSERT_TRUE(all_wait(bench, 2));
  bench.advance(seconds(11));
  ASSERT_TRUE(bench.eventually([](Store& s) { return s.counts().value().dead_letters == 2; }));
  EXPECT_EQ(bench.store->counts().value().outbox, 0U);
}

TEST(DispatcherGroups, OfThousandsAreOneMessage) {
  Bench bench(always(200));
  for (int i = 0; i < 3000; ++i)
    bench.commit("p" + std::to_string(i), {}, {"group/chat/p" + std::to_string(i)});
  bench.start({}, {chat()});
  ASSERT_TRUE(all_wait(bench, 3000));
  bench.advance(seconds(11));
  ASSERT_TRUE(bench.drained());
  EXPECT_EQ(bench.wire.calls().size(), 1U);
  const auto body = bench.wire.calls().front().body;
  EXPECT_EQ(std::count(body.begin(), body.end(), '+'), 2999) << "each is counted";
}

TEST(GroupBook, LeavesFurtherMembersForTheNextMessage) {
  auto database = std::make_shared<MemoryDatabase>();
  const auto store = make_memory_store(database);
  std::vector<OutboxEntry> due(GroupBook::kMostMembers + 7);
  for (std::size_t i = 0; i < due.size(); ++i) {
    due[i].key = {'p', "p" + std::to_string(i)};
    due[i].item.key = due[i].key.id + ":key";
  }
  GroupBook book;
  const auto plan =
      book.plan(*store, "chat", {"pool:lena:sales", minutes(15), Duration{0}}, due, database->now())
          .value();
  EXPECT_TRUE(plan.send);
  EXPECT_EQ(plan.members.size(), GroupBook::kMostMembers);
  EXPECT_EQ(plan.waiting.size(), 7U);
  EXPECT_GT(plan.wait_until, database->now());
}

TEST(GroupBook, LetsOneOfTwoNodesSend) {
  auto database = std::make_shared<MemoryDatabase>();
  const auto a = make_memory_store(database), b = make_memory_store(database);
  const OutgoingGroup group{"pool:lena:sales", minutes(15), Duration{0}};
  const auto entry = [](const char* person) {
    OutboxEntry e;
    e.key = {'p', person};
    e.item.key = std::string(person) + ":key";
    return e;
  };
  const auto mine = entry("p1"), theirs = entry("p2");
  GroupBook first, second;
  const auto now = database->now();
  const auto sent = first.plan(*a, "chat", group, {&mine, 1}, now).value();
  EXPECT_TRUE(sent.send);
  EXPECT_EQ(sent.key, "p1:key");  // a single message keeps its key
  const auto waits = second.plan(*b, "chat", group, {&theirs, 1}, now).value();
  EXPECT_FALSE(waits.send);
  EXPECT_EQ(waits.wait_until, now + minutes(15));
  EXPECT_TRUE(second.plan(*b, "other", group, {&theirs, 1}, now)
                  ->send);  // another channel has its own group
}

}  // namespace
}  // namespace baton
