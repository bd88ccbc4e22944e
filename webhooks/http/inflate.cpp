#include "webhooks/http/inflate.h"

#include <strings.h>
#include <zlib.h>

#include <algorithm>
#include <array>

namespace baton {
namespace {

constexpr int kGzipWindow = 15 + 16;
constexpr int kZlibWindow = 15;
constexpr int kRawWindow = -15;

bool same_coding(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

class Stream {
 public:
  Stream(std::string_view bytes, int window) {
    z_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    z_.avail_in = static_cast<uInt>(bytes.size());
    ready_ = inflateInit2(&z_, window) == Z_OK;
  }
  ~Stream() {
    if (ready_) inflateEnd(&z_);
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  Inflated run(std::size_t most, bool members, std::string& out) {
    std::array<char, 16 * 1024> chunk;
    if (!ready_) return Inflated::kMalformed;
    for (;;) {
      z_.next_out = reinterpret_cast<Bytef*>(chunk.data());
      z_.avail_out = static_cast<uInt>(chunk.size());
      const int rc = ::inflate(&z_, Z_NO_FLUSH);
      const auto n = chunk.size() - z_.avail_out;
      if (out.size() + n > most) return Inflated::kTooLarge;
      out.append(chunk.data(), n);
      if (rc == Z_STREAM_END) {
        if (z_.avail_in == 0) return Inflated::kOk;
        if (!members || inflateReset(&z_) != Z_OK) return Inflated::kMalformed;
      } else if (rc != Z_OK || (n == 0 && z_.avail_in == 0)) {
        return Inflated::kMalformed;
      }
    }
  }

 private:
  z_stream z_{};
  bool ready_ = false;
};

}  // namespace

std::optional<Coding> parse_coding(std::string_view value) {
  if (value.empty() || same_coding(value, "identity")) return Coding::kIdentity;
  if (same_coding(value, "gzip") || same_coding(value, "x-gzip")) return Coding::kGzip;
  if (same_coding(value, "deflate")) return Coding::kDeflate;
  return std::nullopt;
}

Inflated inflate_body(std::string_view bytes, Coding coding, const InflateLimits& limits,
                      std::string& out) {
  out.clear();
  const auto most =
      std::min(limits.max_bytes, std::max(limits.free_bytes, bytes.size() * limits.ratio));
  if (coding == Coding::kIdentity) {
    if (bytes.size() > limits.max_bytes) return Inflated::kTooLarge;
    out.assign(bytes);
    return Inflated::kOk;
  }
  if (coding == Coding::kGzip) return Stream(bytes, kGzipWindow).run(most, true, out);
  const auto wrapped = Stream(bytes, kZlibWindow).run(most, false, out);
  if (wrapped != Inflated::kMalformed) return wrapped;
  out.clear();
  return Stream(bytes, kRawWindow).run(most, false, out);
}

}  // namespace baton
