#include "adapters/engine/http/http_client.h"

#include <future>

#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/support/fake_http_server.h"

namespace baton {
namespace {

using Server = FakeHttpServer;

std::unique_ptr<HttpClient> client_allowing(const std::string& entry) {
  HttpOptions options;
  options.allow_private = {entry};
  return make_http_client(options);
}

std::unique_ptr<HttpClient> loopback_client() { return client_allowing("127.0.0.0/8"); }

HttpResult call(HttpClient& client, HttpRequest request) {
  auto promise = std::make_shared<std::promise<HttpResult>>();
  auto future = promise->get_future();
  client.send(std::move(request),
              [promise](HttpResult result) { promise->set_value(std::move(result)); });
  if (future.wait_for(std::chrono::seconds(30)) != std::future_status::ready)
    return {Transport::kAnswered, {}, "no callback at all"};
  return future.get();
}

HttpRequest post(const std::string& url, const std::string& body = "{}") {
  HttpRequest request;
  request.url = url;
  request.headers = {{"Content-Type", "application/json"}, {"X-Key", "a"}};
  request.body = body;
  request.deadline = seconds(10);
  return request;
}

TEST(HttpClient, SendsARequestAndReadsTheResponse) {
  Server server(
      Server::always(Server::answer(207, "{\"ok\":true}", "application/json", "X-Left: 7\r\n")));
  const auto client = loopback_client();
  const auto result = call(*client, post(server.url("/a/b?c=d%20e"), "{\"n\":1}"));
  ASSERT_EQ(result.transport, Transport::kAnswered) << result.detail;
  EXPECT_EQ(result.response.status, 207);
  EXPECT_EQ(result.response.body, "{\"ok\":true}");
  EXPECT_EQ(header(result.response.headers, "x-left"), "7");
  const auto seen = server.requests().at(0);
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.target, "/a/b?c=d%20e");
  EXPECT_EQ(seen.body, "{\"n\":1}");
  EXPECT_NE(seen.head.find("X-Key:a\r\n"), std::string::npos);
  EXPECT_NE(seen.head.find("Host:127.0.0.1:" + std::to_string(server.port()) + "\r\n"),
            std::string::npos);
}

TEST(HttpClient, KeepsConnectionsAlive) {
  Server server(Server::always(Server::answer(200, "{}")));
  const auto client = loopback_client();
  for (int i = 0; i < 50; ++i) ASSERT_EQ(call(*client, post(server.url())).response.status, 200);
  // A connection returns to the pool a moment after its response, so a few more than one are fine.
  EXPECT_LT(server.requests().back().connection, 25);
}

TEST(HttpClient, ReplacesAConnectionThatTheServerClosedAndSendsOnce) {
  Server server([](const Server::Request&, Server::Connection& c) {
    c.write(Server::answer(200, "{}"));
    return false;  // keep-alive was promised, but the connection is closed
  });
  const auto client = loopback_client();
  for (int i = 0; i < 5; ++i) {
    ASSERT_EQ(call(*client, post(server.url())).transport, Transport::kAnswered);
    while (server.closed() <= i)
      std::this_thread::yield();  // a connection that is being closed looks open
  }
  EXPECT_EQ(server.requests().size(), 5U);
}

TEST(HttpClient, NeverRepeatsARequest) {
  // The server reads the second request on a kept connection and closes it without a response.
  // Whether the request had an effect is unknown, so the caller must decide.
  Server server([](const Server::Request& r, Server::Connection& c) {
    return r.body != "second" && c.write(Server::answer(200, "{}"));
  });
  const auto client = loopback_client();
  ASSERT_EQ(call(*client, post(server.url(), "first")).transport, Transport::kAnswered);
  const auto result = call(*client, post(server.url(), "second"));
  EXPECT_EQ(result.transport, Transport::kBroken) << result.detail;
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST(HttpClient, DoesNotReadAnInterimResponseAsTheNextResponse) {
  Server server([](const Server::Request& r, Server::Connection& c) {
    if (r.body == "first")
      return c.write("HTTP/1.1 100 Continue\r\n\r\n" + Server::answer(200, "\"first\""));
    return c.write(Server::answer(200, "\"second\""));
  });
  const auto client = loopback_client();
  EXPECT_EQ(call(*client, post(server.url(), "first")).transport, Transport::kBroken);
  const auto result = call(*client, post(server.url(), "second"));
  ASSERT_EQ(result.transport, Transport::kAnswered) << result.detail;
  EXPECT_EQ(result.response.body, "\"second\"");
}

TEST(HttpClient, DropsAConnectionWithUnreadBytes) {
  Server server([](const Server::Request& r, Server::Connection& c) {
    return c.write(Server::answer(200, r.body) +
                   (r.body == "\"first\"" ? Server::answer(200, "\"smuggled\"") : ""));
  });
  const auto client = loopback_client();
  ASSERT_EQ(call(*client, post(server.url(), "\"first\"")).response.body, "\"first\"");
  EXPECT_EQ(call(*client, post(server.url(), "\"second\"")).response.body, "\"second\"");
}

TEST(HttpClient, GivesUpAtTheDeadlineOnSilence) {
  Server server([](const Server::Request&, Server::Connection& c) {
    c.wait_until_closed();
    return false;
  });
  const auto client = loopback_client();
  auto request = post(server.url());
  request.deadline = milliseconds(100);
  EXPECT_EQ(call(*client, request).transport, Transport::kTimeout);
}

TEST(HttpClient, TheDeadlineCoversTheWholeExchangeNotIdleTime) {
  Server server([](const Server::Request&, Server::Connection& c) {
    c.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    while (c.write("x")) ::usleep(5000);  // the pace of a slow sender, not a wait of the test
    return false;
  });
  const auto client = loopback_client();
  auto request = post(server.url());
  request.deadline = milliseconds(150);
  EXPECT_EQ(call(*client, request).transport, Transport::kTimeout);
}

TEST(HttpClient, CutsOffALongBody) {
  const std::string block(1 << 16, 'x');
  Server server([&](const Server::Request&, Server::Connection& c) {
    c.write("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n");
    while (c.write(block)) {
    }
    return false;
  });
  const auto client = loopback_client();
  EXPECT_EQ(call(*client, post(server.url())).transport, Transport::kTooLarge);
}

TEST(HttpClient, CutsOffEndlessHeadersAndHugeChunks) {
  const std::string line = "X-More: " + std::string(1 << 16, 'x') + "\r\n";
  for (const std::string start :
       {"HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffff00\r\n"}) {
    Server server([&](const Server::Request&, Server::Connection& c) {
      c.write(start);
      while (c.write(line)) {
      }
      return false;
    });
    const auto client = loopback_client();
    EXPECT_EQ(call(*client, post(server.url())).transport, Transport::kTooLarge);
  }
}

TEST(HttpClient, SurvivesMalformedResponses) {
  const std::vector<std::string> answers = {
      "",
      "garbage\r\n\r\n",
      "HTTP/1.1\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n-1\r\nx\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n-2\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
      "HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n"};
  for (const auto& bytes : answers) {
    Server server([&](const Server::Request&, Server::Connection& c) {
      c.write(bytes);
      return false;
    });
    const auto client = loopback_client();
    const auto result = call(*client, post(server.url()));
    EXPECT_NE(result.transport, Transport::kAnswered) << bytes;
    EXPECT_NE(result.transport, Transport::kRefused) << bytes;
  }
}

TEST(HttpClient, FollowsNoRedirect) {
  Server inner(Server::always(Server::answer(200, "{}")));
  Server server(Server::always("HTTP/1.1 302 Found\r\nLocation: " + inner.url() +
                               "\r\nContent-Length: 0\r\n\r\n"));
  const auto client = loopback_client();
  auto request = post(server.url(), "");
  request.method = "GET";
  EXPECT_EQ(call(*client, request).response.status, 302);
  EXPECT_TRUE(inner.requests().empty());
}

TEST(HttpClient, ConnectsToNoPrivateAddressUnlessListed) {
  Server server(Server::always(Server::answer(200, "{}")));
  const auto port = std::to_string(server.port());
  const auto client = make_http_client({});
  for (const std::string host :
       {"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "2130706433",
        "0x7f.0.0.1", "017700000001", "127.1", "169.254.169.254", "10.0.0.1"}) {
    const auto result = call(*client, post("http://" + host + ":" + port + "/"));
    EXPECT_EQ(result.transport, Transport::kBlocked) << host << ": " << result.detail;
  }
  EXPECT_TRUE(server.requests().empty());
  const auto named = client_allowing("localhost");
  EXPECT_EQ(call(*named, post("http://localhost:" + port + "/")).response.status, 200);
}

TEST(HttpClient, BlocksHeadersThatWouldSplitTheRequest) {
  const auto client = loopback_client();
  auto request = post("http://127.0.0.1:1/");
  request.headers.emplace_back("X-A", "b\r\nX-Evil: c");
  EXPECT_EQ(call(*client, request).transport, Transport::kBlocked);
}

TEST(HttpClient, ReportsThatNothingWasSentIfNoServerListens) {
  int port = 0;
  { port = Server(Server::always("")).port(); }
  const auto client = loopback_client();
  EXPECT_EQ(call(*client, post("http://127.0.0.1:" + std::to_string(port) + "/")).transport,
            Transport::kRefused);
}

TEST(HttpClient, CallsBackOnceForEachOfManyRequests) {
  Server server(Server::always(Server::answer(200, "{}")));
  const auto client = loopback_client();
  std::atomic<int> calls{0};
  std::promise<void> all;
  constexpr int kCalls = 200;
  for (int i = 0; i < kCalls; ++i) {
    client->send(post(server.url()), [&](const HttpResult&) {
      if (++calls == kCalls) all.set_value();
    });
  }
  ASSERT_EQ(all.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
  EXPECT_EQ(calls, kCalls);
}

TEST(HttpClient, EndsRequestsInFlightWhenItIsDestroyed) {
  Server server([](const Server::Request&, Server::Connection& c) {
    c.wait_until_closed();
    return false;
  });
  std::promise<HttpResult> ended;
  {
    const auto client = loopback_client();
    client->send(post(server.url()),
                 [&](HttpResult result) { ended.set_value(std::move(result)); });
  }
  auto future = ended.get_future();
  ASSERT_EQ(future.wait_for(std::chrono::seconds(10)), std::future_status::ready);
  EXPECT_EQ(future.get().transport, Transport::kBroken);
}

}  // namespace
}  // namespace baton
