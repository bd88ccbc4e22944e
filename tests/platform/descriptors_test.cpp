#include "gateway/platform/descriptors.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace baton {
namespace {

TEST(Descriptors, TheSoftLimitIsRaisedToTheHardLimit) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit lowered = before;
  lowered.rlim_cur = std::min<rlim_t>(before.rlim_max, 512);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &lowered), 0);
  EXPECT_EQ(raise_descriptor_limit(), before.rlim_max);
  rlimit after{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &after), 0);
  EXPECT_EQ(after.rlim_cur, before.rlim_max);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

TEST(Descriptors, ConnectionsLeaveDescriptorsForFilesAndStores) {
  EXPECT_EQ(connections_within(10'000, 1'048'576), 10'000U);
  EXPECT_EQ(connections_within(10'000, 4'096), 3'840U);
  EXPECT_EQ(connections_within(10'000, 100), 50U);
  EXPECT_EQ(connections_within(10'000, 1), 1U);
  EXPECT_EQ(connections_within(20, 1'024), 20U);
}

}  // namespace
}  // namespace baton
