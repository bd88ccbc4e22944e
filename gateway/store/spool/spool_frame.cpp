#include "gateway/store/spool/spool_frame.h"

#include <boost/crc.hpp>

namespace baton {
namespace {

constexpr char kFormat = 1;
constexpr std::size_t kHead = 1 + 4 + 4;

void put_u32(std::string& out, std::uint32_t n) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>((n >> shift) & 0xff);
}

std::uint32_t get_u32(std::string_view bytes) {
  std::uint32_t n = 0;
  for (int i = 3; i >= 0; --i)
    n = (n << 8) | static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)]);
  return n;
}

std::uint32_t crc(std::string_view bytes) {
  boost::crc_32_type sum;
  sum.process_bytes(bytes.data(), bytes.size());
  return sum.checksum();
}

}  // namespace

void append_frame(const IntakeRecord& record, std::string& out) {
  std::string rest;
  rest.reserve(2 + record.id.size() + record.payload.size());
  rest += static_cast<char>(record.id.size() & 0xff);
  rest += static_cast<char>((record.id.size() >> 8) & 0xff);
  rest += record.id;
  rest += record.payload;
  out += kFormat;
  put_u32(out, static_cast<std::uint32_t>(rest.size()));
  put_u32(out, crc(rest));
  out += rest;
}

FramesRead read_frames(std::string_view content, const std::function<void(IntakeRecord&&)>& each) {
  FramesRead read;
  while (content.size() - read.bytes >= kHead) {
    const std::string_view frame = content.substr(read.bytes);
    const std::size_t length = get_u32(frame.substr(1));
    if (frame[0] != kFormat || length < 2 || frame.size() - kHead < length) break;
    const std::string_view rest = frame.substr(kHead, length);
    if (crc(rest) != get_u32(frame.substr(5))) break;
    const std::size_t id = static_cast<unsigned char>(rest[0]) |
                           (static_cast<std::size_t>(static_cast<unsigned char>(rest[1])) << 8);
    if (2 + id > rest.size()) break;
    each({std::string(rest.substr(2, id)), std::string(rest.substr(2 + id))});
    ++read.records;
    read.bytes += kHead + length;
  }
  return read;
}

}  // namespace baton
