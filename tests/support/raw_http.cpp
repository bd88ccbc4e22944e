#include "tests/support/raw_http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace baton::test {

struct RawClient::Tls {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL* ssl = SSL_new(context);
  ~Tls() {
    SSL_free(ssl);
    SSL_CTX_free(context);
  }
};

RawClient::RawClient(std::uint16_t port, bool tls) {
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof(to)) != 0) {
    close(fd_);
    fd_ = -1;
    return;
  }
  if (!tls) return;
  tls_ = std::make_unique<Tls>();
  SSL_set_fd(tls_->ssl, fd_);
  if (SSL_connect(tls_->ssl) == 1) return;
  close(fd_);
  fd_ = -1;
}

RawClient::~RawClient() {
  if (fd_ >= 0) close(fd_);
}

void RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = tls_ ? SSL_write(tls_->ssl, bytes.data(), static_cast<int>(bytes.size()))
                        : ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void RawClient::finish_sending() { shutdown(fd_, SHUT_WR); }

bool RawClient::fill() {
  char chunk[16 * 1024];
  pollfd p{fd_, POLLIN, 0};
  if ((!tls_ || SSL_pending(tls_->ssl) == 0) && poll(&p, 1, 20'000) <= 0) return false;
  const auto n =
      tls_ ? SSL_read(tls_->ssl, chunk, sizeof(chunk)) : recv(fd_, chunk, sizeof(chunk), 0);
  if (n <= 0) return false;
  buffer_.append(chunk, static_cast<std::size_t>(n));
  return true;
}

std::string RawClient::read_until(std::string_view mark) {
  std::size_t at = 0;
  while ((at = buffer_.find(mark)) == std::string::npos) {
    if (!fill()) return {};
  }
  const auto text = buffer_.substr(0, at + mark.size());
  buffer_.erase(0, text.size());
  return text;
}

RawAnswer RawClient::read(bool head_only) {
  RawAnswer answer;
  const auto head = read_until("\r\n\r\n");
  if (head.size() < 12) return answer;
  answer.status = std::atoi(head.c_str() + 9);
  for (auto at = head.find("\r\n"); at != std::string::npos && at + 2 < head.size() - 2;) {
    const auto next = head.find("\r\n", at + 2);
    const auto line = head.substr(at + 2, next - at - 2);
    const auto colon = line.find(':');
    if (colon != std::string::npos) {
      auto name = line.substr(0, colon);
      std::transform(name.begin(), name.end(), name.begin(),
                     [](unsigned char c) { return std::tolower(c); });
      answer.headers[name] = line.substr(std::min(colon + 2, line.size()));
    }
    at = next;
  }
  if (head_only) return answer;
  const auto length =
      static_cast<std::size_t>(std::atoll(answer.headers["content-length"].c_str()));
  while (buffer_.size() < length) {
    if (!fill()) break;
  }
  answer.body = buffer_.substr(0, length);
  buffer_.erase(0, answer.body.size());
  return answer;
}

bool RawClient::wait_for_end() {
  for (;;) {
    buffer_.clear();
    pollfd p{fd_, POLLIN, 0};
    if (poll(&p, 1, 20'000) <= 0) return false;
    if (!fill()) return true;
  }
}

RawAnswer ask(std::uint16_t port, std::string_view bytes) {
  RawClient client(port);
  client.send(bytes);
  return client.read();
}

std::string post(std::string_view path, std::string_view body, std::string_view more_headers) {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" +
         std::string(more_headers) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

}  // namespace baton::test
