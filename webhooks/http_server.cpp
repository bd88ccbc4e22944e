#include "webhooks/http_server.h"

#include <sys/socket.h>

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "webhooks/http_server_connection.h"
#include "webhooks/http_server_response.h"
#include "webhooks/http_server_streams.h"

namespace baton {
namespace {

std::int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

Instant wall_now() {
  return {std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
              .count()};
}

Address to_address(const tcp::endpoint& endpoint) {
  Address address;
  if (endpoint.address().is_v6()) {
    const auto bytes = endpoint.address().to_v6().to_bytes();
    std::copy(bytes.begin(), bytes.end(), address.bytes.begin());
  } else {
    const auto bytes = asio::ip::make_address_v6(asio::ip::v4_mapped, endpoint.address().to_v4()).to_bytes();
    std::copy(bytes.begin(), bytes.end(), address.bytes.begin());
  }
  return address;
}

std::string place_of(const tcp::endpoint& endpoint) {
  return endpoint.address().to_string() + ':' + std::to_string(endpoint.port());
}

// What all threads share: the limits on connections, the TLS context, the counters.
struct Shared {
  explicit Shared(HttpServerOptions o) : options(std::move(o)) {}

  bool admit(const Address& peer) {
    const std::lock_guard lock(mutex);
    if (open >= options.max_connections) return false;
    if (!any_contains(options.trusted_proxies, peer)) {
      auto& mine = by_address[limit_key(peer)];
      if (mine >= options.max_per_address) return false;
      ++mine;
    }
    ++open;
    return true;
  }
  void leave(const Address& peer) {
    const std::lock_guard lock(mutex);
    --open;
    if (any_contains(options.trusted_proxies, peer)) return;
    const auto it = by_address.find(limit_key(peer));
    if (it != by_address.end() && --it->second == 0) by_address.erase(it);
  }
  std::shared_ptr<TlsContext> context() {
    const std::lock_guard lock(mutex);
    return tls;
  }

  const HttpServerOptions options;
  std::mutex mutex;
  std::size_t open = 0;
  std::map<Address, std::size_t> by_address;
  std::shared_ptr<TlsContext> tls;
  std::atomic<std::uint64_t> accepted{0}, refused{0}, requests{0}, malformed{0}, timeouts{0};
};

// Lets any thread reach the io_context for as long as it is there.
struct Gate {
  std::mutex mutex;
  asio::io_context* io = nullptr;
};

class Core final : public ConnectionHost {
 public:
  explicit Core(Shared& shared) : shared_(shared), gate_(std::make_shared<Gate>()) {
    gate_->io = &io_;
    post_ = std::make_shared<const Responder::Post>([gate = gate_](std::function<void()> f) {
      const std::lock_guard lock(gate->mutex);
      if (gate->io) asio::post(*gate->io, std::move(f));
    });
    now_ms_ = steady_ms();
    date_ = http_date(wall_now());
  }
  ~Core() override {
    {
      const std::lock_guard lock(gate_->mutex);
      gate_->io = nullptr;
    }
    connections_.clear();
    handler_.reset();
  }

  Status listen(const tcp::endpoint& endpoint);
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  asio::io_context& io() { return io_; }
  void use(std::unique_ptr<HttpHandler> handler) { handler_ = std::move(handler); }
  void run() {
    accept();
    tick();
    io_.run();
    handler_.reset();
  }
  void begin_drain() {
    asio::post(io_, [this] { drain_now(); });
  }
  void force_end() {
    asio::post(io_, [this] {
      for (const auto& c : connections_) c->abort();
      io_.stop();
    });
  }

  const HttpServerOptions& options() const override { return shared_.options; }
  HttpHandler& handler() override { return *handler_; }
  std::int64_t now_ms() const override { return now_ms_; }
  const std::string& date() const override { return date_; }
  bool draining() const override { return draining_; }
  const std::shared_ptr<const Responder::Post>& post() const override { return post_; }
  void note_request() override { shared_.requests.fetch_add(1, std::memory_order_relaxed); }
  void note_malformed() override { shared_.malformed.fetch_add(1, std::memory_order_relaxed); }
  void note_timeout() override { shared_.timeouts.fetch_add(1, std::memory_order_relaxed); }
  void note_closed(const Address& peer) override { shared_.leave(peer); }

 private:
  void accept();
  void take(tcp::socket socket);
  void tick();
  void sweep();
  void drain_now();
  Duration tick_length() const;

