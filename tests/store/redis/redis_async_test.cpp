#include "gateway/store/redis/redis_async.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>

#include "gateway/store/redis/redis_store.h"
#include "tests/support/redis_server.h"

namespace baton {
namespace {

class AsyncIntakeTest : public ::testing::Test {
 protected:
  RedisOptions options() const { return {server_.url(), 8, seconds(1), seconds(2)}; }
  std::unique_ptr<AsyncIntake> open(AsyncLimits limits = {}) {
    auto intake = AsyncIntake::make(io_, options(), limits).value();
    until([&] { return intake->connected(); });
    return intake;
  }
  // Runs the loop until the condition holds, for at most ten seconds.
  template <class Condition>
  bool until(Condition holds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!holds() && std::chrono::steady_clock::now() < end) {
      io_.restart();
      io_.run_one_for(std::chrono::milliseconds(50));
    }
    return holds();
  }
  void send(AsyncIntake& intake, const std::string& id) {
    ++sent_;
    intake.intake({id, "payload"}, [this](Result<IntakeAnswer> answer) {
      ++answered_;
      if (!answer) {
        last_error_ = answer.error();
        ++failed_;
      } else {
        ++(*answer == IntakeAnswer::kStored ? stored_ : duplicates_);
      }
    });
  }
  bool all_answered() {
    return until([&] { return answered_ == sent_; });
  }
  std::uint64_t in_store() { return make_redis_store(options()).value()->counts().value().intake; }

  boost::asio::io_context io_;
  RedisServer server_;
  int sent_ = 0, answered_ = 0, stored_ = 0, duplicates_ = 0, failed_ = 0;
  Error last_error_;
};

TEST_F(AsyncIntakeTest, StoresManyAtOnceAndDetectsDuplicates) {
  const auto intake = open();
  for (int i = 0; i < 1000; ++i) send(*intake, "d" + std::to_string(i % 900));
  ASSERT_TRUE(all_answered());
  EXPECT_EQ(stored_, 900);
  EXPECT_EQ(duplicates_, 100);
  EXPECT_EQ(in_store(), 900u);
}

TEST_F(AsyncIntakeTest, ReportsHealthAndMemory) {
  const auto intake = open();
  server_.run("CONFIG SET maxmemory 100mb");
  bool pinged = false;
  MemoryPressure pressure;
  intake->ping([&](Status status) { pinged = bool(status); });
  intake->memory([&](Result<MemoryPressure> answer) { pressure = answer.value(); });
  ASSERT_TRUE(until([&] { return pinged && pressure.max != 0; }));
  EXPECT_EQ(pressure.max, 100u << 20);
  EXPECT_GT(pressure.used, 0u);
}

TEST_F(AsyncIntakeTest, FailsAtOnceWhileRedisIsDownAndReconnects) {
  const auto intake = open();
  server_.kill9();
  ASSERT_TRUE(until([&] { return !intake->connected(); }));
  send(*intake, "d1");
  EXPECT_EQ(failed_, 1);
  EXPECT_EQ(last_error_.code, Errc::kTransient);
  server_.start();
  ASSERT_TRUE(until([&] { return intake->connected(); }));
  send(*intake, "d1");
  ASSERT_TRUE(all_answered());
  EXPECT_EQ(stored_, 1);
}

TEST_F(AsyncIntakeTest, StartsWithoutRedis) {
  server_.kill9();
  const auto intake = AsyncIntake::make(io_, options()).value();
  send(*intake, "d1");
  EXPECT_EQ(failed_, 1);
  server_.start();
  EXPECT_TRUE(until([&] { return intake->connected(); }));
}

TEST_F(AsyncIntakeTest, AHangingRedisFailsAllCallersAndALateReplyIsIgnored) {
  AsyncLimits limits;
  limits.deadline = milliseconds(60);
  const auto intake = open(limits);
  send(*intake, "d0");
  ASSERT_TRUE(all_answered());
  server_.pause();
  for (int i = 1; i <= 10; ++i) send(*intake, "d" + std::to_string(i));
  ASSERT_TRUE(all_answered());
  EXPECT_EQ(failed_, 10);
  EXPECT_EQ(last_error_.code, Errc::kTransient);
  EXPECT_FALSE(intake->connected());
  server_.resume();
  ASSERT_TRUE(until([&] { return intake->connected(); }));
  for (int i = 0; i <= 10; ++i) send(*intake, "d" + std::to_string(i));
  ASSERT_TRUE(all_answered());
  EXPECT_EQ(failed_, 10);
  EXPECT_GE(duplicates_, 1);
  EXPECT_EQ(in_store(), 11u);
}

TEST_F(AsyncIntakeTest, RefusesCallsBeyondItsLimit) {
  AsyncLimits limits;
  limits.pending = 5;
  const auto intake = open(limits);
  for (int i = 0; i < 8; ++i) send(*intake, "d" + std::to_string(i));
  EXPECT_EQ(failed_, 3);
  EXPECT_EQ(last_error_.code, Errc::kRateLimited);
  ASSERT_TRUE(all_answered());
  EXPECT_EQ(stored_, 5);
}

TEST_F(AsyncIntakeTest, AFullRedisIsTransient) {
  const auto intake = open();
  server_.run("CONFIG SET maxmemory 1");
  send(*intake, "d1");
  ASSERT_TRUE(all_answered());
  EXPECT_EQ(last_error_.code, Errc::kTransient);
  EXPECT_TRUE(intake->connected());
}

TEST_F(AsyncIntakeTest, ALostFunctionLibraryIsLoadedAgain) {
  const auto intake = open();
  server_.run("FUNCTION FLUSH");
  for (int i = 0; i < 20; ++i) send(*intake, "d" + std::to_string(i));
  ASSERT_TRUE(all_answered());
  EXPECT_EQ(stored_, 20);
}

TEST_F(AsyncIntakeTest, AnswersAllCallersWhenItIsDestroyed) {
  auto intake = open();
  for (int i = 0; i < 5; ++i) send(*intake, "d" + std::to_string(i));
  intake.reset();
  EXPECT_EQ(answered_, 5);
  EXPECT_EQ(failed_, 5);
  io_.restart();
  io_.run();
}

TEST_F(AsyncIntakeTest, MayBeDestroyedInItsCallback) {
  auto intake = open();
  intake->ping([&](Status) { intake.reset(); });
  for (int i = 0; i < 5; ++i) send(*intake, "d" + std::to_string(i));
  EXPECT_TRUE(all_answered());
  EXPECT_FALSE(intake);
}

TEST_F(AsyncIntakeTest, RefusesAnotherLayout) {
  ASSERT_TRUE(make_redis_store(options()).value()->now());
  server_.run("HSET baton:layout version 2");
  const auto intake = AsyncIntake::make(io_, options()).value();
  bool ever = false;
  for (int i = 0; i < 10; ++i) {
    io_.restart();
    io_.run_one_for(std::chrono::milliseconds(20));
    ever = ever || intake->connected();
  }
  EXPECT_FALSE(ever);
}

}  // namespace
}  // namespace baton
