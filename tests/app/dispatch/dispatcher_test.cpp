#include "gateway/app/dispatch/dispatcher.h"

#include <algorithm>
#include <thread>

#include "tests/app/dispatch/dispatcher_support.h"

namespace baton {
namespace {

using namespace testing_dispatcher;

std::shared_ptr<const Crm> crm(std::string name, Mode mode = Mode::kLive, std::size_t batch = 10,
                               Repeat repeat = Repeat::kKeyed) {
  return std::make_shared<PlainCrm>(std::move(name), mode, batch, repeat);
}
std::shared_ptr<const Notifier> channel(std::string name, Mode mode = Mode::kLive) {
  return std::make_shared<PlainNotifier>(std::move(name), mode);
}

Wire::Script always(int status) {
  return [status](const HttpRequest&, std::size_t) { return answered(status); };
}

TEST(Dispatcher, PushesTheNewestVersionOnceInBatches) {
  Bench bench(always(200));
  for (int i = 0; i < 25; ++i) {
    bench.commit("p" + std::to_string(i), {"crm"});
    bench.commit("p" + std::to_string(i), {"crm"});
  }
  bench.start({crm("crm")});
  ASSERT_TRUE(bench.drained());
  std::string bodies;
  for (const auto& call : bench.wire.calls()) bodies += call.body + ",";
  EXPECT_EQ(bench.wire.calls().size(), 3U);
  EXPECT_EQ(std::count(bodies.begin(), bodies.end(), ','), 25);
  EXPECT_EQ(bodies.find(":v1"), std::string::npos) << bodies;
  bench.dispatcher->stop();
  EXPECT_EQ(bench.engine.outcomes().size(), 25U);
}

TEST(Dispatcher, ReadsAtOnceWhenNotifiedAndStoresTheIdOfTheCrm) {
  Bench bench(always(200));
  bench.start({crm("crm")});
  bench.commit("p1", {"crm"});
  bench.dispatcher->notify();
  ASSERT_TRUE(bench.drained());
  const DocKey key{'p', "p1"};
  EXPECT_EQ(bench.store->load({&key, 1}).value()[0].external_ids.at("crm"), "ref-p1");
}

TEST(Dispatcher, TriesAgainAfterAFailureAndHasOneEffect) {
  for (const auto& trouble : {answered(500), answered(429), failed(Transport::kTimeout),
                              failed(Transport::kBroken), failed(Transport::kRefused)}) {
    Bench bench(
        [&](const HttpRequest&, std::size_t call) { return call == 1 ? trouble : answered(200); });
    bench.commit("p1", {"crm"});
    bench.start({crm("crm")});
    ASSERT_TRUE(bench.wire.wait_for_calls(1));
    ASSERT_TRUE(bench.eventually([&](Store& s) {
      std::vector<PartitionId> all;
      for (PartitionId i = 0; i < s.partitions(); ++i) all.push_back(i);
      return s.due_push(all, "crm", 10).value().items.empty();
    }));
    EXPECT_EQ(bench.wire.calls().size(), 1U);
    bench.database->advance(hours(1));
    // A new dispatcher has no pauses. A pause is measured by the steady clock since the last read.
    bench.dispatcher = nullptr;
    bench.start({crm("crm")});
    ASSERT_TRUE(bench.drained());
    EXPECT_EQ(bench.wire.calls().size(), 2U);
    EXPECT_EQ(bench.wire.calls()[0].body, bench.wire.calls()[1].body);
  }
}

TEST(Dispatcher, APermanentRefusalIsADeadLetterWithItsReason) {
  Bench bench(always(400));
  bench.commit("p1", {"crm"});
  bench.start({crm("crm")});
  ASSERT_TRUE(bench.drained());
  const auto letters = bench.store->dead_letters(10).value();
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].origin, "push");
  EXPECT_EQ(letters[0].subject, "p1");
  EXPECT_EQ(letters[0].destination, "crm");
  EXPECT_EQ(letters[0].reason, "HTTP 400");
  bench.dispatcher->stop();
  EXPECT_EQ(bench.engine.outcomes(), std::vector<std::string>{"p1 push crm failed HTTP 400"});
}

