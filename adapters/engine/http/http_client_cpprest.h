#pragma once

#include <memory>
#include <optional>

#include "adapters/engine/http/http_client.h"
#include "adapters/engine/http/http_client_exchange.h"
#include "mapping/net/ip_address.h"
#include "mapping/net/url.h"

namespace baton {

// The destination of one request: a checked address, or a proxy, which resolves the host itself.
// Exactly one of the two addresses is set.
struct HttpTarget {
  Url url;
  std::optional<IpAddress> address;
  std::optional<IpAddress> proxy;
};

// Sends exchanges over kept connections. It checks no addresses: the caller does. Thread-safe.
class HttpSender {
 public:
  virtual ~HttpSender() = default;
  // Starts a request; the exchange receives its end. Exchanges in flight may outlive the sender.
  virtual void send(std::shared_ptr<Exchange> exchange, HttpTarget target) = 0;
};

std::shared_ptr<HttpSender> make_cpprest_sender(HttpOptions options, std::optional<Url> proxy);

}  // namespace baton
