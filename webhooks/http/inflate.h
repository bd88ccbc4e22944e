#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace baton {

enum class Coding { kIdentity, kGzip, kDeflate };

// The value of Content-Encoding; nothing for unknown or stacked codings, which are answered 415.
std::optional<Coding> parse_coding(std::string_view value);

enum class Inflated { kOk, kMalformed, kTooLarge };

struct InflateLimits {
  std::size_t max_bytes = 1 << 20;
  std::size_t ratio = 100;             // out may be so many times in ...
  std::size_t free_bytes = 64 * 1024;  // ... beyond this much, which is always allowed
};

// Undoes the coding into `out`, which never grows beyond the limits. gzip may have several members;
// "deflate" is taken with and without its zlib wrapper, as senders disagree (RFC 9110 8.4.1.2).
Inflated inflate_body(std::string_view bytes, Coding coding, const InflateLimits& limits,
                      std::string& out);

}  // namespace baton
