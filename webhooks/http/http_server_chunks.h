#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace baton {

// Decodes the chunked transfer coding (RFC 9112 7.1), strictly: CRLF only, no whitespace around
// sizes. Extensions and trailers are checked and dropped. It exists because an assertion of Beast
// 1.81 fails if a last chunk arrives byte by byte.
class ChunkReader {
 public:
  enum class Step { kMore, kDone, kMalformed, kBodyTooLarge, kLineTooLong };

  void reset(std::size_t max_body);
  // Appends data to `body`. `used` is the number of bytes consumed; the caller passes the rest
  // again.
  Step feed(std::string_view bytes, std::size_t& used, std::string& body);

 private:
  enum class State { kSize, kData, kDataEnd, kTrailer };
  Step take_line(std::string_view rest, std::size_t& length);
  Step take_size(std::string_view line);
  Step take_trailer(std::string_view line);

  State state_ = State::kSize;
  std::uint64_t left_ = 0;      // of the chunk
  std::uint64_t allowed_ = 0;   // of the body
  std::uint64_t overhead_ = 0;  // bytes of sizes, extensions and trailers that may still come
};

}  // namespace baton
