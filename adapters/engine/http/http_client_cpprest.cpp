#include "adapters/engine/http/http_client_cpprest.h"

#include <cassert>
#include <map>
#include <mutex>

#include <fcntl.h>
#include <sys/socket.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#define _TURN_OFF_PLATFORM_STRING
#include <cpprest/containerstream.h>
#include <cpprest/http_client.h>
#include <pplx/threadpool.h>

#include <fmt/format.h>

#include <openssl/ssl.h>

// Adds what cpprestsdk lacks (docs/decisions/0010): a deadline for the whole exchange, limits on
// headers and chunks, connections to exactly the address that was checked, no silent repeat of a
// request, and no reuse of a connection with unread data.

namespace baton {
namespace {

namespace http = web::http;
using Tcp = boost::asio::ip::tcp;

constexpr std::size_t kAddressesKept = 16;
constexpr std::size_t kLanesKept =
    32;  // of one address; the library closes connections after 30 to 60 idle seconds
constexpr int kStaleTries = 64;
constexpr std::size_t kPoolThreads = 4;

// The pooled connection was found dead or dirty before anything was sent.
struct StaleConnection : std::exception {};
// The library tries to send a request a second time.
struct SecondSending : std::exception {};
struct Overflow : std::exception {};
struct Garbled : std::exception {};

using Body = concurrency::streams::container_buffer<std::vector<std::uint8_t>>;

std::string key_of(const HttpTarget& target) {
  return fmt::format("{} {} {} {}", target.url.tls, target.url.host, target.url.port,
                     target.address ? to_string(*target.address) : "");
}

std::string bracketed(const IpAddress& address) {
  return address.is_v4() ? to_string(address) : '[' + to_string(address) + ']';
}

std::string host_of(const Url& url) {
  return url.host.find(':') == std::string::npos ? url.host : '[' + url.host + ']';
}

bool idle_and_clean(int socket) {
  char byte = 0;
  return ::recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
         (errno == EAGAIN || errno == EWOULDBLOCK);
}

// Called by the library on one of its threads, with the socket of each request before it is used.
void take_socket(ExchangeSlot& slot, Tcp::socket& socket, bool v4) {
  const auto exchange = slot.take();
  if (!exchange) throw SecondSending();
  if (!socket.is_open()) {
    socket.open(v4 ? Tcp::v4() : Tcp::v6());
    ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
  } else if (!idle_and_clean(socket.native_handle())) {
    throw StaleConnection();
  }
  exchange->attach(socket.native_handle());
}

void set_up_tls(boost::asio::ssl::context& context, const HttpOptions& options) {
  using Ssl = boost::asio::ssl::context;
  context.set_options(Ssl::default_workarounds | Ssl::no_sslv2 | Ssl::no_sslv3 | Ssl::no_tlsv1 |
                      Ssl::no_tlsv1_1);
  if (!options.ca_file.empty()) {
    // Only this authority counts: the system's are dropped.
    SSL_CTX_set_cert_store(context.native_handle(), X509_STORE_new());
    context.load_verify_file(options.ca_file);
  }
  if (!options.client_cert_file.empty()) {
    context.use_certificate_chain_file(options.client_cert_file);
    context.use_private_key_file(
        options.client_key_file.empty() ? options.client_cert_file : options.client_key_file,
        Ssl::pem);
  }
}

http::client::http_client_config config_for(const HttpTarget& target, const HttpOptions& options,
                                            const Url& proxy,
                                            const std::shared_ptr<ExchangeSlot>& slot) {
  http::client::http_client_config config;
  config.set_timeout(std::chrono::hours(2));  // idle time only; the watch ends exchanges
  config.set_max_redirects(0);
  config.set_validate_certificates(true);
  config.set_tlsext_sni_enabled(!parse_ip(target.url.host));  // RFC 6066 3: no addresses
  config.set_request_compressed_response(false);
  config.set_ssl_context_callback(
      [options](boost::asio::ssl::context& context) { set_up_tls(context, options); });
  const bool v4 = target.proxy ? target.proxy->is_v4() : target.address->is_v4();
  const bool tls_stream = target.url.tls && !target.proxy;
  config.set_nativehandle_options([v4, tls_stream, slot](http::client::native_handle handle) {
    if (tls_stream)
      take_socket(*slot, static_cast<boost::asio::ssl::stream<Tcp::socket&>*>(handle)->next_layer(),
                  v4);
    else
      take_socket(*slot, *static_cast<Tcp::socket*>(handle), v4);
  });
  if (target.proxy) {
    const auto address = fmt::format("http://{}:{}", bracketed(*target.proxy), proxy.port);
    config.set_proxy(web::web_proxy(web::uri(address)));
  }
  return config;
}

// Counts the body while it arrives. A total that does not grow is the result of a negative chunk
// size, which the library accepts; it must not be processed further.
auto body_guard(std::size_t limit) {
  return [limit, last = std::uint64_t{0}](http::message_direction::direction direction,
                                          std::uint64_t total) mutable {
    if (direction != http::message_direction::download) return;
    if (total > limit) throw Overflow();
    if (total < last) throw Garbled();
    last = total;
  };
}

Transport transport_of(std::string_view what) {
  // The library reports errors as text only. These texts mean that no request was sent.
  for (const std::string_view unsent :
       {"Failed to connect", "Error resolving", "Failed to resolve", "Error in SSL handshake",
        "Expected a 200 response from proxy", "Failed to send connect request"}) {
    if (what.starts_with(unsent)) return Transport::kRefused;
  }
  return Transport::kBroken;
}

HttpResult failure(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const Overflow&) {
    return {Transport::kTooLarge, {}, "the response is longer than allowed"};
  } catch (const Garbled&) {
    return {Transport::kBroken, {}, "the chunks of the response are malformed"};
  } catch (const SecondSending&) {
    return {Transport::kBroken, {}, "the connection was closed before a response"};
  } catch (const http::http_exception& e) {
    return {transport_of(e.what()), {}, e.what()};
  } catch (const boost::system::system_error& e) {
    return {Transport::kRefused, {}, "TLS setup failed: " + e.code().message()};
  } catch (const std::exception&) {
    return {Transport::kBroken, {}, "the exchange failed"};
  }
}

http::http_request to_library(const HttpTarget& target, const HttpRequest& from) {
  http::http_request request(from.method);
  request.set_request_uri(web::uri(target.url.target));
  if (!from.body.empty() || from.method == "POST" || from.method == "PUT" ||
      from.method == "PATCH") {
    const auto type = header(from.headers, "Content-Type");
    request.set_body(from.body, type.empty() ? "application/octet-stream" : std::string(type));
  }
  request.headers()["User-Agent"] = "Baton";
  for (const auto& [name, value] : from.headers) request.headers()[name] = value;
  // The library compares the certificate with this header including the port, so a port would break
  // TLS.
  const bool with_port = !target.url.default_port && !target.url.tls;
  request.headers()["Host"] =
      with_port ? fmt::format("{}:{}", host_of(target.url), target.url.port) : host_of(target.url);
  request.set_progress_handler(body_guard(from.max_response));
  return request;
}

HttpResult answer(const http::http_response& response, const std::vector<std::uint8_t>& body) {
  HttpResult result;
  result.response.status = response.status_code();
  for (const auto& [name, value] : response.headers())
    result.response.headers.emplace_back(name, value);
  result.response.body.assign(body.begin(), body.end());
  return result;
}

// One client of the library for one exchange at a time, so that a request is known to belong to its
// exchange. The client keeps its connection alive in between.
struct Lane {
  std::shared_ptr<ExchangeSlot> slot = std::make_shared<ExchangeSlot>();
  std::unique_ptr<http::client::http_client> client;
};

// The idle lanes of one client, by target. Thread-safe.
class Lanes {
 public:
  Lanes(HttpOptions options, std::optional<Url> proxy)
      : options_(std::move(options)), proxy_(std::move(proxy)) {}