TEST(Dispatcher, OneBadRecordDoesNotFailItsBatch) {
  Bench bench([](const HttpRequest& request, std::size_t) {
    return answered(request.body.find("bad") != std::string::npos ? 400 : 200);
  });
  for (const char* person : {"p1", "p2", "bad", "p3"}) bench.commit(person, {"crm"});
  bench.start({crm("crm")});
  ASSERT_TRUE(bench.drained());
  EXPECT_EQ(bench.store->dead_letters(10).value().size(), 1U);
  bench.dispatcher->stop();
  const auto outcomes = bench.engine.outcomes();
  EXPECT_EQ(std::count_if(outcomes.begin(), outcomes.end(),
                          [](const auto& o) { return o.find(" ok ") != std::string::npos; }),
            3);
}

TEST(Dispatcher, ADeadCrmDelaysNoOther) {
  Bench bench([](const HttpRequest& request, std::size_t) -> std::optional<HttpResult> {
    if (request.url.starts_with("https://dead")) return std::nullopt;  // hangs
    return answered(200);
  });
  for (int i = 0; i < 50; ++i)
    bench.commit("p" + std::to_string(i), {"dead", "alive"}, {"offer/chat/m" + std::to_string(i)});
  bench.start({crm("dead"), crm("alive")}, {channel("chat")});
  ASSERT_TRUE(bench.eventually(
      [](Store& s) { return s.counts().value().push == 50 && s.counts().value().outbox == 0; }));
}

TEST(Dispatcher, NeverHasTwoCallsForOnePersonInFlight) {
  Bench bench([](const HttpRequest&, std::size_t call) -> std::optional<HttpResult> {
    if (call == 1) return std::nullopt;
    return answered(200);
  });
  bench.commit("p1", {"crm"});
  bench.start({crm("crm")});
  ASSERT_TRUE(bench.wire.wait_for_calls(1));
  bench.commit("p1", {"crm"});
  bench.commit("p2", {"crm"});
  bench.dispatcher->notify();
  ASSERT_TRUE(bench.wire.wait_for_calls(2));
  EXPECT_EQ(bench.wire.calls()[1].body, "p2:v1");
  bench.wire.answer_held(answered(200));
  ASSERT_TRUE(bench.drained());
  EXPECT_EQ(bench.wire.calls()[2].body, "p1:v2");
}

TEST(Dispatcher, ForgetsPersonsThatNoLongerExist) {
  Bench bench(always(200));
  bench.commit("gone1", {"crm"});
  bench.start({crm("crm")});
  ASSERT_TRUE(bench.drained());
  EXPECT_TRUE(bench.wire.calls().empty());
}

TEST(Dispatcher, SendsNothingWhileItOnlyObserves) {
  Bench bench(always(200));
  bench.commit("p1", {"crm"}, {"offer/chat/m1"});
  bench.start({crm("crm", Mode::kObserve)}, {channel("chat", Mode::kObserve)});
  ASSERT_TRUE(bench.drained());
  bench.dispatcher->stop();
  EXPECT_TRUE(bench.wire.calls().empty());
  EXPECT_TRUE(bench.engine.outcomes().empty());
}

TEST(Dispatcher, ReadsBackFirstIfTheCrmCannotRecogniseARepeat) {
  Bench bench([](const HttpRequest& request, std::size_t call) {
    if (call == 1) return failed(Transport::kTimeout);
    return answered(request.method == "GET" ? 200 : 500);
  });
  bench.commit("p1", {"crm"});
  bench.start({crm("crm", Mode::kLive, 10, Repeat::kReadable)});
  ASSERT_TRUE(bench.wire.wait_for_calls(1));
  ASSERT_TRUE(bench.eventually([&](Store&) {
    bench.advance(minutes(1));
    return bench.wire.calls().size() > 1;
  }));
  ASSERT_TRUE(bench.drained());
  EXPECT_EQ(bench.wire.calls().size(), 2U);
  EXPECT_EQ(bench.wire.calls()[1].url, "https://crm/read/p1");
}

