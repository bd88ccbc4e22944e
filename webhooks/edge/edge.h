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

// The public edge: what strangers reach. POST /hooks/{source}[/{token}], GET for handshakes, and
// /a/{token}, which is handed on. Order of checks, cheap before dear: address limit (429), source
// (404), method (405), length announced (413), handshake, 411, signature and time stamp over the
// bytes as sent (401), the source's own budget (429; only verified deliveries spend it), content
// type (415), content encoding (415, 413, 400), then the sink. All up to the length is judged from
// the head, before the body is read.
//
// A source that is switched off belongs into the table like any other: its deliveries are kept and
// acknowledged, since some senders drop an address that ever answers 404 or 410, and what is not
// kept cannot be caught up on. Only the engine treats it differently.

using SourceTable = std::map<std::string, std::shared_ptr<const Source>, std::less<>>;

// Called on any of the edge's threads. Both labels are bounded: `source` is a configured name or
// "unknown", `result` one of stored, duplicate, unavailable, handshake, handshake_refused,
// not_found, method, length_required, too_large, rate_address, rate_source, content_type, encoding,
// and signature_ with missing_header, malformed, stale, wrong or no_secret. `ns`: from the whole
// request to the answer.
struct EdgeObserver {
  virtual ~EdgeObserver() = default;
  virtual void request(std::string_view source, std::string_view result, std::int64_t ns) = 0;
};

struct EdgeOptions {
  std::string public_url;  // "https://hooks.example.com"; "": what Host says (see signed URLs)
  // Of a client address, before any signature; what then proves to be signed is not counted, so
  // that a sender behind one address is bound by its source's budget alone.
  Rate address_rate{50, 200};
  std::size_t max_addresses = 65'536;
  std::size_t inflate_ratio = 100;
  std::uint64_t seed = 0;        // of the limiter's hash; random in production
  std::function<Instant()> now;  // wall time
  std::function<std::int64_t()> steady_ns;
};

// What the edge's threads share. Thread-safe; outlives the handlers.
class EdgeState {
 public:
  EdgeState(EdgeOptions options, EdgeObserver& observer);

  // Hot reload: requests that began with the old table end with it.
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

// The handler of one thread. `sink` is that thread's; `actions` answers /a/{token} (null: 404).
// `state` outlives it, and so does the sink where it is given by reference.
std::unique_ptr<HttpHandler> make_edge(EdgeState& state, std::unique_ptr<IntakeSink> sink,
                                       std::unique_ptr<HttpHandler> actions);

}  // namespace baton
