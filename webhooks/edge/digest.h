#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "adapters/engine/source/source.h"

namespace baton {

// The computations behind signatures. OpenSSL's digest interface is confined to digest.cpp.
// Thread-safe: each thread keeps its own contexts, so that no delivery looks up an algorithm.

// Return raw digest bytes over the concatenated pieces; empty if OpenSSL fails, which callers treat
// as "does not match".
std::string hmac(Digest digest, std::string_view key, std::span<const std::string_view> pieces);
std::string plain_hash(Digest digest, std::span<const std::string_view> pieces);

// Encodes as lower-case hex, or base64 with padding.
std::string encode(std::string_view bytes, Encoding encoding);

// Decodes strict RFC 4648 section 4: padded, only the alphabet, no stray bits in the last digit.
std::optional<std::string> decode_base64(std::string_view text);

// Compares in constant time, wherever the texts differ, even if their lengths do.
bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace baton
