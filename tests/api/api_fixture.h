#pragma once

#include <gmock/gmock.h>

#include <atomic>
#include <memory>

#include "gateway/api/worker_pool.h"
#include "gateway/app/views/backend.h"
#include "tests/support/print_result.h"
#include "tests/support/raw_http.h"
#include "webhooks/http/http_server.h"

namespace baton::test {

class MockBackend : public Backend {
 public:
  using Object = Result<json::object>;
  MOCK_METHOD(Object, leads, (const ListQuery&), (override));
  MOCK_METHOD(Object, lead, (const LeadId&), (override));
  MOCK_METHOD(Object, timeline, (const LeadId&, const ListQuery&), (override));
  MOCK_METHOD(Object, explain, (const LeadId&, std::string_view), (override));
  MOCK_METHOD(Object, clock_dossier, (const LeadId&, const ClockId&, std::string_view), (override));
  MOCK_METHOD(Object, receipts, (const LeadId&, const ListQuery&), (override));
  MOCK_METHOD(Object, clocks, (const ListQuery&), (override));
  MOCK_METHOD(Object, tasks, (const ListQuery&), (override));
  MOCK_METHOD(Object, meetings, (const ListQuery&), (override));
  MOCK_METHOD(Object, alerts, (const ListQuery&), (override));
  MOCK_METHOD(Object, outbox, (const ListQuery&), (override));
  MOCK_METHOD(Object, dead_letters, (const ListQuery&), (override));
  MOCK_METHOD(Object, dead_letter, (std::string_view), (override));
  MOCK_METHOD(Status, retry_dead_letter, (std::string_view), (override));
  MOCK_METHOD(Status, drop_dead_letter, (std::string_view), (override));
  MOCK_METHOD(Object, start_reindex, (), (override));
  MOCK_METHOD(Object, reindex, (), (override));
  MOCK_METHOD(Object, policy_preview, (const json::object&), (override));
  MOCK_METHOD(Object, pools, (), (override));
  MOCK_METHOD(Object, report, (std::string_view, const ListQuery&), (override));
  MOCK_METHOD(Object, forecast, (), (override));
  MOCK_METHOD(Object, periods, (), (override));
  MOCK_METHOD(json::object, clock_health, (), (override));
  MOCK_METHOD(Status, feedback, (const LeadId&, const SalesFeedback&), (override));
  MOCK_METHOD(Result<ActionView>, action_view, (const ActionClaims&), (override));
  MOCK_METHOD(Result<bool>, consume_once, (std::string_view, Duration), (override));
  MOCK_METHOD(bool, healthy, (), (const, override));
  MOCK_METHOD(std::vector<Check>, ready, (), (override));
};

// Forwards to a handler that the test owns.
class ApiTest : public ::testing::Test {
 protected:
  void serve(const std::function<std::unique_ptr<HttpHandler>()>& make) {
    auto server = HttpServer::start({}, [&](boost::asio::io_context&, int) { return make(); });
    ASSERT_TRUE(server.has_value()) << server.error().message;
    server_ = std::move(*server);
  }
  RawAnswer ask(std::string_view bytes) { return test::ask(server_->port(), bytes); }
  RawAnswer get(std::string_view path, std::string_view headers = {}) {
    return ask("GET " + std::string(path) + " HTTP/1.1\r\nHost: h\r\n" + std::string(headers) +
               "\r\n");
  }

  std::atomic<std::int64_t> now_ms_{1'772'000'000'000};
  std::atomic<int> fresh_{0};
  ::testing::StrictMock<MockBackend> backend_;
  WorkerPool pool_{2};
  std::unique_ptr<HttpServer> server_;
};

}  // namespace baton::test
