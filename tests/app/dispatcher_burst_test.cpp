#include "tests/app/dispatcher_support.h"

namespace baton {
namespace {

using testing_dispatcher::answered;
using testing_dispatcher::Bench;
using testing_dispatcher::PlainNotifier;

// The store's time stands still in these tests: whoever waits for it waits for ever.
TEST(DispatcherBurst, AQuickChannelTakesABurstWithoutPause) {
  Bench bench([](const HttpRequest&, std::size_t) { return answered(200); });
  for (int i = 0; i < 600; ++i) bench.commit("p" + std::to_string(i), {}, {"offer/chat/k" + std::to_string(i)});
  bench.start({}, {std::make_shared<PlainNotifier>("chat")});
  EXPECT_TRUE(bench.wire.wait_for_calls(600)) << bench.wire.calls().size();
}

TEST(DispatcherBurst, ASilentChannelDoesNotHideTheMessagesOfAnother) {
  Bench bench([](const HttpRequest& request, std::size_t) -> std::optional<HttpResult> {
    if (request.url.starts_with("https://silent")) return std::nullopt;
    return answered(200);
  });
  for (int i = 0; i < 600; ++i) bench.commit("p" + std::to_string(i), {}, {"offer/silent/k" + std::to_string(i)});
  for (int i = 0; i < 20; ++i) bench.commit("q" + std::to_string(i), {}, {"offer/chat/k" + std::to_string(i)});
  bench.start({}, {std::make_shared<PlainNotifier>("silent"), std::make_shared<PlainNotifier>("chat")});
  EXPECT_TRUE(bench.wire.wait_for_calls(24)) << bench.wire.calls().size();
}

TEST(DispatcherBurst, ADuplicateInABatchIsAMatterOfItsOwnRecordAlone) {
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
