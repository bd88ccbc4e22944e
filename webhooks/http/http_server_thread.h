#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "webhooks/http/http_server_limits.h"
#include "webhooks/http/http_server_streams.h"

namespace baton {

// The state that all threads share: connection limits, TLS context, counters.
struct Shared {
  explicit Shared(HttpServerOptions o) : options(std::move(o)) {}

  std::shared_ptr<TlsContext> context() {
    const std::lock_guard lock(mutex);
    return tls;
  }

  const HttpServerOptions options;
  ConnectionLimits limits{options};
  std::mutex mutex;
  std::shared_ptr<TlsContext> tls;
  std::atomic<std::uint64_t> accepted{0}, refused{0}, requests{0}, malformed{0}, timeouts{0},
      shed{0};
};

// Lets any thread reach the io_context while it exists.
struct IoGate {
  std::mutex mutex;
  asio::io_context* io = nullptr;
};

// One thread of the server: its socket, its connections, their deadlines and their memory.
class ServerThread final : public ConnectionHost {
 public:
  explicit ServerThread(Shared& shared);
  ~ServerThread() override;

  Status listen(const tcp::endpoint& endpoint);
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  asio::io_context& io() { return io_; }
  void use(std::unique_ptr<HttpHandler> handler) { handler_ = std::move(handler); }
  void run();
  void begin_drain();
  void force_end();

  const HttpServerOptions& options() const override { return shared_.options; }
  HttpHandler& handler() override { return *handler_; }
  std::int64_t now_ms() const override { return now_ms_; }
  const std::string& date() const override { return date_; }
  bool draining() const override { return draining_; }
  const std::shared_ptr<const Responder::Post>& post() const override { return post_; }
  void note_request() override { shared_.requests.fetch_add(1, std::memory_order_relaxed); }
  void note_malformed() override { shared_.malformed.fetch_add(1, std::memory_order_relaxed); }
  void note_timeout() override { shared_.timeouts.fetch_add(1, std::memory_order_relaxed); }
  void note_held(std::ptrdiff_t change) override;
  void note_closed(Connection& connection) override;

 private:
  void accept();
  void take(tcp::socket socket);
  bool admit(const IpAddress& peer);
  void keep(std::shared_ptr<Connection> connection);
  void forget(Connection& connection);
  std::vector<Expendable> expendable() const;
  bool make_room();
  void free_memory();
  void tick();
  void sweep(std::size_t from);
  void drain_now();
  Duration tick_length() const;

  Shared& shared_;
  asio::io_context io_{1};
  std::shared_ptr<IoGate> gate_;
  std::shared_ptr<const Responder::Post> post_;
  tcp::acceptor acceptor_{io_};
  asio::steady_timer timer_{io_};
  asio::steady_timer again_{io_};
  std::unique_ptr<HttpHandler> handler_;
  std::vector<std::shared_ptr<Connection>> connections_;  // each knows its index
  const std::ptrdiff_t budget_;  // bytes this thread's connections may hold
  std::ptrdiff_t held_ = 0;      // bytes they hold
  bool freeing_ = false, sweeping_ = false;
  std::int64_t now_ms_ = 0;
  std::string date_;
  bool draining_ = false;
};

}  // namespace baton
