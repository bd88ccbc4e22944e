#include "gateway/store/redis/embedded_redis.h"

#include <csignal>
#include <filesystem>

#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/support/temp_folder.h"

namespace baton {
namespace {

TEST(EmbeddedRedis, StartsRestartsAndEndsWithItsOwner) {
  const TempFolder folder;
  int last = 0;
  {
    auto redis = EmbeddedRedis::start({.data = folder.path()});
    ASSERT_TRUE(redis) << redis.error().message;
    const int first = (*redis)->pid();
    EXPECT_EQ(::kill(first, 0), 0);
    ::kill(first, SIGKILL);
    while ((*redis)->pid() == first || (*redis)->pid() < 0) (*redis)->supervise();
    last = (*redis)->pid();
    EXPECT_NE(last, first);
  }
  EXPECT_NE(::kill(last, 0), 0);
}

TEST(EmbeddedRedis, ASecondGatewayOnTheSameDataFolderIsRefused) {
  const TempFolder folder;
  auto first = EmbeddedRedis::start({.data = folder.path()});
  ASSERT_TRUE(first);
  auto second = EmbeddedRedis::start({.data = folder.path()});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::kConflict);
  EXPECT_NE(second.error().message.find(std::to_string(::getpid())), std::string::npos);
}

TEST(EmbeddedRedis, DiesWithAKilledGatewayAndTheNextOneWaitsForIt) {
  const TempFolder folder;
  int pipe_ends[2];
  ASSERT_EQ(::pipe(pipe_ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    auto redis = EmbeddedRedis::start({.data = folder.path()});
    const int pid = redis ? (*redis)->pid() : -1;
    [[maybe_unused]] const auto n = ::write(pipe_ends[1], &pid, sizeof pid);
    ::pause();
    ::_exit(0);
  }
  int server = -1;
  ASSERT_EQ(::read(pipe_ends[0], &server, sizeof server), static_cast<ssize_t>(sizeof server));
  ASSERT_GT(server, 0);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  auto next = EmbeddedRedis::start({.data = folder.path()});
  ASSERT_TRUE(next) << next.error().message;
  EXPECT_NE((*next)->pid(), server);
}

TEST(EmbeddedRedis, ReportsAMissingProgram) {
  const TempFolder folder;
  auto redis = EmbeddedRedis::start({.data = folder.path(), .program = "no-such-redis-server"});
  ASSERT_FALSE(redis);
  EXPECT_EQ(redis.error().code, Errc::kNotFound);
}

TEST(EmbeddedRedis, ReportsAPathTooLongForASocket) {
  const TempFolder folder;
  auto redis = EmbeddedRedis::start({.data = folder.path() + "/" + std::string(120, 'd')});
  ASSERT_FALSE(redis);
  EXPECT_EQ(redis.error().code, Errc::kInvalidInput);
}

}  // namespace
}  // namespace baton
