#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace baton::bench {

// A generator of HTTP load: one thread, epoll, keep-alive connections with one request under way on
// each. Whole requests are made beforehand, so that what is measured is the server.
struct Load {
  std::uint16_t port = 0;
  int connections = 64;
  // Requests a second, evenly spread; a request's time is measured from when it was due, so a
  // server that stalls is not spared the wait (no coordinated omission). 0: as fast as answers
  // come.
  double rate = 0;
  double seconds_at_most = 60;
};

struct LoadResult {
  std::size_t answered = 0;
  std::size_t refused = 0;  // another status than 200
  double seconds = 0;
  std::vector<double> latency_ms;

  double rate() const { return seconds > 0 ? static_cast<double>(answered) / seconds : 0; }
};

// Sends each request once. Throws where a connection breaks with a request on it; one that was
// closed while nothing was under way is opened again.
LoadResult drive(const Load& load, const std::vector<std::string>& requests);

// A single GET; the body, or nothing where there is no answer 200.
std::optional<std::string> get(std::uint16_t port, const std::string& path);

// A port that was free a moment ago.
std::uint16_t free_port();

std::string post_request(const std::string& path,
                         const std::vector<std::pair<std::string, std::string>>& headers,
                         const std::string& body);

}  // namespace baton::bench
