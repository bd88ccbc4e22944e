#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mapping/instant.h"

namespace baton {

// Outgoing HTTP as values. The one implementation (cpprestsdk) stands behind this header; tests
// mock it (GoogleMock) where a real server cannot misbehave on demand.

using Headers = std::vector<std::pair<std::string, std::string>>;

// The first value of a header, by case-insensitive name; "" where there is none.
std::string_view header(const Headers& headers, std::string_view name);

struct HttpRequest {
  std::string method = "POST";
  std::string url;  // absolute, http or https
  Headers headers;  // may hold credentials: never logged
  std::string body;
  Duration deadline = seconds(30);     // from send to the last byte of the answer
  std::size_t max_response = 1 << 20;  // bytes; a longer answer is cut off and reported
};

struct HttpResponse {
  int status = 0;
  Headers headers;
  std::string body;
};

// Why there is no (whole) answer. What matters to a caller: after kRefused and kBlocked nothing was
// sent; after the others the effect is unknown.
enum class Transport { kAnswered, kRefused, kBlocked, kTimeout, kBroken, kTooLarge };

struct HttpResult {
  Transport transport = Transport::kAnswered;
  HttpResponse response;  // where kAnswered
  std::string detail;     // for a human; no secrets
};

// Follows no redirects, sends no cookies, checks certificates always. Thread-safe.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  // Calls `done` exactly once, from any thread, no later than shortly after the deadline.
  virtual void send(HttpRequest request, std::function<void(HttpResult)> done) = 0;
};

// How one destination is reached.
struct HttpOptions {
  std::string ca_file;  // "" : the system's
  std::string client_cert_file, client_key_file;
  std::string proxy;  // "http://host:port"
  // Addresses the destination may resolve to although they are loopback, link-local or private:
  // host names, or networks in CIDR form.
  std::vector<std::string> allow_private;
};

std::unique_ptr<HttpClient> make_http_client(const HttpOptions& options);

}  // namespace baton
