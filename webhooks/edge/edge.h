#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "adapters/engine/source/source.h"
#include "webhooks/edge/intake_sink.h"
#include "webhooks/http/http_server.h"
#include "webhooks/http/rate_limit.h"

namespace baton {

// The public edge, which receives requests from the internet: POST /hooks/{source}[/{token}], GET
// for handshakes, and /a/{token}, which it passes on.
//
// It checks in this order, cheap checks first: address limit (429), source (404), method (405),
// announced length (413), handshake, missing length (411), signature and time stamp over the bytes
// as sent (401), the source's budget (429; only verified deliveries use it), content type (415),
// content encoding (415, 413, 400). Then it stores the delivery in the sink. All checks up to the
// length need only the head and run before the body is read.
//
// A source that is switched off is in the table like any other. Its deliveries are stored and
// acknowledged, because some senders drop an address that ever answers 404 or 410, and lost
// deliveries cannot be recovered. Only the engine treats it differently.

using SourceTable = std::map<std::string, std::shared_ptr<const Source>, std::less<>>;

// Receives the result of every request, on any thread of the edge. Both labels are bounded:
// `source` is a configured name or "unknown"; `result` is one of stored, duplicate, unavailable,
// handshake, handshake_refused, not_found, method, length_required, too_large, rate_address,
// rate_source, content_type, encoding, or signature_ with missing_header, malformed, stale, wrong
// or no_secret. `ns` is the time from the complete request to the answer.
struct EdgeObserver {
  virtual ~EdgeObserver() = default;
  virtual void request(std::string_view source, std::string_view result, std::int64_t ns) = 0;
};

struct EdgeOptions {
  std::string public_url;  // "https://hooks.example.com"; "": use Host (see signed URLs)
  // Limit for one client address before the signature is checked. Deliveries with a valid signature
  // are not counted, so that only the source's budget limits a sender with one address.
  Rate address_rate{50, 200};
  std::size_t max_addresses = 65'536;
  std::size_t inflate_ratio = 100;
  std::uint64_t seed = 0;        // of the limiter's hash; random in production
  std::function<Instant()> now;  // wall time
  std::function<std::int64_t()> steady_ns;
};

// The state that the edge's threads share. Thread-safe; outlives the handlers.
class EdgeState {
 public:
  EdgeState(EdgeOptions options, EdgeObserver& observer);

  // Hot reload: requests that began with the old table finish with it.
  void set_sources(std::shared_ptr<const SourceTable> sources);

  const EdgeOptions& options() const { return options_; }
  EdgeObserver& observer() { return observer_; }
  RateLimiter& addresses() { return addresses_; }
  RateLimiter& budgets() { return budgets_; }
  std::uint64_t version() const { return version_.load(std::memory_order_acquire); }
  std::shared_ptr<const SourceTable> sources() const;

 private:
  const EdgeOptions options_;
  EdgeObserver& observer_;
  RateLimiter addresses_, budgets_;
  mutable std::mutex mutex_;
  std::shared_ptr<const SourceTable> sources_;
  std::atomic<std::uint64_t> version_{0};
};

// Returns the handler of one thread. `sink` belongs to that thread; `actions` answers /a/{token}
// (null: 404). `state` must outlive the handler.
std::unique_ptr<HttpHandler> make_edge(EdgeState& state, std::unique_ptr<IntakeSink> sink,
                                       std::unique_ptr<HttpHandler> actions);

}  // namespace baton
