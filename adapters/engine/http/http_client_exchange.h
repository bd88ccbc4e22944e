#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "adapters/engine/http/http_client.h"
#include "mapping/net/ip_address.h"
#include "mapping/result.h"

namespace baton {

// Refuses methods and headers that would change the request: a line break in a header value would
// start a new header or a new request.
Status check_headers(const HttpRequest& request);

// One request in flight. The first event finishes it: the response, an error, the deadline or the
// size limit. Later events are ignored. Thread-safe.
class Exchange {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;
  Exchange(HttpRequest request, std::function<void(HttpResult)> done);
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  const HttpRequest& request() const { return request_; }
  SteadyTime deadline() const { return deadline_; }
  bool finished() const;
  // Calls `done` and returns true for the first caller only.
  bool finish(HttpResult result);
  // Sets how to stop the transport if the exchange ends early. Runs at once if the exchange has
  // ended.
  void on_abort(std::function<void()> abort);
  // Finishes the exchange from outside and stops the transport.
  void abort(Transport transport, std::string detail);
  // Takes a duplicate of the socket's descriptor, to count received bytes and to shut the
  // connection down.
  void attach(int socket);
  // Returns whether more was received than a response within the limit can need, whatever its
  // framing.
  bool too_much_received() const;
  // Shuts the connection down, so that no other request reuses it from a pool.
  void shut_down_connection();

 private:
  const HttpRequest request_;
  const SteadyTime deadline_;
  mutable std::mutex mutex_;
  std::function<void(HttpResult)> done_;
  std::function<void()> abort_;
  bool finished_ = false;
  int socket_ = -1;
  std::uint64_t received_before_ = 0;
};

// Passes the exchange to the next request of a lane, once.
class ExchangeSlot {
 public:
  void lend(std::shared_ptr<Exchange> exchange) {
    const std::lock_guard lock(mutex_);
    exchange_ = std::move(exchange);
  }
  std::shared_ptr<Exchange> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(exchange_, nullptr);
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<Exchange> exchange_;
};

// Ends exchanges at their deadline, and those that receive too much: the HTTP library limits
// neither header lines nor single chunks. Uses one thread, idle while nothing is in flight.
class ExchangeWatch {
 public:
  ExchangeWatch();
  ~ExchangeWatch();  // aborts what is in flight
  void add(std::shared_ptr<Exchange> exchange);

 private:
  void run();
  void check(std::list<std::shared_ptr<Exchange>>& expired);
  std::mutex mutex_;
  std::condition_variable wake_;
  std::list<std::shared_ptr<Exchange>> open_;
  bool stop_ = false;
  std::thread thread_;
};

// Resolves names outside the caller's thread. Every client has its own resolver, so that a hanging
// name server of one destination delays no other destination.
class NameResolver {
 public:
  using Done = std::function<void(std::vector<IpAddress>)>;  // empty: no such name
  NameResolver();
  ~NameResolver();
  void resolve(std::string host, Done done);

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with the thread, which may hang in the system's resolver
};

}  // namespace baton
