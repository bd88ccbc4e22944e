#include <zlib.h>

#include <algorithm>
#include <string>

#include "tests/fuzz/fuzz.h"
#include "webhooks/http/inflate.h"

namespace baton::fuzz {
namespace {

constexpr InflateLimits kLimits{16 * 1024, 20, 512};

std::size_t most(std::string_view bytes) {
  return std::min(kLimits.max_bytes, std::max(kLimits.free_bytes, bytes.size() * kLimits.ratio));
}

std::string deflated(std::string_view plain, int window) {
  z_stream z{};
  if (deflateInit2(&z, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string out(deflateBound(&z, plain.size()) + 64, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  z.avail_in = static_cast<uInt>(plain.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

void undo_foreign(std::string_view bytes, Coding coding) {
  std::string out = "left over";
  const auto result = inflate_body(bytes, coding, kLimits, out);
  require(out.size() <= (coding == Coding::kIdentity ? kLimits.max_bytes : most(bytes)),
          "the output never grows beyond the limits");
  std::string again;
  require(inflate_body(bytes, coding, kLimits, again) == result && again == out,
          "the same bytes give the same body");
}

void undo_own(std::string_view plain, int window, Coding coding) {
  const auto packed = deflated(plain, window);
  std::string out;
  const auto result = inflate_body(packed, coding, kLimits, out);
  if (plain.size() <= most(packed)) {
    require(result == Inflated::kOk && out == plain, "compressed bytes are restored");
  } else {
    require(result == Inflated::kTooLarge, "bytes beyond the limits are refused");
  }
  if (packed.empty()) return;
  std::string cut;
  require(inflate_body(std::string_view(packed).substr(0, packed.size() - 1), coding, kLimits,
                       cut) != Inflated::kOk,
          "a body that is cut is refused");
}

void run(std::string_view bytes) {
  Input input(bytes);
  switch (input.pick(7)) {
    case 0:
      return undo_foreign(input.rest(), Coding::kGzip);
    case 1:
      return undo_foreign(input.rest(), Coding::kDeflate);
    case 2:
      return undo_foreign(input.rest(), Coding::kIdentity);
    case 3:
      return undo_own(input.rest(), 15 + 16, Coding::kGzip);
    case 4:
      return undo_own(input.rest(), 15, Coding::kDeflate);
    case 5:
      return undo_own(input.rest(), -15, Coding::kDeflate);
    default: {
      const auto coding = parse_coding(input.rest());
      require(!coding || *coding != Coding::kIdentity || input.rest().empty() ||
                  input.rest().size() == 8,
              "only identity is identity");
    }
  }
}

const Target kTarget("inflate", run);

}  // namespace
}  // namespace baton::fuzz
