#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace baton {

enum class Coding { kIdentity, kGzip, kDeflate };

// Parses a Content-Encoding. Empty for unknown or stacked codings, which get 415.
std::optional<Coding> parse_coding(std::string_view value);

enum class Inflated { kOk, kMalformed, kTooLarge };

struct InflateLimits {
  std::size_t max_bytes = 1 << 20;
  std::size_t ratio = 100;             // the output may be this many times the input ...
  std::size_t free_bytes = 64 * 1024;  // ... beyond this size, which is always allowed
};

// Decodes into `out`, which never exceeds the limits. gzip may have several members. "deflate" is
// accepted with and without its zlib wrapper, because senders disagree (RFC 9110 8.4.1.2).
Inflated inflate_body(std::string_view bytes, Coding coding, const InflateLimits& limits,
                      std::string& out);

}  // namespace baton
