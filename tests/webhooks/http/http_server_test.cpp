#include "webhooks/http/http_server.h"

#include <gmock/gmock.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "tests/support/raw_http.h"
#include "webhooks/http/http_server_response.h"

namespace baton {
namespace {

using test::ask;
using test::post;
using test::RawClient;

// Echoes the body; the test triggers the answer to "/later".
class Echo final : public HttpHandler {
 public:
  struct Control {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<Responder> waiting;
    std::size_t max_body = 1000;

    Responder take() {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return !waiting.empty(); });
      auto r = waiting.front();
      waiting.erase(waiting.begin());
      return r;
    }
  };
  explicit Echo(Control& control) : control_(control) {}

  HeadVerdict on_head(const HttpIn& head) override {
    if (head.path == "/refused") return {0, problem(404, "not_found", "nothing")};
    return {control_.max_body, std::nullopt};
  }
  void handle(HttpIn& request, Responder respond) override {
    if (request.path == "/later") {
      const std::lock_guard lock(control_.mutex);
      control_.waiting.push_back(std::move(respond));
      control_.changed.notify_all();
      return;
    }
    HttpOut out;
    out.content_type = "text/plain";
    if (request.path == "/client") {
      out.body = to_string(request.client);
    } else if (request.path == "/split") {
      out.headers.emplace_back("X-Bad", "a\r\nX-Injected: 1");
      out.headers.emplace_back("X-Good", "b");
    } else {
      out.body = std::string(request.method) + " " + request.body;
    }
    respond(std::move(out));
  }

 private:
  Control& control_;
};

class HttpServerTest : public ::testing::Test {
 protected:
  void start(HttpServerOptions options = {}) {
    auto server = HttpServer::start(std::move(options), [this](boost::asio::io_context&, int) {
      return std::make_unique<Echo>(control_);
    });
    ASSERT_TRUE(server.has_value()) << server.error().message;
    server_ = std::move(*server);
    port_ = server_->port();
  }
  static HttpServerOptions quick() {
    HttpServerOptions o;
    o.header_timeout = o.body_timeout = o.idle_timeout = milliseconds(200);
    return o;
  }

  Echo::Control control_;
  std::unique_ptr<HttpServer> server_;
  std::uint16_t port_ = 0;
};

TEST_F(HttpServerTest, AnswersAndKeepsTheConnection) {
  start();
  RawClient client(port_);
  for (int i = 0; i < 3; ++i) {
    client.send(post("/", "n" + std::to_string(i)));
    const auto answer = client.read();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "POST n" + std::to_string(i));
    EXPECT_EQ(answer.headers.count("connection"), 0U);
    EXPECT_THAT(answer.headers.at("date"), ::testing::EndsWith(" GMT"));
  }
}

TEST_F(HttpServerTest, ServesOnSeveralThreads) {
  HttpServerOptions options;
  options.threads = 3;
  start(options);
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 30; ++i) clients.push_back(std::make_unique<RawClient>(port_));
  for (auto& c : clients) c->send(post("/", "x"));
  for (auto& c : clients) EXPECT_EQ(c->read().status, 200);
  EXPECT_EQ(server_->stats().requests, 30U);
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  start();
  std::string all;
  for (int i = 0; i < 500; ++i) all += post("/", std::to_string(i));
  RawClient client(port_);
  client.send(all);
  for (int i = 0; i < 500; ++i) ASSERT_EQ(client.read().body, "POST " + std::to_string(i));
}

TEST_F(HttpServerTest, HoldsPipelinedRequestsBackUntilTheFirstIsAnswered) {
  start();
  RawClient client(port_);
  client.send(post("/later", "") + post("/", "second"));
  auto respond = control_.take();
  HttpOut out;
  out.body = "first";
  respond.from_any_thread(out);
  EXPECT_EQ(client.read().body, "first");
  EXPECT_EQ(client.read().body, "POST second");
}

TEST_F(HttpServerTest, IgnoresASecondAnswer) {
  start();
  RawClient client(port_);
  client.send(post("/later", ""));
  auto respond = control_.take();
  HttpOut out;
  out.body = "once";
  respond.from_any_thread(out);
  respond.from_any_thread(out);
  EXPECT_EQ(client.read().body, "once");
  client.send(post("/", "next"));
  EXPECT_EQ(client.read().body, "POST next");
}

