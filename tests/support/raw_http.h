#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace baton::test {

struct RawAnswer {
  int status = 0;                              // 0: the connection ended, or nothing came in time
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

// A client that sends exactly the bytes it is told to, on loopback. Waits are for conditions, with
// a generous limit; none is part of a measurement.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port, bool tls = false);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool connected() const { return fd_ >= 0; }
  void send(std::string_view bytes);
  void finish_sending();
  // The next answer; HEAD answers have no body.
  RawAnswer read(bool head_only = false);
  // True when the peer ends the connection (orderly or by reset); what comes before is dropped.
  bool wait_for_end();
  // The text up to and including `mark`, or "" where it does not come.
  std::string read_until(std::string_view mark);

 private:
  struct Tls;
  bool fill();
  int fd_ = -1;
  std::string buffer_;
  std::unique_ptr<Tls> tls_;
};

// One request on a connection of its own.
RawAnswer ask(std::uint16_t port, std::string_view bytes);

std::string post(std::string_view path, std::string_view body, std::string_view more_headers = {});

}  // namespace baton::test
