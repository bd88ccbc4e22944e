#include "tests/bench/load.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <deque>

#include <fmt/format.h>

#include "tests/bench/bench.h"

namespace baton::bench {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return to;
}

int connect_to(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in to = loopback(port);
  if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    if (fd >= 0) ::close(fd);
    return -1;
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

// The length of a complete answer at the front of the text; 0 if it is incomplete.
std::size_t answer_length(std::string_view text) {
  const auto head = text.find("\r\n\r\n");
  if (head == std::string_view::npos) return 0;
  constexpr std::string_view kField = "Content-Length: ";
  const auto field = text.substr(0, head).find(kField);
  std::size_t body = 0;
  if (field != std::string_view::npos) {
    const char* begin = text.data() + field + kField.size();
    std::from_chars(begin, text.data() + head, body);
  }
  const std::size_t whole = head + 4 + body;
  return text.size() >= whole ? whole : 0;
}

class Driver {
 public:
  Driver(const Load& load, const std::vector<std::string>& requests)
      : load_(load), requests_(requests) {
    result_.latency_ms.reserve(requests.size());
    connections_.resize(static_cast<std::size_t>(load.connections));
    for (std::size_t i = 0; i < connections_.size(); ++i) {
      open(i);
      idle_.push_back(i);
    }
  }
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;
  ~Driver() {
    for (const auto& connection : connections_) ::close(connection.fd);
    ::close(epoll_);
  }

  LoadResult run() {
    while (done_ < requests_.size()) {
      if (watch_.seconds() > load_.seconds_at_most)
        give_up(fmt::format("no end of the load after {} of {} requests", done_, requests_.size()));
      send_what_is_due();
      receive();
    }
    result_.seconds = watch_.seconds();
    return std::move(result_);
  }

 private:
  struct Connection {
    int fd = -1;
    bool under_way = false;
    double due = 0;
    std::string in;
  };

  void open(std::size_t index) {
    Connection& connection = connections_[index];
    if (connection.fd >= 0) ::close(connection.fd);
    connection.fd = connect_to(load_.port);
    if (connection.fd < 0) give_up("cannot connect to the server under test");
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u32 = static_cast<std::uint32_t>(index);
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.fd, &event);
  }

  double due_of(std::size_t i) const {
    return load_.rate > 0 ? static_cast<double>(i) / load_.rate : 0;
  }

  void send_what_is_due() {
    while (!idle_.empty() && sent_ < requests_.size()) {
      const double now = watch_.seconds();
      if (load_.rate > 0 && due_of(sent_) > now) return;
      // The connection that was idle longest: a server may close idle connections.
      Connection& connection = connections_[idle_.front()];
      idle_.pop_front();
      connection.under_way = true;
      connection.due = load_.rate > 0 ? due_of(sent_) : now;
      write_all(connection.fd, requests_[sent_++]);
    }
  }

  // Requests are far smaller than a socket's buffer, and each connection has only one at a time.
  static void write_all(int fd, const std::string& text) {
    std::size_t at = 0;
    while (at < text.size()) {
      const auto n = ::send(fd, text.data() + at, text.size() - at, MSG_NOSIGNAL);
      if (n <= 0) give_up("the server under test closed a connection");
      at += static_cast<std::size_t>(n);
    }
  }

  void receive() {
    timespec wait{0, 100'000'000};
    if (load_.rate > 0 && sent_ < requests_.size() && !idle_.empty()) {
      wait.tv_nsec =
          static_cast<long>(std::clamp(due_of(sent_) - watch_.seconds(), 0.0, 0.1) * 1e9);
    }
    std::array<epoll_event, 64> events;
    const int n =
        ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &wait, nullptr);
    if (n < 0 && errno != EINTR) give_up("epoll failed");
    for (int i = 0; i < n; ++i) read_answer(events[static_cast<std::size_t>(i)].data.u32);
  }

  void read_answer(std::size_t index) {
    Connection& connection = connections_[index];
    std::array<char, 4096> buffer;
    const auto n = ::recv(connection.fd, buffer.data(), buffer.size(), 0);
    if (n <= 0) {
      if (connection.under_way)
        give_up("the server under test closed a connection with a request on it");
      return open(index);
    }
    connection.in.append(buffer.data(), static_cast<std::size_t>(n));
    const std::size_t length = answer_length(connection.in);
    if (length == 0) return;
    if (connection.in.compare(0, 12, "HTTP/1.1 200") == 0) {
      ++result_.answered;
      result_.latency_ms.push_back((watch_.seconds() - connection.due) * 1000);
    } else {
      ++result_.refused;
    }
    connection.in.erase(0, length);
    connection.under_way = false;
    ++done_;
    idle_.push_back(index);
  }

  const Load load_;
  const std::vector<std::string>& requests_;
  int epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  std::vector<Connection> connections_;
  std::deque<std::size_t> idle_;
  std::size_t sent_ = 0, done_ = 0;
  LoadResult result_;
  Stopwatch watch_;
};

}  // namespace

LoadResult drive(const Load& load, const std::vector<std::string>& requests) {
  return Driver(load, requests).run();
}

std::optional<std::string> get(std::uint16_t port, const std::string& path) {
  const int fd = connect_to(port);
  if (fd < 0) return std::nullopt;
  const std::string request =
      fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", path);
  std::string answer;
  if (::send(fd, request.data(), request.size(), MSG_NOSIGNAL) ==
      static_cast<ssize_t>(request.size())) {
    std::array<char, 16384> buffer;
    for (ssize_t n; (n = ::recv(fd, buffer.data(), buffer.size(), 0)) > 0;)
      answer.append(buffer.data(), static_cast<std::size_t>(n));
  }
  ::close(fd);
  const auto head = answer.find("\r\n\r\n");
  if (head == std::string::npos || answer.compare(0, 12, "HTTP/1.1 200") != 0) return std::nullopt;
  return answer.substr(head + 4);
}

std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at = loopback(0);
  socklen_t length = sizeof at;
  const bool bound = fd >= 0 &&
                     ::bind(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0 &&
                     ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &length) == 0;
  if (fd >= 0) ::close(fd);
  if (!bound) give_up("no free port");
  return ntohs(at.sin_port);
}

std::string post_request(const std::string& path,
                         const std::vector<std::pair<std::string, std::string>>& headers,
                         const std::string& body) {
  std::string text = fmt::format(
      "POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
      "{}\r\n",
      path, body.size());
  for (const auto& [name, value] : headers) text += fmt::format("{}: {}\r\n", name, value);
  return text + "\r\n" + body;
}

}  // namespace baton::bench
