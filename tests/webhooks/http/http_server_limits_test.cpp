#include "webhooks/http/http_server_limits.h"

#include <gmock/gmock.h>

#include <thread>

#include "tests/support/raw_http.h"

namespace baton {
namespace {

using test::ask;
using test::post;
using test::RawClient;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

TEST(ConnectionLimits, UnprovenConnectionsThatWaitedLongestMakeRoom) {
  const std::vector<Expendable> all{
      {0, true, 1, 0}, {1, false, 9, 0}, {2, false, 3, 0}, {3, false, 5, 0}};
  EXPECT_THAT(longest_waiting(all, 2), UnorderedElementsAre(2U, 3U));
  EXPECT_THAT(longest_waiting(all, 3), UnorderedElementsAre(1U, 2U, 3U));
  EXPECT_EQ(longest_waiting(all, 100).size(), 4U);
  EXPECT_TRUE(longest_waiting({}, 1).empty());
}

TEST(ConnectionLimits, TheLargestUnprovenConnectionsFreeTheMemory) {
  const std::vector<Expendable> all{
      {0, true, 0, 900}, {1, false, 0, 10}, {2, false, 0, 500}, {3, false, 0, 300}};
  EXPECT_THAT(largest(all, 400), ElementsAre(2U));
  EXPECT_THAT(largest(all, 501), ElementsAre(2U, 3U));
  EXPECT_THAT(largest(all, 811), ElementsAre(2U, 3U, 1U, 0U));
  EXPECT_TRUE(largest(all, 0).empty());
}

class Taker final : public HttpHandler {
 public:
  HeadVerdict on_head(const HttpIn&) override { return {1 << 20, std::nullopt}; }
  void handle(HttpIn&, Responder respond) override { respond({}); }
};

class ServerLimits : public ::testing::Test {
 protected:
  void start(HttpServerOptions options) {
    auto server = HttpServer::start(std::move(options), [](boost::asio::io_context&, int) {
      return std::make_unique<Taker>();
    });
    ASSERT_TRUE(server.has_value()) << server.error().message;
    server_ = std::move(*server);
    port_ = server_->port();
  }
  void wait_for_open(std::size_t n) {
    while (server_->stats().open != n) std::this_thread::yield();
  }
  std::unique_ptr<HttpServer> server_;
  std::uint16_t port_ = 0;
};

TEST_F(ServerLimits, AFullServerServesNewClientsAndKeepsProvenOnes) {
  HttpServerOptions options;
  options.max_connections = 8;
  start(options);
  RawClient sender(port_);
  sender.send(post("/", "x"));
  EXPECT_EQ(sender.read().status, 200);
  std::vector<std::unique_ptr<RawClient>> idle;
  for (int i = 0; i < 7; ++i) idle.push_back(std::make_unique<RawClient>(port_));
  wait_for_open(8);
  EXPECT_EQ(ask(port_, post("/", "newcomer")).status, 200);
  EXPECT_TRUE(idle.front()->wait_for_end());
  sender.send(post("/", "again"));
  EXPECT_EQ(sender.read().status, 200);
  EXPECT_EQ(server_->stats().refused, 0U);
  EXPECT_GE(server_->stats().shed, 1U);
}

TEST_F(ServerLimits, AnAddressBeyondItsShareDisplacesNoOther) {
  HttpServerOptions options;
  options.max_connections = 2;
  options.max_per_address = 2;
  start(options);
  RawClient first(port_), second(port_);
  wait_for_open(2);
  RawClient third(port_);
  EXPECT_TRUE(third.wait_for_end());
  EXPECT_EQ(server_->stats().shed, 0U);
  first.send(post("/", "x"));
  EXPECT_EQ(first.read().status, 200);
}

TEST_F(ServerLimits, UnfinishedBodiesShareAMemoryLimit) {
  HttpServerOptions options;
  options.max_buffered = 4 << 20;
  start(options);
  const std::string half =
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n" + std::string(500'000, 'x');
  std::vector<std::unique_ptr<RawClient>> hoarders;
  for (int i = 0; i < 20; ++i) {
    hoarders.push_back(std::make_unique<RawClient>(port_));
    hoarders.back()->send(half);
  }
  while (server_->stats().shed == 0) std::this_thread::yield();
  EXPECT_EQ(ask(port_, post("/", "small")).status, 200);
  EXPECT_LT(server_->stats().open, 20U);
}

TEST_F(ServerLimits, UnfinishedHeadsShareAMemoryLimit) {
  HttpServerOptions options;
  options.max_buffered = 512 << 10;
  start(options);
  std::vector<std::unique_ptr<RawClient>> hoarders;
  for (int i = 0; i < 60; ++i) {
    hoarders.push_back(std::make_unique<RawClient>(port_));
    hoarders.back()->send("POST / HTTP/1.1\r\nX: " + std::string(15'000, 'x'));
  }
  while (server_->stats().shed == 0) std::this_thread::yield();
  EXPECT_EQ(ask(port_, post("/", "small")).status, 200);
}

}  // namespace
}  // namespace baton
