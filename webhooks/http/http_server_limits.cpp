#include "webhooks/http/http_server_limits.h"

#include <algorithm>

namespace baton {

ConnectionLimits::Verdict ConnectionLimits::admit(const IpAddress& peer) {
  const std::lock_guard lock(mutex_);
  const bool counted = !any_contains(options_.trusted_proxies, peer);
  if (counted) {
    const auto mine = by_address_.find(limit_key(peer));
    if (mine != by_address_.end() && mine->second >= options_.max_per_address)
      return Verdict::kAddressFull;
  }
  if (open_ >= options_.max_connections) return Verdict::kFull;
  if (counted) ++by_address_[limit_key(peer)];
  ++open_;
  return Verdict::kAdmitted;
}

void ConnectionLimits::leave(const IpAddress& peer) {
  const std::lock_guard lock(mutex_);
  --open_;
  if (any_contains(options_.trusted_proxies, peer)) return;
  const auto it = by_address_.find(limit_key(peer));
  if (it != by_address_.end() && --it->second == 0) by_address_.erase(it);
}

std::size_t ConnectionLimits::open() const {
  const std::lock_guard lock(mutex_);
  return open_;
}

std::vector<std::size_t> longest_waiting(std::vector<Expendable> all, std::size_t count) {
  count = std::min(count, all.size());
  const auto end = all.begin() + static_cast<std::ptrdiff_t>(count);
  std::nth_element(all.begin(), end, all.end(), [](const Expendable& a, const Expendable& b) {
    return a.proved != b.proved ? b.proved : a.since < b.since;
  });
  std::vector<std::size_t> chosen;
  for (auto it = all.begin(); it != end; ++it) chosen.push_back(it->index);
  return chosen;
}

std::vector<std::size_t> largest(std::vector<Expendable> all, std::size_t bytes) {
  std::sort(all.begin(), all.end(), [](const Expendable& a, const Expendable& b) {
    return a.proved != b.proved ? b.proved : a.held > b.held;
  });
  std::vector<std::size_t> chosen;
  for (std::size_t freed = 0; const auto& one : all) {
    if (freed >= bytes) break;
    freed += one.held;
    chosen.push_back(one.index);
  }
  return chosen;
}

}  // namespace baton
