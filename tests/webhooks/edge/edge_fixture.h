#pragma once

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>

#include "tests/support/raw_http.h"
#include "webhooks/edge/edge.h"
#include "webhooks/edge/signature.h"

namespace baton::test {

class FakeSource final : public Source {
 public:
  explicit FakeSource(std::string name) : name_(std::move(name)) {
    VerifySpec hmac;
    hmac.header = "X-Signature";
    verify_ = {hmac};
    kept_ = {"x-event"};
  }
  const std::string& name() const override { return name_; }
  const std::string& adapter() const override { return name_; }
  std::span<const VerifySpec> verify() const override { return verify_; }
  std::span<const HandshakeSpec> handshakes() const override { return handshakes_; }
  std::vector<std::string> setting(std::string_view name) const override {
    return name == "secret" ? secrets_ : std::vector<std::string>{};
  }
  bool accepts_content_type(std::string_view type) const override {
    return type.starts_with("application/json");
  }
  std::size_t max_body() const override { return max_body_; }
  std::optional<std::int64_t> requests_per_second() const override { return budget_; }
  std::span<const std::string> kept_headers() const override { return kept_; }
  int ok_status() const override { return ok_status_; }
  const std::string& ok_body() const override { return ok_body_; }
  std::string delivery_id(const RawDelivery& raw) const override { return "d:" + raw.body; }
  Result<MappedDelivery> map(const RawDelivery&) const override { return MappedDelivery{}; }

  std::vector<VerifySpec> verify_;
  std::vector<HandshakeSpec> handshakes_;
  std::vector<std::string> secrets_{"geheim"};
  std::vector<std::string> kept_;
  std::size_t max_body_ = 4096;
  std::optional<std::int64_t> budget_;
  int ok_status_ = 200;
  std::string ok_body_;

 private:
  std::string name_;
};

class MockSink : public IntakeSink {
 public:
  MOCK_METHOD(void, store, (Delivery delivery, std::function<void(Stored)> done), (override));
};

// Passes calls on to a mock that the test owns.
class SinkProxy final : public IntakeSink {
 public:
  explicit SinkProxy(IntakeSink& to) : to_(to) {}
  void store(Delivery delivery, std::function<void(Stored)> done) override {
    to_.store(std::move(delivery), std::move(done));
  }

 private:
  IntakeSink& to_;
};

class CountingObserver final : public EdgeObserver {
 public:
  void request(std::string_view source, std::string_view result, std::int64_t) override {
    const std::lock_guard lock(mutex_);
    ++counts_[std::string(source) + "/" + std::string(result)];
  }
  int count(const std::string& what) {
    const std::lock_guard lock(mutex_);
    return counts_[what];
  }

 private:
  std::mutex mutex_;
  std::map<std::string, int> counts_;
};

class EdgeTest : public ::testing::Test {
 protected:
  EdgeTest() : source_(std::make_shared<FakeSource>("typeform")) {
    options_.now = [this] { return Instant{now_ms_}; };
    options_.steady_ns = [this] { return now_ms_ * 1'000'000; };
  }

  void start(std::unique_ptr<HttpHandler> actions = nullptr) {
    state_ = std::make_unique<EdgeState>(options_, observer_);
    use_sources({source_});
    auto server = HttpServer::start({}, [&](boost::asio::io_context&, int) {
      return make_edge(*state_, std::make_unique<SinkProxy>(sink_), std::move(actions));
    });
    ASSERT_TRUE(server.has_value()) << server.error().message;
    server_ = std::move(*server);
    port_ = server_->port();
  }
  void use_sources(const std::vector<std::shared_ptr<const Source>>& sources) {
    auto table = std::make_shared<SourceTable>();
    for (const auto& s : sources) table->emplace(s->name(), s);
    state_->set_sources(std::move(table));
  }
  // A delivery with a signature over the given bytes.
  std::string signed_post(std::string_view body,
                          std::string_view more = "Content-Type: application/json\r\n",
                          std::string_view path = "/hooks/typeform") {
    SignedRequest request{"POST", "", "", {}, {}, body};
    std::string headers(more);
    for (const auto& [name, value] :
         sign(source_->verify_.front(), "geheim", request, "", Instant{now_ms_}))
      headers += name + ": " + value + "\r\n";
    return post(path, body, headers);
  }
  RawAnswer ask(std::string_view bytes) { return test::ask(port_, bytes); }

  std::atomic<std::int64_t> now_ms_{1'772'000'000'000};
  EdgeOptions options_;
  CountingObserver observer_;
  std::shared_ptr<FakeSource> source_;
  ::testing::StrictMock<MockSink> sink_;
  std::unique_ptr<EdgeState> state_;
  std::unique_ptr<HttpServer> server_;
  std::uint16_t port_ = 0;
};

}  // namespace baton::test
