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

#include "adapters/engine/http/http_address.h"
#include "adapters/engine/http/http_client.h"

namespace baton {

// Refuses methods and headers that would change the request: line breaks in a header value would
// start a header, or a request, of the value's own making.
Status check_headers(const HttpRequest& request);

// One request on its way: whoever comes first, the answer, an error, the deadline or the size
// limit, finishes it; what comes later is dropped. Thread-safe.
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
  // Calls `done` and answers true for the first caller only.
  bool finish(HttpResult result);
  // What stops the transport when the exchange ends without it; run at once where it has ended.
  void on_abort(std::function<void()> abort);
  // Ends it from outside: finishes and stops the transport.
  void abort(Transport transport, std::string detail);
  // Takes a duplicate of the socket's descriptor, to count what comes in and to be able to shut the
  // connection down.
  void attach(int socket);
  // More came in than an answer within the limit can need, whatever its framing.
  bool too_much_received() const;
  // Makes the connection useless for anybody who finds it in a pool.
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

// Lends the exchange to the next sending of a lane, once.
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

// Ends exchanges at their deadline, and when they receive too much: the HTTP library below bounds
// neither header lines nor single chunks. One thread; idle while nothing is in flight.
class ExchangeWatch {
 public:
  ExchangeWatch();
  ~ExchangeWatch();  // aborts what is still in flight
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

// Name resolution off the caller's thread. A client has its own, so that one destination's hanging
// name server delays no other destination.
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
