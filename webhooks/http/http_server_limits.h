#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <span>
#include <vector>

#include "webhooks/http/http_server.h"

namespace baton {

// How many connections there may be, in all and from one address. A trusted proxy speaks for many,
// so it has no limit of its own. Thread-safe.
class ConnectionLimits {
 public:
  enum class Verdict { kAdmitted, kFull, kAddressFull };

  explicit ConnectionLimits(const HttpServerOptions& options) : options_(options) {}
  Verdict admit(const Address& peer);
  void leave(const Address& peer);
  std::size_t open() const;

 private:
  const HttpServerOptions& options_;
  mutable std::mutex mutex_;
  std::size_t open_ = 0;
  std::map<Address, std::size_t> by_address_;
};

// A connection that may be given up for others: nothing of it is being worked on.
struct Expendable {
  std::size_t index = 0;
  bool proved = false;     // it has brought something that was taken
  std::int64_t since = 0;  // when its last request ended, or when it came
  std::size_t held = 0;    // bytes of memory
};

// Who has to go so that `count` others can come: those that have proved nothing first, of these
// who has waited longest. Whoever opens connections to hold them loses his own.
std::vector<std::size_t> longest_waiting(std::vector<Expendable> all, std::size_t count);

// Who has to go so that `bytes` become free: those that have proved nothing first, of these the
// largest. A delivery is small and there at once; what is large and unfinished is not missed.
std::vector<std::size_t> largest(std::vector<Expendable> all, std::size_t bytes);

}  // namespace baton