TEST(Dispatcher, SendsMessagesWithTheSameKeyAfterAnUnknownOutcome) {
  Bench bench([](const HttpRequest&, std::size_t call) {
    return call == 1 ? failed(Transport::kBroken) : answered(200);
  });
  bench.commit("p1", {}, {"breach/chat/key-1"});
  bench.start({}, {channel("chat")});
  ASSERT_TRUE(bench.wire.wait_for_calls(1));
  ASSERT_TRUE(bench.eventually([&](Store& s) {
    bench.advance(seconds(1));
    return s.counts().value().outbox == 0;
  }));
  ASSERT_EQ(bench.wire.calls().size(), 2U);
  EXPECT_EQ(bench.wire.calls()[0].body, "key-1");
  EXPECT_EQ(bench.wire.calls()[1].body, "key-1");
}

TEST(Dispatcher, LetsABreachOvertakeOffers) {
  Bench bench(always(200));
  for (int i = 0; i < 20; ++i) bench.commit("p" + std::to_string(i), {}, {"offer/chat/offer"});
  bench.commit("q", {}, {"breach/chat/breach"});
  bench.start({}, {channel("chat")});
  ASSERT_TRUE(bench.drained());
  EXPECT_EQ(bench.wire.calls()[0].body, "breach");
}

TEST(Dispatcher, CountsNoAttemptWhileAMessageWaitsForItsLane) {
  Bench bench(
      [](const HttpRequest&, std::size_t) -> std::optional<HttpResult> { return std::nullopt; });
  for (int i = 0; i < 400; ++i)
    bench.commit("p" + std::to_string(i), {}, {"offer/chat/m" + std::to_string(i)});
  bench.start({}, {channel("chat")});
  const std::size_t at_once = DispatcherOptions{}.calls_in_flight;
  for (std::size_t sent = at_once; sent <= 5 * at_once; sent += at_once) {
    ASSERT_TRUE(bench.wire.wait_for_calls(sent));
    if (sent < 5 * at_once) bench.wire.answer_held(answered(200));
  }
  ASSERT_TRUE(
      bench.eventually([&](Store& s) { return s.counts().value().outbox == 400 - 4 * at_once; }));
  std::vector<PartitionId> all;
  for (PartitionId i = 0; i < bench.store->partitions(); ++i) all.push_back(i);
  const auto due = bench.store->due_outbox(all, "notify", 400).value();
  ASSERT_EQ(due.items.size(), 400 - 4 * at_once) << "none was postponed";
  for (const auto& entry : due.items) ASSERT_EQ(entry.attempts, 0) << entry.item.key;
}

TEST(Dispatcher, EveryMessageIsFinishedOrADeadLetter) {
  Bench bench(always(404));
  bench.commit("p1", {}, {"offer/chat/m1", "offer/superseded/m2", "offer/nowhere/m3"});
  bench.start({}, {channel("chat")});
  ASSERT_TRUE(bench.drained());
  const auto letters = bench.store->dead_letters(10).value();
  ASSERT_EQ(letters.size(), 2U);
  std::vector<std::string> reasons{letters[0].reason, letters[1].reason};
  std::sort(reasons.begin(), reasons.end());
  EXPECT_EQ(reasons, (std::vector<std::string>{"HTTP 404", "no channel has this name"}));
}

TEST(Dispatcher, StopsWithinTheGracePeriodAndLeavesTheRestInTheStore) {
  Bench bench(
      [](const HttpRequest&, std::size_t) -> std::optional<HttpResult> { return std::nullopt; });
  bench.commit("p1", {"crm"});
  bench.start({crm("crm")});
  ASSERT_TRUE(bench.wire.wait_for_calls(1));
  bench.dispatcher->stop();
  bench.wire.answer_held(answered(200));  // too late: no worker reads the answer
  EXPECT_EQ(bench.store->counts().value().push, 1U);
}

}  // namespace
}  // namespace baton
