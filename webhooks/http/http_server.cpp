#include "webhooks/http/http_server.h"

#include <condition_variable>
#include <mutex>
#include <thread>

#include "webhooks/http/http_server_thread.h"

namespace baton {
namespace {

std::string place_of(const tcp::endpoint& endpoint) {
  return endpoint.address().to_string() + ':' + std::to_string(endpoint.port());
}

Result<std::shared_ptr<TlsContext>> load_tls(const HttpServerOptions& o) {
  try {
    auto context = std::make_shared<TlsContext>(TlsContext::tls_server);
    context->set_options(TlsContext::default_workarounds | TlsContext::no_tlsv1 |
                         TlsContext::no_tlsv1_1 | TlsContext::no_compression |
                         SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context->native_handle(),
                     SSL_MODE_RELEASE_BUFFERS);  // an idle connection keeps no buffers
    context->use_certificate_chain_file(o.tls_cert_file);
    context->use_private_key_file(o.tls_key_file, TlsContext::pem);
    return context;
  } catch (const std::exception& e) {
    return error(Errc::kInvalidInput,
                 std::string("cannot use the TLS certificate or key: ") + e.what(),
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
  std::vector<std::unique_ptr<ServerThread>> server_threads_;
  std::vector<std::thread> threads_;
  std::mutex drain_mutex_, ended_mutex_;
  std::condition_variable ended_changed_;
  std::size_t ended_ = 0;
  std::uint16_t port_ = 0;
};

// Tries a listener without SO_REUSEPORT first. It fails if another program has the port, whereas
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
  for (const auto& server_thread : server_threads_) {
    if (auto status = server_thread->listen(endpoint); !status) return status;
    endpoint.port(server_thread->port());
  }
  port_ = endpoint.port();
  return {};
}

Status Server::open(const Factory& make_handler) {
  if (!shared_.options.tls_cert_file.empty()) {
    if (auto status = reload_tls(); !status) return status;
  }
  for (int i = 0; i < std::max(1, shared_.options.threads); ++i)
    server_threads_.push_back(std::make_unique<ServerThread>(shared_));
  if (auto status = listen_all(); !status) return status;
  for (std::size_t i = 0; i < server_threads_.size(); ++i)
    server_threads_[i]->use(make_handler(server_threads_[i]->io(), static_cast<int>(i)));
  for (auto& server_thread : server_threads_) {
    threads_.emplace_back([this, c = server_thread.get()] {
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
  s.open = shared_.limits.open();
  s.accepted = shared_.accepted;
  s.refused = shared_.refused;
  s.requests = shared_.requests;
  s.malformed = shared_.malformed;
  s.timeouts = shared_.timeouts;
  s.shed = shared_.shed;
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
  for (auto& server_thread : server_threads_) server_thread->begin_drain();
  {
    std::unique_lock lock(ended_mutex_);
    ended_changed_.wait_for(lock, std::chrono::milliseconds(grace.ms),
                            [&] { return ended_ == threads_.size(); });
  }
  for (auto& server_thread : server_threads_) server_thread->force_end();
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

Result<std::unique_ptr<HttpServer>> HttpServer::start(HttpServerOptions options,
                                                      const Factory& make_handler) {
  if (options.tls_cert_file.empty() != options.tls_key_file.empty())
    return error(Errc::kInvalidInput, "TLS needs both a certificate and a key");
  auto server = std::make_unique<Server>(std::move(options));
  if (auto status = server->open(make_handler); !status) return status.error();
  return std::unique_ptr<HttpServer>(std::move(server));
}

}  // namespace baton
