#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <span>
#include <vector>

#include "webhooks/http/http_server.h"

namespace baton {

// Limits the number of connections, in total and for each address. A trusted proxy speaks for many
// clients, so it has no limit. Thread-safe.
class ConnectionLimits {
 public:
  enum class Verdict { kAdmitted, kFull, kAddressFull };

  explicit ConnectionLimits(const HttpServerOptions& options) : options_(options) {}
  Verdict admit(const IpAddress& peer);
  void leave(const IpAddress& peer);
  std::size_t open() const;

 private:
  const HttpServerOptions& options_;
  mutable std::mutex mutex_;
  std::size_t open_ = 0;
  std::map<IpAddress, std::size_t> by_address_;
};

// A connection that may be closed for others, because none of its requests is being processed.
struct Expendable {
  std::size_t index = 0;
  bool proved = false;     // it has sent a request that was accepted
  std::int64_t since = 0;  // when its last request ended, or when it connected
  std::size_t held = 0;    // bytes of memory
};

// Selects `count` connections to close for new ones: first those that have proved nothing, and of
// these the longest waiting. An attacker who holds connections open loses their own.
std::vector<std::size_t> longest_waiting(std::vector<Expendable> all, std::size_t count);

// Selects connections to close until `bytes` are free: first those that have proved nothing, and of
// these the largest. A delivery is small and arrives at once, so a large unfinished one is not
// missed.
std::vector<std::size_t> largest(std::vector<Expendable> all, std::size_t bytes);

}  // namespace baton
