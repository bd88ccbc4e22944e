#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace baton::siege {

// Strangers who want the public listener down. They come from 127.0.0.2 to 127.0.0.254, so that
// honest senders, who come from 127.0.0.1, are told apart from them by address as on the internet.
enum class Kind {
  kIdle,        // connects and says nothing
  kHalf,        // half a head, then a byte a second
  kHoard,       // announces a body just within the limit, sends all but its last byte
  kHeads,       // a head just within the limit, without its end
  kBody,        // a body of 600 MB, announced
  kChunks,      // a body that never ends, unannounced
  kHeader,      // a header of 300 MB
  kForged,      // deliveries with signatures that do not fit, to one source
  kOneAddress,  // the same, all from 127.0.0.2
  kStray,       // requests for what is not there
  kChurn,       // connects and leaves
};
std::optional<Kind> parse_kind(std::string_view name);
std::string_view to_string(Kind kind);

// So many connections; of kForged, kOneAddress, kStray and kChurn so many requests a second in all.
struct Force {
  Kind kind = Kind::kIdle;
  int connections = 1;
  double rate = 0;
};

struct Tally {
  std::uint64_t connects = 0, closed = 0;  // closed: by the other side
  std::uint64_t bytes = 0;                 // sent
  std::map<int, std::uint64_t> answers;    // by status
};

class Attackers {
 public:
  // `path` of the source that is attacked; `body` of a delivery as it takes them.
  Attackers(std::uint16_t port, std::string path, std::string body);
  ~Attackers();
  Attackers(const Attackers&) = delete;
  Attackers& operator=(const Attackers&) = delete;

  void send(const Force& force);
  // One step of all of them: what is due, and what came back; waits at most so long for something.
  void step(int milliseconds);
  // Whether as many are connected as were asked for.
  bool in_place() const;
  const std::map<Kind, Tally>& tallies() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// As many descriptors as the system gives.
void raise_descriptors();

}  // namespace baton::siege
