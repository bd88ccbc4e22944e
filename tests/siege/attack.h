#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace baton::siege {

// Attackers of the public listener. They use the addresses 127.0.0.2 to 127.0.0.254. Honest senders
// use 127.0.0.1, so that addresses distinguish them as on the internet.
enum class Kind {
  kIdle,        // connects and sends nothing
  kHalf,        // half a request head, then a byte a second
  kHoard,       // announces a body just within the limit and sends all but its last byte
  kHeads,       // a head just within the limit, without its end
  kBody,        // a body of 600 MB, announced
  kChunks,      // a body without end, in chunks
  kHeader,      // a header of 300 MB
  kForged,      // deliveries with wrong signatures, to one source
  kOneAddress,  // the same, all from 127.0.0.2
  kStray,       // requests for unknown paths
  kChurn,       // connects and leaves
};
std::optional<Kind> parse_kind(std::string_view name);
std::string_view to_string(Kind kind);

// Number of connections. For kForged, kOneAddress, kStray and kChurn also the total requests a
// second.
struct Force {
  Kind kind = Kind::kIdle;
  int connections = 1;
  double rate = 0;
};

struct Tally {
  std::uint64_t connects = 0, closed = 0;  // closed: by the server
  std::uint64_t bytes = 0;                 // sent
  std::map<int, std::uint64_t> answers;    // by status
};

class Attackers {
 public:
  // `path` of the attacked source; `body` of a delivery that the source accepts.
  Attackers(std::uint16_t port, std::string path, std::string body);
  ~Attackers();
  Attackers(const Attackers&) = delete;
  Attackers& operator=(const Attackers&) = delete;

  void send(const Force& force);
  // One step of all attackers: sends due bytes and reads answers. Waits at most so long for an
  // event.
  void step(int milliseconds);
  // True if all wanted connections are open.
  bool in_place() const;
  const std::map<Kind, Tally>& tallies() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// Raises the limit of descriptors as far as the system permits.
void raise_descriptors();

}  // namespace baton::siege
