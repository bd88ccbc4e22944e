#include <atomic>

#include "tests/app/dispatch/dispatcher_support.h"

namespace baton {
namespace {

using testing_dispatcher::answered;
using testing_dispatcher::Bench;
using testing_dispatcher::PlainNotifier;

// The store's clock does not move in these tests. A dispatcher that waits for it waits forever.
TEST(DispatcherBurst, AQuickChannelTakesABurstWithoutPause) {
  Bench bench([](const HttpRequest&, std::size_t) { return answered(200); });
  for (int i = 0; i < 600; ++i)
    bench.commit("p" + std::to_string(i), {}, {"offer/chat/k" + std::to_string(i)});
  bench.start({}, {std::make_shared<PlainNotifier>("chat")});
  EXPECT_TRUE(bench.wire.wait_for_calls(600)) << bench.wire.calls().size();
}

TEST(DispatcherBurst, ASilentChannelDoesNotHideTheMessagesOfAnother) {
  Bench bench([](const HttpRequest& request, std::size_t) -> std::optional<HttpResult> {
    if (request.url.starts_with("https://silent")) return std::nullopt;
    return answered(200);
  });
  for (int i = 0; i < 600; ++i)
    bench.commit("p" + std::to_string(i), {}, {"offer/silent/k" + std::to_string(i)});
  for (int i = 0; i < 20; ++i)
    bench.commit("q" + std::to_string(i), {}, {"offer/chat/k" + std::to_string(i)});
  bench.start({},
              {std::make_shared<PlainNotifier>("silent"), std::make_shared<PlainNotifier>("chat")});
  EXPECT_TRUE(bench.wire.wait_for_calls(24)) << bench.wire.calls().size();
}

// Messages that are put off because their channel does not answer were not tried.
TEST(DispatcherBurst, PostponedMessagesOfASilentChannelWereNotTried) {
  Bench bench(
      [](const HttpRequest&, std::size_t) -> std::optional<HttpResult> { return std::nullopt; });
  for (int i = 0; i < 300; ++i)
    bench.commit("p" + std::to_string(i), {}, {"offer/silent/k" + std::to_string(i)});
  bench.start({},
              {std::make_shared<PlainNotifier>("silent"), std::make_shared<PlainNotifier>("chat")});
  std::vector<PartitionId> all;
  for (PartitionId i = 0; i < bench.store->partitions(); ++i) all.push_back(i);
  ASSERT_TRUE(bench.eventually(
      [&](Store& s) { return s.due_outbox(all, "notify", 300)->items.size() < 60; }));
  bench.database->advance(seconds(40));
  const auto due = bench.store->due_outbox(all, "notify", 400).value();
  ASSERT_EQ(due.items.size(), 300U);
  for (const auto& entry : due.items) EXPECT_EQ(entry.attempts, 0) << entry.item.key;
}

TEST(DispatcherBurst, AChannelThatAnswersAgainGetsItsPostponedMessagesAtOnce) {
  std::atomic<bool> away = true;
  Bench bench([&](const HttpRequest&, std::size_t) {
    return away ? std::nullopt : std::optional(answered(200));
  });
  for (int i = 0; i < 1000; ++i)
    bench.commit("p" + std::to_string(i), {}, {"offer/silent/k" + std::to_string(i)});
  bench.start({},
              {std::make_shared<PlainNotifier>("silent"), std::make_shared<PlainNotifier>("chat")});
  std::vector<PartitionId> all;
  for (PartitionId i = 0; i < bench.store->partitions(); ++i) all.push_back(i);
  ASSERT_TRUE(bench.eventually(
      [&](Store& s) { return s.due_outbox(all, "notify", 1000)->items.size() < 300; }));
  away = false;
  bench.wire.answer_held(answered(200));
  EXPECT_TRUE(bench.drained())
      << bench.wire.calls().size()
      << " of 1000; the store's clock does not move, so none may be postponed";
}

// A breach that arrives while a channel works through thousands of messages is in the next read,
// and is sent first.
TEST(DispatcherBurst, ABreachOvertakesThousandsOfWaitingMessages) {
  Bench bench(
      [](const HttpRequest&, std::size_t) -> std::optional<HttpResult> { return std::nullopt; });
  for (int i = 0; i < 2000; ++i)
    bench.commit("p" + std::to_string(i), {}, {"offer/chat/k" + std::to_string(i)});
  bench.start({}, {std::make_shared<PlainNotifier>("chat")});
  const std::size_t at_once = DispatcherOptions{}.calls_in_flight;
  ASSERT_TRUE(bench.wire.wait_for_calls(at_once));
  bench.commit("q", {}, {"breach/chat/breach"});
  bench.dispatcher->notify();
  for (std::size_t sent = 2 * at_once; sent <= 400; sent += at_once) {
    bench.wire.answer_held(answered(200));
    ASSERT_TRUE(bench.wire.wait_for_calls(sent));
    const auto calls = bench.wire.calls();
    if (std::any_of(calls.begin(), calls.end(),
                    [](const auto& call) { return call.body == "breach"; }))
      return;
  }
  FAIL() << "it waits behind offers";
}

TEST(DispatcherBurst, ADuplicateInABatchConcernsItsRecordOnly) {
  Bench bench([](const HttpRequest& request, std::size_t) {
    return answered(request.body.find("taken") != std::string::npos ? 409 : 200);
  });
  for (const char* person : {"p1", "p2", "taken", "p3"}) bench.commit(person, {"crm"});
  bench.start({std::make_shared<testing_dispatcher::PlainCrm>("crm")});
  ASSERT_TRUE(bench.drained());
  const auto letters = bench.store->dead_letters(10).value();
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters.front().subject, "taken");
}

}  // namespace
}  // namespace baton
