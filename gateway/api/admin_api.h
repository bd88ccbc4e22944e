#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/api/worker_pool.h"
#include "gateway/app/views/backend.h"
#include "webhooks/http/http_server.h"
#include "webhooks/http/rate_limit.h"

namespace baton {

// The admin listener: health, metrics and the API of gateway/api/openapi.yaml, which is the
// contract (a test compares its paths with the routes here). Everything below /api/ requires a
// bearer token. Without a configured token it is closed.
struct AdminApiOptions {
  std::vector<std::string> tokens;  // each at least kMinTokenLength characters
  std::function<Instant()> now;
  std::function<std::int64_t()> steady_ns;
  std::function<std::string()> random_hex;  // ids for feedback without an id
};

inline constexpr std::size_t kMinTokenLength = 16;

struct AdminRoute {
  std::string_view method, pattern;  // "/api/v1/leads/{id}"
};
std::vector<AdminRoute> admin_routes();

// Shared by the listener's handlers; outlives them. Thread-safe. Stores tokens as SHA-256 only.
class AdminApi {
 public:
  // kInvalidInput if a token is too short.
  static Result<std::unique_ptr<AdminApi>> make(Backend& backend, WorkerPool& pool,
                                                AdminApiOptions options);

  virtual ~AdminApi() = default;
  virtual std::unique_ptr<HttpHandler> handler() = 0;
};

}  // namespace baton
