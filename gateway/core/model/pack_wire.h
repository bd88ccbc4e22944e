#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

namespace baton {

// The bytes of packed documents (pack.h).

enum class WireKind : std::uint8_t { kNumber, kText, kAgain, kStruct };

constexpr std::uint64_t zigzag(std::int64_t n) {
  return static_cast<std::uint64_t>(n) << 1 ^ static_cast<std::uint64_t>(n >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t n) {
  return static_cast<std::int64_t>(n >> 1 ^ (~(n & 1) + 1));
}
// These wrap around instead of overflowing, because a damaged document can contain any number.
constexpr std::int64_t distance(std::int64_t from, std::int64_t to) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(to) -
                                   static_cast<std::uint64_t>(from));
}
constexpr std::int64_t moved(std::int64_t from, std::int64_t by) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(from) +
                                   static_cast<std::uint64_t>(by));
}
void append_varint(std::string& out, std::uint64_t number);

class WireWriter {
 public:
  // Appends to `out`, which begins with a version byte. Offsets count from that byte.
  explicit WireWriter(std::string& out) : out_(out) {}

  // Makes the texts of the document at the beginning of `out` known, so that they are not repeated.
  void know_texts(std::size_t document_size);

  void number(std::uint32_t place, std::uint64_t value);
  void text(std::uint32_t place, std::string_view text);
  void words(std::uint32_t place, const std::vector<std::uint64_t>& words);
  void json(std::uint32_t place, const boost::json::object& object);
  void begin(std::uint32_t place) { key(place, WireKind::kStruct); }
  void end() { out_ += '\0'; }

 private:
  void key(std::uint32_t place, WireKind kind) {
    append_varint(out_, std::uint64_t{place} * 4 + static_cast<std::uint64_t>(kind));
  }

  std::string& out_;
  std::array<std::uint32_t, 256> seen_{};  // offset of the newest text by hash; 0: none
};

// Reads one key after the other. After the first fault it is at the end and returns nothing.
class WireReader {
 public:
  // `version`: offset of the version byte. The bytes before it are only referred to.
  explicit WireReader(std::string_view bytes, std::size_t version = 0)
      : bytes_(bytes), at_(version + 1) {}

  bool ok() const { return ok_; }
  std::uint64_t varint();
  void next();                     // reads the next key
  void seek(std::uint32_t place);  // skips the members before this place
  bool is_at(std::uint32_t place) const { return place_ == place; }
  void seek_end();  // skips to the end of the struct
  bool enter();     // returns false and skips the value if it is no struct

  // Each reads the value at the key. A value of another kind is skipped and leaves `out` as it was.
  std::uint64_t number();
  void text(std::string& out);
  void words(std::vector<std::uint64_t>& out);
  void json(boost::json::object& out);

 private:
  std::string_view take_text();
  std::string_view text_from(std::size_t& at);
  void skip(int depth);
  void fail();

  std::string_view bytes_;
  std::size_t at_;
  std::uint32_t place_ = 0;
  WireKind kind_ = WireKind::kNumber;
  bool ok_ = true;
};

}  // namespace baton
