#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace baton::test {

struct RawAnswer {
  int status = 0;  // 0: the connection ended, or nothing arrived in time
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

// A loopback client that sends exactly the given bytes. It waits for conditions with a generous
// limit; no wait is part of a measurement.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port, bool tls = false);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool connected() const { return fd_ >= 0; }
  void send(std::string_view bytes);
  void finish_sending();
  // Reads the next response; a response to HEAD has no body.
  RawAnswer read(bool head_only = false);
  // Returns true if the peer ends the connection (orderly or by reset); drops what arrives before.
  bool wait_for_end();
  // Reads up to and including `mark`; returns "" if it does not arrive.
  std::string read_until(std::string_view mark);

 private:
  struct Tls;
  bool fill();
  int fd_ = -1;
  std::string buffer_;
  std::unique_ptr<Tls> tls_;
};

// Sends one request on a new connection.
RawAnswer ask(std::uint16_t port, std::string_view bytes);

std::string post(std::string_view path, std::string_view body, std::string_view more_headers = {});

}  // namespace baton::test
