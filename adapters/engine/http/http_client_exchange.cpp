#include "adapters/engine/http/http_client_exchange.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include <fcntl.h>
#include <linux/tcp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace baton {
namespace {

constexpr std::size_t kHeaderAllowance = 128 << 10;
constexpr auto kTick = std::chrono::milliseconds(10);

std::uint64_t bytes_received(int socket) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
  return info.tcpi_bytes_received;
}

std::vector<IpAddress> look_up(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  std::vector<IpAddress> found;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &list) != 0) return found;
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    const auto address = ip_from_socket(entry->ai_addr);
    if (address && std::find(found.begin(), found.end(), *address) == found.end())
      found.push_back(*address);
  }
  ::freeaddrinfo(list);
  return found;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c > 0x20 && c < 0x7F &&
           std::string_view("()<>@,;:\\\"/[]?={}").find(static_cast<char>(c)) ==
               std::string_view::npos;
  });
}

}  // namespace

Status check_headers(const HttpRequest& request) {
  if (!is_token(request.method)) return error(Errc::kInvalidInput, "the method is not a token");
  for (const auto& [name, value] : request.headers) {
    const bool clean = std::none_of(value.begin(), value.end(), [](unsigned char c) {
      return (c < 0x20 && c != '\t') || c == 0x7F;
    });
    if (!is_token(name) || !clean)
      return error(Errc::kInvalidInput, "a header contains a forbidden character");
  }
  return {};
}

Exchange::Exchange(HttpRequest request, std::function<void(HttpResult)> done)
    : request_(std::move(request)),
      deadline_(std::chrono::steady_clock::now() +
                std::chrono::milliseconds(
                    std::clamp<std::int64_t>(request_.deadline.ms, 1, hours(1).ms))),
      done_(std::move(done)) {}

Exchange::~Exchange() {
  if (socket_ >= 0) ::close(socket_);
}

bool Exchange::finished() const {
  const std::lock_guard lock(mutex_);
  return finished_;
}

bool Exchange::finish(HttpResult result) {
  std::function<void(HttpResult)> done;
  {
    const std::lock_guard lock(mutex_);
    if (finished_) return false;
    finished_ = true;
    done.swap(done_);
  }
  assert(done != nullptr);
  done(std::move(result));
  return true;
}

void Exchange::on_abort(std::function<void()> abort) {
  {
    const std::lock_guard lock(mutex_);
    if (!finished_) {
      abort_ = std::move(abort);
      return;
    }
  }
  abort();
}

void Exchange::abort(Transport transport, std::string detail) {
  if (!finish({transport, {}, std::move(detail)})) return;
  std::function<void()> stop;
  {
    const std::lock_guard lock(mutex_);
    stop.swap(abort_);
  }
  if (stop) stop();
  shut_down_connection();
}

void Exchange::attach(int socket) {
  const int copy = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
  const std::lock_guard lock(mutex_);
  if (socket_ >= 0) ::close(socket_);
  socket_ = copy;
  received_before_ = copy >= 0 ? bytes_received(copy) : 0;
}

bool Exchange::too_much_received() const {
  const std::lock_guard lock(mutex_);
  if (socket_ < 0 || finished_) return false;
  return bytes_received(socket_) - received_before_ > request_.max_response * 2 + kHeaderAllowance;
}

// Resets the connection instead of closing it in order. Otherwise the rest of the request in the
// system's buffers would still be delivered, and take effect after a newer one.
void Exchange::shut_down_connection() {
  const std::lock_guard lock(mutex_);
  if (socket_ < 0) return;
  const linger at_once{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::shutdown(socket_, SHUT_RDWR);
  ::close(socket_);
  socket_ = -1;
}

ExchangeWatch::ExchangeWatch() : thread_([this] { run(); }) {}

ExchangeWatch::~ExchangeWatch() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
  for (const auto& exchange : open_)
    exchange->abort(Transport::kBroken, "the client was shut down");
}

void ExchangeWatch::add(std::shared_ptr<Exchange> exchange) {
  {
    const std::lock_guard lock(mutex_);
    open_.push_back(std::move(exchange));
  }
  wake_.notify_one();
}

// Moves exchanges that must end to `expired` and removes finished ones.
void ExchangeWatch::check(std::list<std::shared_ptr<Exchange>>& expired) {
  const auto now = std::chrono::steady_clock::now();
  for (auto it = open_.begin(); it != open_.end();) {
    const auto next = std::next(it);
    if ((*it)->finished())
      open_.erase(it);
    else if ((*it)->deadline() <= now || (*it)->too_much_received())
      expired.splice(expired.end(), open_, it);
    it = next;
  }
}

void ExchangeWatch::run() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    if (open_.empty()) {
      wake_.wait(lock, [this] { return stop_ || !open_.empty(); });
      continue;
    }
    std::list<std::shared_ptr<Exchange>> expired;
    check(expired);
    lock.unlock();
    for (const auto& exchange : expired) {
      if (exchange->too_much_received())
        exchange->abort(Transport::kTooLarge, "the response is longer than allowed");
      else
        exchange->abort(Transport::kTimeout,
                        "no complete response within " + to_string(exchange->request().deadline));
    }
    expired.clear();
    lock.lock();
    if (!stop_ && !open_.empty()) wake_.wait_for(lock, kTick, [this] { return stop_; });
  }
}

struct NameResolver::State {
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::pair<std::string, Done>> queue;
  bool stop = false;

  void run() {
    std::unique_lock lock(mutex);
    while (true) {
      wake.wait(lock, [this] { return stop || !queue.empty(); });
      if (stop) return;
      auto [host, done] = std::move(queue.front());
      queue.pop_front();
      lock.unlock();
      auto addresses = look_up(host);
      lock.lock();
      if (stop) return;
      lock.unlock();
      done(std::move(addresses));
      done = nullptr;
      lock.lock();
    }
  }
};

NameResolver::NameResolver() : state_(std::make_shared<State>()) {
  // Detached: getaddrinfo cannot be interrupted, and shutdown must not wait for a name server.
  std::thread([state = state_] { state->run(); }).detach();
}

NameResolver::~NameResolver() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stop = true;
    state_->queue.clear();
  }
  state_->wake.notify_all();
}

void NameResolver::resolve(std::string host, Done done) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->queue.emplace_back(std::move(host), std::move(done));
  }
  state_->wake.notify_one();
}

}  // namespace baton
