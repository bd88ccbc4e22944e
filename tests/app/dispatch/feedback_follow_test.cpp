#include "tests/app/dispatch/feedback_support.h"

// A poller asks further questions about what the records of a CRM do not contain.

namespace baton::testing_dispatcher {
namespace {

TEST(FeedbackFollow, AsksFurtherQuestionsBeforeItCommitsTouches) {
  Polling p([](const HttpRequest& request, std::size_t) {
    return std::optional(answered(200, request.url == "https://crm/more" ? "" : "c1"));
  });
  p.crm->feedback_part.questions = 3;
  p.crm->feedback_part.settings.calls = 2;  // so that questions wait for room
  p.start();
  p.mark("c1", FeedbackQueue::kContact);
  p.run_for(seconds(5));
  EXPECT_THAT(p.touches, ::testing::IsEmpty()) << "two of four calls had room";
  EXPECT_EQ(p.bench.wire.calls().size(), 2u);
  EXPECT_EQ(p.crm->feedback_part.since_given.size(), 1u);
  p.run_for(seconds(10));
  EXPECT_THAT(p.touches, ::testing::ElementsAre("c1.called", "c1.more"));
  EXPECT_EQ(p.bench.wire.calls().size(), 4u);
  EXPECT_FALSE(p.answers.empty());
  p.run_for(minutes(2));
  EXPECT_EQ(p.touches.size(), 2u) << "committed once";
}

TEST(FeedbackFollow, IfFurtherQuestionsAreRefusedTheRecordsCount) {
  Polling p([](const HttpRequest& request, std::size_t) {
    return std::optional(answered(request.url == "https://crm/more" ? 403 : 200, "c1"));
  });
  p.crm->feedback_part.questions = 2;
  p.start();
  p.mark("c1", FeedbackQueue::kContact);
  p.run_for(minutes(5));
  EXPECT_THAT(p.touches, ::testing::ElementsAre("c1.called"));
  EXPECT_GE(p.answers.size(), 8u) << "polling continues";
}

}  // namespace
}  // namespace baton::testing_dispatcher
