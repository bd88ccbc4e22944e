#include "gateway/platform/failpoint.h"

#include <gtest/gtest.h>

#if BATON_FAILPOINTS_BUILT

#include <csignal>
#include <cstdlib>

namespace baton {
namespace {

TEST(Failpoint, ParsesActionAndCount) {
  const auto points =
      parse_failpoints("spool.synced=abort@3,push.answered=sleep:200,shutdown=stop,x=sleep:5@2");
  ASSERT_TRUE(points);
  ASSERT_EQ(points->size(), 4U);
  EXPECT_EQ((*points)[0].name, "spool.synced");
  EXPECT_EQ((*points)[0].action, Failpoint::Action::kAbort);
  EXPECT_EQ((*points)[0].at, 3);
  EXPECT_EQ((*points)[1].action, Failpoint::Action::kSleep);
  EXPECT_EQ((*points)[1].sleep_ms, 200);
  EXPECT_EQ((*points)[1].at, 0);
  EXPECT_EQ((*points)[2].action, Failpoint::Action::kStop);
  EXPECT_EQ((*points)[2].at, 1);
  EXPECT_EQ((*points)[3].at, 2);
}

TEST(Failpoint, RefusesInvalidTexts) {
  for (const auto* text : {"x", "=abort", "x=explode", "x=sleep", "x=sleep:", "x=sleep:-1",
                           "x=abort@0", "x=abort@two", "x=abort,", ","}) {
    const auto points = parse_failpoints(text);
    if (std::string_view(text) == "x=abort,")
      EXPECT_TRUE(points) << text;
    else
      EXPECT_FALSE(points) << text;
  }
}

TEST(FailpointDeathTest, EndsTheProcessAtTheRequestedCount) {
  EXPECT_EXIT(
      {
        ::setenv("BATON_FAILPOINTS", "a=abort@2", 1);
        reach_failpoint("a");
        reach_failpoint("b");
        reach_failpoint("a");
      },
      testing::KilledBySignal(SIGKILL), "failpoint a");
}

TEST(FailpointDeathTest, EndsTheProcessOnAnInvalidText) {
  EXPECT_EXIT(
      {
        ::setenv("BATON_FAILPOINTS", "a=burn", 1);
        reach_failpoint("a");
      },
      testing::ExitedWithCode(78), "is not a failpoint");
}

}  // namespace
}  // namespace baton

#else

TEST(Failpoint, IsEmptyInThisBuild) { BATON_FAILPOINT("any.name"); }

#endif