  Shared& shared_;
  asio::io_context io_{1};
  std::shared_ptr<Gate> gate_;
  std::shared_ptr<const Responder::Post> post_;
  tcp::acceptor acceptor_{io_};
  asio::steady_timer timer_{io_};
  asio::steady_timer again_{io_};
  std::unique_ptr<HttpHandler> handler_;
  std::set<std::shared_ptr<Connection>> connections_;
  std::int64_t now_ms_ = 0;
  std::string date_;
  bool draining_ = false;
};

Status Core::listen(const tcp::endpoint& endpoint) {
  boost::system::error_code ec;
  acceptor_.open(endpoint.protocol(), ec);
  if (!ec) acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
  const int on = 1;
  if (!ec && setsockopt(acceptor_.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) != 0)
    ec = {errno, boost::system::system_category()};
  if (!ec) acceptor_.bind(endpoint, ec);
  if (!ec) acceptor_.listen(tcp::acceptor::max_listen_connections, ec);
  if (!ec) acceptor_.non_blocking(true, ec);
  if (ec) return error(Errc::kTransient, "cannot listen: " + ec.message(), place_of(endpoint));
  return {};
}

void Core::accept() {
  acceptor_.async_accept([this](boost::system::error_code ec, tcp::socket socket) {
    if (draining_ || ec == asio::error::operation_aborted) return;
    if (!ec) {
      take(std::move(socket));
      return accept();
    }
    // Out of descriptors, most likely: the queue keeps the others until some are free.
    again_.expires_after(std::chrono::milliseconds(50));
    again_.async_wait([this](boost::system::error_code cancelled) {
      if (!cancelled && !draining_) accept();
    });
  });
}

void Core::take(tcp::socket socket) {
  boost::system::error_code ec;
  const auto endpoint = socket.remote_endpoint(ec);
  if (ec) return;
  const auto peer = to_address(endpoint);
  if (!shared_.admit(peer)) {
    shared_.refused.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  shared_.accepted.fetch_add(1, std::memory_order_relaxed);
  socket.set_option(tcp::no_delay(true), ec);
  if (auto context = shared_.context()) {
    auto connection = std::make_shared<TlsConnection>(*this, peer, std::move(socket), std::move(context));
    connections_.insert(connection);
    connection->open();
  } else {
    auto connection = std::make_shared<PlainConnection>(*this, peer, std::move(socket));
    connections_.insert(connection);
    connection->open();
  }
}

// One coarse timer for all deadlines: a timer a connection would cost two heap operations a
// request. A deadline is met late by at most a tick.
Duration Core::tick_length() const {
  const auto& o = shared_.options;
  auto shortest = std::min({o.header_timeout, o.body_timeout, o.idle_timeout, o.write_timeout, o.handler_timeout});
  return {std::clamp<std::int64_t>(shortest.ms / 8, 5, 250)};
}

void Core::tick() {
  now_ms_ = steady_ms();
  date_ = http_date(wall_now());
  sweep();
  if (draining_ && connections_.empty()) return io_.stop();
  timer_.expires_after(std::chrono::milliseconds(draining_ ? 5 : tick_length().ms));
  timer_.async_wait([this](boost::system::error_code ec) {
    if (!ec) tick();
  });
}

void Core::sweep() {
  for (auto it = connections_.begin(); it != connections_.end();) {
    const auto connection = *it;
    connection->check_deadline(now_ms_);
    if (!connection->closed()) {
      ++it;
      continue;
    }
    it = connections_.erase(it);
  }
}

void Core::drain_now() {
  if (draining_) return;
  // Whoever is in the queue of the kernel has connected and would be reset by the close.
  for (;;) {
    boost::system::error_code ec;
    tcp::socket socket(io_);
    acceptor_.accept(socket, ec);
    if (ec) break;
    take(std::move(socket));
  }
  draining_ = true;
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  for (const auto& connection : connections_) connection->drain();
  timer_.cancel();
  tick();
}

Result<std::shared_ptr<TlsContext>> load_tls(const HttpServerOptions& o) {
  try {
    auto context = std::make_shared<TlsContext>(TlsContext::tls_server);
    context->set_options(TlsContext::default_workarounds | TlsContext::no_tlsv1 | TlsContext::no_tlsv1_1 |
                         TlsContext::no_compression | SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    context->use_certificate_chain_file(o.tls_cert_file);
    context->use_private_key_file(o.tls_key_file, TlsContext::pem);
    return context;
  } catch (const std::exception& e) {
    return error(Errc::kInvalidInput, std::string("cannot use the TLS certificate or key: ") + e.what(),
                 o.tls_cert_file);
  }
}

class Server final : public HttpServer {
 public:
  explicit Server(HttpServerOptions options) : shared_(std::move(options)) {}
  ~Server() override { drain({}); }

  Status open(const Factory& make_handler);
  std::uint16_t port() const override { return port_; }
  HttpServerStats stats() const override;
  Status reload_tls() override;
  void drain(Duration grace) override;

 private:
  Status listen_all();

  mutable Shared shared_;
  std::vector<std::unique_ptr<Core>> cores_;
  std::vector<std::thread> threads_;
  std::mutex drain_mutex_, ended_mutex_;
  std::condition_variable ended_changed_;
  std::size_t ended_ = 0;
  std::uint16_t port_ = 0;
};

// A listener without SO_REUSEPORT first: it fails where another program has the port, whereas
// SO_REUSEPORT would silently share it with a second gateway of the same user.
Status probe(const tcp::endpoint& endpoint) {
  asio::io_context io;
  tcp::acceptor acceptor(io);
  boost::system::error_code ec;
  acceptor.open(endpoint.protocol(), ec);
  if (!ec) acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) acceptor.bind(endpoint, ec);
  if (ec) return error(Errc::kTransient, "cannot listen: " + ec.message(), place_of(endpoint));
  return {};
}

Status Server::listen_all() {
  boost::system::error_code ec;
  const auto address = asio::ip::make_address(shared_.options.address, ec);
  if (ec) return error(Errc::kInvalidInput, "this is not an IP address", shared_.options.address);
  tcp::endpoint endpoint(address, shared_.options.port);
  if (endpoint.port() != 0) {
    if (auto free = probe(endpoint); !free) return free;
  }
  for (const auto& core : cores_) {
    if (auto status = core->listen(endpoint); !status) return status;
    endpoint.port(core->port());
  }
  port_ = endpoint.port();
  return {};
}

Status Server::open(const Factory& make_handler) {
  if (!shared_.options.tls_cert_file.empty()) {
    if (auto status = reload_tls(); !status) return status;
  }
  for (int i = 0; i < std::max(1, shared_.options.threads); ++i) cores_.push_back(std::make_unique<Core>(shared_));
  if (auto status = listen_all(); !status) return status;
  for (std::size_t i = 0; i < cores_.size(); ++i) cores_[i]->use(make_handler(cores_[i]->io(), static_cast<int>(i)));
  for (auto& core : cores_) {
    threads_.emplace_back([this, c = core.get()] {
      c->run();
      const std::lock_guard lock(ended_mutex_);
      ++ended_;
      ended_changed_.notify_all();
    });
  }
  return {};
}

HttpServerStats Server::stats() const {
  HttpServerStats s;
  {
    const std::lock_guard lock(shared_.mutex);
    s.open = shared_.open;
  }
  s.accepted = shared_.accepted;
  s.refused = shared_.refused;
  s.requests = shared_.requests;
  s.malformed = shared_.malformed;
  s.timeouts = shared_.timeouts;
  return s;
}

Status Server::reload_tls() {
  auto context = load_tls(shared_.options);
  if (!context) return context.error();
  const std::lock_guard lock(shared_.mutex);
  shared_.tls = std::move(*context);
  return {};
}

void Server::drain(Duration grace) {
  const std::lock_guard once(drain_mutex_);
  if (threads_.empty()) return;
  for (auto& core : cores_) core->begin_drain();
  {
    std::unique_lock lock(ended_mutex_);
    ended_changed_.wait_for(lock, std::chrono::milliseconds(grace.ms), [&] { return ended_ == threads_.size(); });
  }
  for (auto& core : cores_) core->force_end();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace

void Responder::operator()(HttpOut out) const {
  if (const auto target = target_.lock()) target->answer(exchange_, std::move(out));
}

void Responder::from_any_thread(HttpOut out) const {
  (*post_)([*this, out = std::move(out)]() mutable { (*this)(std::move(out)); });
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(HttpServerOptions options, const Factory& make_handler) {
  if (options.tls_cert_file.empty() != options.tls_key_file.empty())
    return error(Errc::kInvalidInput, "TLS needs both a certificate and a key");
  auto server = std::make_unique<Server>(std::move(options));
  if (auto status = server->open(make_handler); !status) return status.error();
  return std::unique_ptr<HttpServer>(std::move(server));
}

}  // namespace baton