TEST_F(HttpServerTest, ClosesAHalfSentHeader) {
  start(quick());
  RawClient client(port_);
  client.send("POST / HTTP/1.1\r\nHost: h\r\nX-Slow: ");
  EXPECT_EQ(client.read().status, 408);
  EXPECT_TRUE(client.wait_for_end());
  EXPECT_EQ(server_->stats().timeouts, 1U);
}

TEST_F(HttpServerTest, SlowBytesDoNotExtendTheDeadline) {
  auto options = quick();
  options.max_header = 256 << 20;
  start(options);
  RawClient client(port_);
  client.send("POST / HTTP/1.1\r\nHost: h\r\nX-Slow: ");
  std::atomic<bool> ended{false};
  std::thread drip([&] {
    while (!ended) {
      client.send("a");
      std::this_thread::yield();
    }
  });
  EXPECT_EQ(client.read().status, 408);
  ended = true;
  drip.join();
}

TEST_F(HttpServerTest, ClosesAHalfSentBody) {
  start(quick());
  RawClient client(port_);
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf");
  EXPECT_EQ(client.read().status, 408);
  EXPECT_TRUE(client.wait_for_end());
}

TEST_F(HttpServerTest, ClosesIdleConnections) {
  start(quick());
  RawClient silent(port_), used(port_);
  used.send(post("/", "x"));
  EXPECT_EQ(used.read().status, 200);
  EXPECT_TRUE(silent.wait_for_end());
  EXPECT_TRUE(used.wait_for_end());
}

TEST_F(HttpServerTest, AnswersForASilentHandler) {
  auto options = quick();
  options.handler_timeout = milliseconds(100);
  start(options);
  RawClient client(port_);
  client.send(post("/later", ""));
  EXPECT_EQ(client.read().status, 503);
  control_.take().from_any_thread({});
  EXPECT_TRUE(client.wait_for_end());
}

TEST_F(HttpServerTest, RefusesALongBodyBeforeItArrives) {
  start();
  RawClient client(port_);
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2097152\r\n\r\n");
  const auto answer = client.read();
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json");
}

TEST_F(HttpServerTest, TheSenderOfALongBodySeesTheRefusal) {
  start();
  RawClient client(port_);
  client.send(post("/", std::string(2 << 20, 'x')));
  EXPECT_EQ(client.read().status, 413);
  client.finish_sending();
  EXPECT_TRUE(client.wait_for_end());
}

TEST_F(HttpServerTest, KeepsTheConnectionIfARefusedBodyHasArrived) {
  start();
  RawClient client(port_);
  client.send(post("/refused", "small") + post("/", "next"));
  EXPECT_EQ(client.read().status, 404);
  EXPECT_EQ(client.read().body, "POST next");
}