  std::unique_ptr<Lane> take(const HttpTarget& target) {
    // A proxy tunnel changes the kind of its socket, so each lane serves once.
    if (target.proxy) return make(target);
    const std::lock_guard lock(mutex_);
    auto& lanes = idle_[key_of(target)];
    if (lanes.empty()) return make(target);
    auto lane = std::move(lanes.back());
    lanes.pop_back();
    return lane;
  }

  void give_back(const HttpTarget& target, std::unique_ptr<Lane> lane) {
    if (target.proxy) return;
    const std::lock_guard lock(mutex_);
    if (idle_.size() > kAddressesKept) idle_.clear();
    auto& lanes = idle_[key_of(target)];
    if (lanes.size() < kLanesKept) lanes.push_back(std::move(lane));
  }

 private:
  std::unique_ptr<Lane> make(const HttpTarget& target) const {
    auto lane = std::make_unique<Lane>();
    const auto host = target.address ? bracketed(*target.address) : host_of(target.url);
    const web::uri base(
        fmt::format("{}://{}:{}", target.url.tls ? "https" : "http", host, target.url.port));
    lane->client = std::make_unique<http::client::http_client>(
        base, config_for(target, options_, proxy_.value_or(Url{}), lane->slot));
    return lane;
  }

  const HttpOptions options_;
  const std::optional<Url> proxy_;
  std::mutex mutex_;
  std::map<std::string, std::vector<std::unique_ptr<Lane>>> idle_;
};

// One request: it takes a lane, sends, reads the response and gives the lane back. A lane whose
// connection is dead is tried again, because nothing was sent over it.
class Sending : public std::enable_shared_from_this<Sending> {
 public:
  Sending(std::shared_ptr<Exchange> exchange, std::shared_ptr<Lanes> lanes, HttpTarget target)
      : exchange_(std::move(exchange)), lanes_(std::move(lanes)), target_(std::move(target)) {}

