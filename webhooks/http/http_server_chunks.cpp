#include "webhooks/http/http_server_chunks.h"

#include <strings.h>

#include <algorithm>

namespace baton {
namespace {

constexpr std::size_t kLongestLine = 4096;

bool printable(std::string_view s) {
  return std::all_of(s.begin(), s.end(), [](char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  });
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Fields that determine how to read or route a message must not be trailers (RFC 9110 6.5.1).
bool forbidden_trailer(std::string_view name) {
  for (const std::string_view bad : {"content-length", "transfer-encoding", "host", "content-type",
                                     "content-encoding", "authorization", "trailer", "expect"}) {
    if (bad.size() == name.size() && strncasecmp(bad.data(), name.data(), bad.size()) == 0)
      return true;
  }
  return false;
}

}  // namespace

void ChunkReader::reset(std::size_t max_body) {
  state_ = State::kSize;
  left_ = 0;
  allowed_ = max_body;
  overhead_ = 8 * static_cast<std::uint64_t>(max_body) + 16 * 1024;
}

// The length of the line including its CRLF.
ChunkReader::Step ChunkReader::take_line(std::string_view rest, std::size_t& length) {
  const auto end = rest.substr(0, kLongestLine).find('\n');
  if (end == std::string_view::npos)
    return rest.size() >= kLongestLine ? Step::kLineTooLong : Step::kMore;
  length = end + 1;
  if (end == 0 || rest[end - 1] != '\r' || !printable(rest.substr(0, end - 1)))
    return Step::kMalformed;
  if (length > overhead_) return Step::kBodyTooLarge;
  overhead_ -= length;
  return Step::kDone;
}

ChunkReader::Step ChunkReader::take_size(std::string_view line) {
  std::size_t digits = 0;
  left_ = 0;
  for (; digits < line.size() && hex_digit(line[digits]) >= 0; ++digits) {
    if (digits == 15) return Step::kMalformed;
    left_ = left_ * 16 + static_cast<std::uint64_t>(hex_digit(line[digits]));
  }
  if (digits == 0 || (digits < line.size() && line[digits] != ';')) return Step::kMalformed;
  if (left_ > allowed_) return Step::kBodyTooLarge;
  allowed_ -= left_;
  state_ = left_ == 0 ? State::kTrailer : State::kData;
  return Step::kDone;
}

ChunkReader::Step ChunkReader::take_trailer(std::string_view line) {
  if (line.empty()) return Step::kDone;
  const auto colon = line.find(':');
  const auto name = line.substr(0, colon);
  if (colon == std::string_view::npos || name.empty() ||
      name.find_first_of(" \t") != std::string_view::npos || forbidden_trailer(name))
    return Step::kMalformed;
  return Step::kMore;
}

ChunkReader::Step ChunkReader::feed(std::string_view bytes, std::size_t& used, std::string& body) {
  for (;;) {
    const auto rest = bytes.substr(used);
    if (state_ == State::kData) {
      const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(left_, rest.size()));
      body.append(rest.substr(0, n));
      used += n;
      left_ -= n;
      if (left_ > 0) return Step::kMore;
      state_ = State::kDataEnd;
      continue;
    }
    if (state_ == State::kDataEnd) {
      if (!rest.empty() && rest[0] != '\r') return Step::kMalformed;
      if (rest.size() < 2) return Step::kMore;
      if (rest[1] != '\n') return Step::kMalformed;
      used += 2;
      state_ = State::kSize;
      continue;
    }
    std::size_t length = 0;
    if (const auto step = take_line(rest, length); step != Step::kDone) return step;
    const auto line = rest.substr(0, length - 2);
    used += length;
    const bool trailer = state_ == State::kTrailer;
    const auto step = trailer ? take_trailer(line) : take_size(line);
    if (step == Step::kMalformed || step == Step::kBodyTooLarge || (trailer && step == Step::kDone))
      return step;
  }
}

}  // namespace baton
