#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mapping/instant.h"

namespace baton {

// HTTP requests to other systems, as values. The only implementation uses cpprestsdk. Tests mock
// this interface (GoogleMock) for faults that a real server cannot produce on demand.

using Headers = std::vector<std::pair<std::string, std::string>>;

// Returns the first value of a header, by case-insensitive name; "" if it is missing.
std::string_view header(const Headers& headers, std::string_view name);

struct HttpRequest {
  std::string method = "POST";
  std::string url;  // absolute, http or https
  Headers headers;  // may contain credentials: never logged
  std::string body;
  Duration deadline = seconds(30);     // from send to the last byte of the response
  std::size_t max_response = 1 << 20;  // bytes; a longer response is cut off and reported
};

struct HttpResponse {
  int status = 0;
  Headers headers;
  std::string body;
};

// Why there is no complete response. After kRefused and kBlocked nothing was sent; after the others
// the effect is unknown.
enum class Transport { kAnswered, kRefused, kBlocked, kTimeout, kBroken, kTooLarge };

struct HttpResult {
  Transport transport = Transport::kAnswered;
  HttpResponse response;  // if kAnswered
  std::string detail;     // for a human; no secrets
};

// An HTTP client that follows no redirects, sends no cookies and always verifies certificates.
// Thread-safe.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  // Sends a request. Calls `done` exactly once, from any thread, at the latest shortly after the
  // deadline.
  virtual void send(HttpRequest request, std::function<void(HttpResult)> done) = 0;
};

// How to reach one destination.
struct HttpOptions {
  std::string ca_file;  // "": the system's
  std::string client_cert_file, client_key_file;
  std::string proxy;  // "http://host:port"
  // Loopback, link-local or private addresses that the destination may resolve to: host names, or
  // networks in CIDR notation.
  std::vector<std::string> allow_private;
};

std::unique_ptr<HttpClient> make_http_client(const HttpOptions& options);

}  // namespace baton