  void start() {
    if (exchange_->finished()) return;
    try {
      if (!lane_) lane_ = lanes_->take(target_);
      auto request = to_library(target_, exchange_->request());
      body_ = Body();
      request.set_response_stream(body_.create_ostream());
      lane_->slot->lend(exchange_);
      lane_->client->request(request, cancel_.get_token())
          .then([self = shared_from_this()](const pplx::task<http::http_response>& headers) {
            self->on_headers(headers);
          });
    } catch (...) {
      exchange_->finish(failure(std::current_exception()));
    }
  }

  void arm() {
    exchange_->on_abort([cancel = cancel_] { cancel.cancel(); });
  }

 private:
  void on_headers(const pplx::task<http::http_response>& task) {
    try {
      const auto response = task.get();
      response.content_ready().then(
          [self = shared_from_this()](const pplx::task<http::http_response>& body) {
            self->on_body(body);
          });
    } catch (const StaleConnection&) {
      if (++tries_ < kStaleTries)
        start();
      else
        exchange_->finish({Transport::kRefused, {}, "only dead connections in the pool"});
    } catch (...) {
      exchange_->finish(failure(std::current_exception()));
    }
  }

  void on_body(const pplx::task<http::http_response>& task) {
    try {
      const auto response = task.get();
      if (response.status_code() < 200 || response.status_code() > 599) {
        // The library reads an interim response as the final one. The bytes that follow must not be
        // read as the response to another request.
        exchange_->shut_down_connection();
        exchange_->finish(
            {Transport::kBroken, {}, fmt::format("unusable status {}", response.status_code())});
        return;
      }
      lanes_->give_back(target_, std::move(lane_));
      exchange_->finish(answer(response, body_.collection()));
    } catch (...) {
      exchange_->finish(failure(std::current_exception()));
    }
  }

  std::shared_ptr<Exchange> exchange_;
  std::shared_ptr<Lanes> lanes_;
  HttpTarget target_;
  std::unique_ptr<Lane> lane_;
  Body body_;
  pplx::cancellation_token_source cancel_;
  int tries_ = 0;
};

class CpprestSender final : public HttpSender {
 public:
  explicit CpprestSender(std::shared_ptr<Lanes> lanes) : lanes_(std::move(lanes)) {
    static std::once_flag once;
    // The library's pool has 40 threads by default. A pool that already exists stays unchanged.
    std::call_once(once, [] {
      // OpenSSL before the pool: what is set up later ends earlier, and OpenSSL must outlive the
      // pool's threads to free what it keeps for each of them.
      OPENSSL_init_ssl(0, nullptr);
      try {
        crossplat::threadpool::initialize_with_threads(kPoolThreads);
      } catch (const std::exception&) {
      }
    });
  }

  void send(std::shared_ptr<Exchange> exchange, HttpTarget target) override {
    assert(target.address.has_value() != target.proxy.has_value());
    const auto sending = std::make_shared<Sending>(std::move(exchange), lanes_, std::move(target));
    sending->start();
    sending->arm();
  }

 private:
  std::shared_ptr<Lanes> lanes_;
};

}  // namespace

std::shared_ptr<HttpSender> make_cpprest_sender(HttpOptions options, std::optional<Url> proxy) {
  return std::make_shared<CpprestSender>(
      std::make_shared<Lanes>(std::move(options), std::move(proxy)));
}

}  // namespace baton