TEST_F(HttpServerTest, SendsContinueOnlyIfTheBodyIsWanted) {
  start();
  RawClient client(port_);
  client.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hello");
  EXPECT_EQ(client.read().body, "POST hello");
  client.send(
      "POST /refused HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(client.read().status, 404);
}

TEST_F(HttpServerTest, RefusesSmuggledLengthsAndCloses) {
  start();
  RawClient client(port_);
  client.send(
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: "
      "chunked\r\n\r\n0\r\n\r\n"
      "GET /admin HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(client.read().status, 400);
  client.finish_sending();
  EXPECT_EQ(client.read().status, 0);
  EXPECT_EQ(server_->stats().malformed, 1U);
}

TEST_F(HttpServerTest, AnswersHeadWithoutABody) {
  start();
  RawClient client(port_);
  client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n" + post("/", "next"));
  EXPECT_EQ(client.read(true).headers.at("content-length"), "5");
  EXPECT_EQ(client.read().body, "POST next");
}

TEST_F(HttpServerTest, ClosesAfterHttp10AndWhenAsked) {
  start();
  for (const auto* bytes : {"POST / HTTP/1.0\r\nContent-Length: 0\r\n\r\n",
                            "GET / HTTP/1.1\r\nHost: h\r\nConnection: x, Close\r\n\r\n"}) {
    RawClient client(port_);
    client.send(bytes);
    EXPECT_EQ(client.read().headers.at("connection"), "close");
    EXPECT_TRUE(client.wait_for_end());
  }
}

TEST_F(HttpServerTest, DropsHeadersThatWouldSplitTheAnswer) {
  start();
  const auto answer = ask(port_, post("/split", ""));
  EXPECT_EQ(answer.headers.count("x-injected"), 0U);
  EXPECT_EQ(answer.headers.at("x-good"), "b");
}

TEST_F(HttpServerTest, LimitsConnectionsOfAnAddress) {
  HttpServerOptions options;
  options.max_per_address = 2;
  start(options);
  RawClient first(port_);
  {
    RawClient second(port_);
    first.send(post("/", "1"));
    second.send(post("/", "2"));
    EXPECT_EQ(first.read().status, 200);
    EXPECT_EQ(second.read().status, 200);
    RawClient third(port_);
    EXPECT_TRUE(third.wait_for_end());
    EXPECT_EQ(server_->stats().refused, 1U);
  }
  while (server_->stats().open > 1) std::this_thread::yield();
  EXPECT_EQ(ask(port_, post("/", "again")).status, 200);
}

TEST_F(HttpServerTest, FindsTheClientBehindATrustedProxy) {
  HttpServerOptions options;
  options.trusted_proxies = {*parse_network("127.0.0.0/8")};
  start(options);
  EXPECT_EQ(ask(port_, post("/client", "", "X-Forwarded-For: 6.6.6.6, 198.51.100.7\r\n")).body,
            "198.51.100.7");
  EXPECT_EQ(ask(port_, post("/client", "", "Forwarded: for=198.51.100.7\r\n")).body, "127.0.0.1");
  EXPECT_EQ(ask(port_, post("/client", "")).body, "127.0.0.1");
}

TEST_F(HttpServerTest, IgnoresAForwardedHeaderFromAStranger) {
  start();
  EXPECT_EQ(ask(port_, post("/client", "", "X-Forwarded-For: 198.51.100.7\r\n")).body, "127.0.0.1");
}

TEST_F(HttpServerTest, DrainFinishesRequestsInFlight) {
  start();
  RawClient idle(port_), busy(port_), half(port_);
  busy.send(post("/later", ""));
  auto respond = control_.take();
  half.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhe");
  idle.send(post("/", ""));
  EXPECT_EQ(idle.read().status, 200);
  auto drained = std::async(std::launch::async, [&] { server_->drain(seconds(30)); });
  EXPECT_TRUE(idle.wait_for_end());
  EXPECT_FALSE(RawClient(port_).connected());
  half.send("llo");
  const auto late = half.read();
  EXPECT_EQ(late.body, "POST hello");
  EXPECT_EQ(late.headers.at("connection"), "close");
  HttpOut out;
  out.body = "finished";
  respond.from_any_thread(out);
  EXPECT_EQ(busy.read().body, "finished");
  drained.wait();
}

TEST_F(HttpServerTest, DrainEndsAtTheGraceAndLateAnswersAreHarmless) {
  start();
  RawClient busy(port_);
  busy.send(post("/later", ""));
  auto respond = control_.take();
  server_->drain(milliseconds(50));
  EXPECT_TRUE(busy.wait_for_end());
  respond.from_any_thread({});
  server_.reset();
  respond.from_any_thread({});
}

TEST_F(HttpServerTest, ReportsAnAddressInUse) {
  start();
  HttpServerOptions options;
  options.port = port_;
  const auto second = HttpServer::start(
      options, [this](boost::asio::io_context&, int) { return std::make_unique<Echo>(control_); });
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, Errc::kTransient);
  options.address = "not-an-address";
  const auto third = HttpServer::start(
      options, [this](boost::asio::io_context&, int) { return std::make_unique<Echo>(control_); });
  ASSERT_FALSE(third.has_value());
  EXPECT_EQ(third.error().code, Errc::kInvalidInput);
}

TEST_F(HttpServerTest, KeepsThousandsOfIdleConnectionsAndStillAnswers) {
  HttpServerOptions options;
  options.max_per_address = 10'000;
  start(options);
  std::vector<std::unique_ptr<RawClient>> idle;
  for (int i = 0; i < 400; ++i) idle.push_back(std::make_unique<RawClient>(port_));
  while (server_->stats().open < 400) std::this_thread::yield();
  EXPECT_EQ(ask(port_, post("/", "x")).status, 200);
}

}  // namespace
}  // namespace baton
