#include "gateway/platform/random.h"

#include <array>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>

namespace baton {
namespace {

class SystemRandom final : public Random {
 public:
  // A call costs more than its bytes. Each thread fetches a supply and erases the bytes it hands
  // out.
  void fill(std::span<unsigned char> out) override {
    static thread_local Supply supply;
    if (out.size() > kSmall) return draw(out);
    if (supply.bytes.size() - supply.used < out.size()) {
      draw(supply.bytes);
      supply.used = 0;
    }
    unsigned char* from = supply.bytes.data() + supply.used;
    std::memcpy(out.data(), from, out.size());
    OPENSSL_cleanse(from, out.size());
    supply.used += out.size();
  }

 private:
  static constexpr std::size_t kSmall = 32;
  struct Supply {
    std::array<unsigned char, 1024> bytes{};
    std::size_t used = 1024;
  };

  static void draw(std::span<unsigned char> out) {
    // Without randomness there are no keys and ids, so the program cannot continue.
    if (RAND_bytes(out.data(), static_cast<int>(out.size())) != 1) std::abort();
  }
};

}  // namespace

Random& system_random() {
  static SystemRandom random;
  return random;
}

std::string random_hex(std::size_t bytes, Random& random) {
  std::string raw(bytes, '\0');
  random.fill({reinterpret_cast<unsigned char*>(raw.data()), raw.size()});
  std::string out;
  out.reserve(bytes * 2);
  for (const char c : raw) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

std::uint64_t random_below(std::uint64_t bound, Random& random) {
  std::uint64_t value = 0;
  random.fill({reinterpret_cast<unsigned char*>(&value), sizeof value});
  return bound == 0 ? 0 : value % bound;
}

}  // namespace baton
