#include "tests/support/fake_http_server.h"

#include <cstdlib>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>

namespace baton {
namespace {

constexpr int kPollMs = 20;

bool wait_readable(int socket, const std::atomic<bool>& stop) {
  while (!stop) {
    pollfd entry{socket, POLLIN, 0};
    if (::poll(&entry, 1, kPollMs) > 0) return true;
  }
  return false;
}

std::size_t content_length(const std::string& head) {
  std::size_t pos = 0;
  while ((pos = head.find("\r\n", pos)) != std::string::npos) {
    pos += 2;
    if (::strncasecmp(head.c_str() + pos, "content-length:", 15) == 0)
      return std::strtoul(head.c_str() + pos + 15, nullptr, 10);
  }
  return 0;
}

// Reads one request into `pending` and removes it from there; returns false if the connection
// ended.
bool read_request(int socket, const std::atomic<bool>& stop, std::string& pending,
                  FakeHttpServer::Request& request) {
  while (true) {
    const auto end = pending.find("\r\n\r\n");
    if (end != std::string::npos) {
      const std::size_t length = content_length(pending.substr(0, end + 2));
      if (pending.size() >= end + 4 + length) {
        request.head = pending.substr(0, end + 2);
        request.body = pending.substr(end + 4, length);
        pending.erase(0, end + 4 + length);
        const auto space = request.head.find(' ');
        request.method = request.head.substr(0, space);
        request.target =
            request.head.substr(space + 1, request.head.find(' ', space + 1) - space - 1);
        return true;
      }
    }
    if (!wait_readable(socket, stop)) return false;
    char buffer[4096];
    const auto got = ::recv(socket, buffer, sizeof buffer, 0);
    if (got <= 0) return false;
    pending.append(buffer, static_cast<std::size_t>(got));
  }
}

}  // namespace

bool FakeHttpServer::Connection::write(const std::string& bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size() && !stop_) {
    pollfd entry{socket_, POLLOUT, 0};
    if (::poll(&entry, 1, kPollMs) <= 0) continue;
    const auto n =
        ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0) return false;
    sent += static_cast<std::size_t>(n);
  }
  return !stop_;
}

void FakeHttpServer::Connection::wait_until_closed() {
  char buffer[256];
  while (wait_readable(socket_, stop_)) {
    if (::recv(socket_, buffer, sizeof buffer, 0) <= 0) return;
  }
}

FakeHttpServer::FakeHttpServer(Script script) : script_(std::move(script)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener_, 64) != 0)
    std::abort();
  socklen_t size = sizeof address;
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_loop(); });
}

FakeHttpServer::~FakeHttpServer() {
  stop_ = true;
  acceptor_.join();
  for (auto& thread : threads_) thread.join();
  ::close(listener_);
}

std::string FakeHttpServer::url(const std::string& path) const {
  return fmt::format("http://127.0.0.1:{}{}", port_, path);
}

std::vector<FakeHttpServer::Request> FakeHttpServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void FakeHttpServer::accept_loop() {
  int number = 0;
  while (wait_readable(listener_, stop_)) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) continue;
    threads_.emplace_back([this, socket, n = ++number] { serve(socket, n); });
  }
}

void FakeHttpServer::serve(int socket, int number) {
  std::string pending;
  Connection connection(socket, stop_);
  while (true) {
    Request request;
    request.connection = number;
    if (!read_request(socket, stop_, pending, request)) break;
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    if (!script_(request, connection)) break;
  }
  ::close(socket);
  ++closed_;
}

std::string FakeHttpServer::answer(int status, const std::string& body, const std::string& type,
                                   const std::string& extra_headers) {
  return fmt::format("HTTP/1.1 {} Status\r\nContent-Type: {}\r\nContent-Length: {}\r\n{}\r\n{}",
                     status, type, body.size(), extra_headers, body);
}

FakeHttpServer::Script FakeHttpServer::always(const std::string& bytes) {
  return [bytes](const Request&, Connection& connection) { return connection.write(bytes); };
}

}  // namespace baton
