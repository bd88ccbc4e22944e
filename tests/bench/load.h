#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace baton::bench {

// A generator of HTTP load: one thread, epoll, keep-alive connections with one request at a time.
// Requests are prepared before the run, so that the figures measure the server.
struct Load {
  std::uint16_t port = 0;
  int connections = 64;
  // Requests a second, evenly spread. The time of a request counts from its planned start, so that
  // stalls of the server show (no coordinated omission). 0: as fast as answers come.
  double rate = 0;
  double seconds_at_most = 60;
};

struct LoadResult {
  std::size_t answered = 0;
  std::size_t refused = 0;  // a status other than 200
  double seconds = 0;
  std::vector<double> latency_ms;

  double rate() const { return seconds > 0 ? static_cast<double>(answered) / seconds : 0; }
};

// Sends each request once. Throws if a connection breaks during a request. Opens an idle connection
// again if the server closed it.
LoadResult drive(const Load& load, const std::vector<std::string>& requests);

// Sends a single GET; returns the body, or nothing if the status is not 200.
std::optional<std::string> get(std::uint16_t port, const std::string& path);

// A port that was free a moment ago.
std::uint16_t free_port();

std::string post_request(const std::string& path,
                         const std::vector<std::pair<std::string, std::string>>& headers,
                         const std::string& body);

}  // namespace baton::bench
