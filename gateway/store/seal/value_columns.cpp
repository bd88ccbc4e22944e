#include "gateway/store/seal/value_columns.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

#include "mapping/instant.h"

namespace baton {
namespace {

constexpr unsigned char kHex = 0xFF, kAgain = 0xFE, kInstant = 0xFD, kByte = 0xFC;
constexpr std::size_t kFewestDigits = 16;  // shorter ones are usually words or numbers
constexpr std::size_t kMostBytes = 255;
constexpr std::size_t kMostKnown = 250;                   // values that can be repeated
constexpr std::size_t kSeconds = 20, kMilliseconds = 24;  // characters of an instant

enum class Class : std::uint8_t { kPlain, kDigit, kEnd, kMarker };  // kEnd: Z, as instants end

constexpr std::array<Class, 256> kClasses = [] {
  std::array<Class, 256> classes{};
  for (unsigned c = '0'; c <= '9'; ++c) classes[c] = Class::kDigit;
  for (unsigned c = 'a'; c <= 'f'; ++c) classes[c] = Class::kDigit;
  for (unsigned c = kByte; c <= kHex; ++c) classes[c] = Class::kMarker;
  classes['Z'] = Class::kEnd;
  return classes;
}();

constexpr unsigned digit(char c) {
  return c <= '9' ? static_cast<unsigned>(c - '0') : static_cast<unsigned>(c - 'a' + 10);
}

void append_varint(std::string& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) out += static_cast<char>(number | 0x80);
  out += static_cast<char>(number);
}

// Uses the first digits, which are random in an id or a hash.
std::uint8_t hash_of(std::string_view value) {
  std::uint64_t digits = 0;
  std::memcpy(&digits, value.data(), sizeof digits);
  return static_cast<std::uint8_t>(digits * 0x9E37'79B9'7F4A'7C15ULL >> 56);
}

std::optional<Instant> instant_of(std::string_view text) {
  if (text[4] != '-' || text[10] != 'T') return std::nullopt;
  const auto at = parse_rfc3339(text);
  std::array<char, kInstantLength> again;
  if (!at || at->ms < 0 || std::string_view(again.data(), write_rfc3339(again.data(), *at)) != text)
    return std::nullopt;
  return at;
}

class Separator {
 public:
  Separator(std::string_view text, ValueColumns& out) : text_(text), out_(out) {}

  void run() {
    std::size_t digits = 0;  // length of the current run of digits
    for (std::size_t i = 0; i < text_.size(); ++i) {
      const auto what = kClasses[static_cast<unsigned char>(text_[i])];
      if (what == Class::kDigit) {
        ++digits;
        continue;
      }
      if (digits >= kFewestDigits) take_hex(i - digits, digits);
      digits = 0;
      if (what == Class::kEnd) take_instant(i + 1);
      if (what == Class::kMarker) take_marker(i);
    }
    if (digits >= kFewestDigits) take_hex(text_.size() - digits, digits);
    copy_until(text_.size());
  }

 private:
  void copy_until(std::size_t end) {
    out_.rest.append(text_, done_, end - done_);
    done_ = end;
  }

  void mark(unsigned char marker) { out_.rest += static_cast<char>(marker); }

  void take_hex(std::size_t begin, std::size_t digits) {
    for (copy_until(begin); digits >= kFewestDigits;) {
      const auto taken = std::min(digits / 2, kMostBytes) * 2;
      take_value(text_.substr(done_, taken));
      done_ += taken;
      digits -= taken;
    }
  }

  void take_value(std::string_view value) {
    // Only the newest value of a hash is kept; a value that it displaced is written again.
    auto& newest = newest_[hash_of(value)];
    if (newest != 0 && known_[newest - 1U] == value) {
      mark(kAgain), mark(static_cast<unsigned char>(newest - 1));
      return;
    }
    if (known_.size() < kMostKnown) {
      known_.push_back(value);
      newest = static_cast<std::uint8_t>(known_.size());
    }
    mark(kHex), mark(static_cast<unsigned char>(value.size() / 2));
    for (std::size_t i = 0; i < value.size(); i += 2)
      out_.values += static_cast<char>(digit(value[i]) << 4 | digit(value[i + 1]));
  }

  // Takes an instant that ends here, with or without milliseconds.
  void take_instant(std::size_t end) {
    for (const auto length : {kMilliseconds, kSeconds}) {
      if (end < done_ + length) continue;
      const auto at = instant_of(text_.substr(end - length, length));
      if (!at) continue;
      copy_until(end - length);
      done_ = end;
      mark(kInstant);
      const auto moved = at->ms - last_;
      append_varint(out_.values, static_cast<std::uint64_t>(moved) << 1 ^
                                     static_cast<std::uint64_t>(moved >> 63));
      last_ = at->ms;
      return;
    }
  }

  void take_marker(std::size_t at) {
    copy_until(at);
    mark(kByte);
    copy_until(at + 1);
  }

  std::string_view text_;
  ValueColumns& out_;
  std::vector<std::string_view> known_;
  std::array<std::uint8_t, 256> newest_{};  // by hash: index in known_ plus 1; 0: none
  std::size_t done_ = 0;
  std::int64_t last_ = 0;
};

class Restorer {
 public:
  Restorer(std::string_view rest, std::string_view values, std::size_t most, std::string& text)
      : rest_(rest), values_(values), most_(most), text_(text) {}

  bool run() {
    for (std::size_t i = 0; i < rest_.size() && text_.size() <= most_;) {
      std::size_t plain = i;
      while (plain < rest_.size() &&
             kClasses[static_cast<unsigned char>(rest_[plain])] != Class::kMarker)
        ++plain;
      text_.append(rest_, i, plain - i);
      i = plain;
      if (i < rest_.size() && !give(static_cast<unsigned char>(rest_[i]), i)) return false;
    }
    return text_.size() <= most_ && values_.empty();
  }

 private:
  bool give(unsigned char marker, std::size_t& i) {
    ++i;
    if (marker == kInstant) return restore_instant();
    if (i == rest_.size()) return false;
    const auto with = static_cast<unsigned char>(rest_[i++]);
    if (marker == kHex) return restore_value(with);
    if (marker == kAgain) return restore_repeat(with);
    text_ += static_cast<char>(with);
    return with >= kByte;
  }

  bool restore_value(std::size_t bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    if (bytes > values_.size()) return false;
    known_.emplace_back(text_.size(), bytes * 2);
    for (const char c : values_.substr(0, bytes)) {
      text_ += kDigits[static_cast<unsigned char>(c) >> 4];
      text_ += kDigits[static_cast<unsigned char>(c) & 15];
    }
    values_.remove_prefix(bytes);
    return true;
  }

  bool restore_repeat(std::size_t k) {
    if (k >= known_.size()) return false;
    text_.append(text_, known_[k].first, known_[k].second);
    return true;
  }

  bool restore_instant() {
    std::uint64_t number = 0;
    for (int shift = 0;; shift += 7) {
      if (values_.empty() || shift > 63) return false;
      const auto byte = static_cast<unsigned char>(values_.front());
      values_.remove_prefix(1);
      number |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) break;
    }
    last_ += number >> 1 ^ (~(number & 1) + 1);
    constexpr std::uint64_t kEnd = 253'402'300'800'000;  // of the year 9999
    if (last_ >= kEnd) return false;
    append_rfc3339(text_, Instant{static_cast<std::int64_t>(last_)});
    return true;
  }

  std::string_view rest_, values_;
  std::size_t most_;
  std::string& text_;
  std::vector<std::pair<std::size_t, std::size_t>> known_;
  std::uint64_t last_ = 0;
};

}  // namespace

void ValueColumns::take(std::string_view text) {
  rest.clear(), values.clear();
  rest.reserve(text.size());
  Separator(text, *this).run();
}

bool put_values_back(std::string_view rest, std::string_view values, std::size_t most,
                     std::string& text) {
  return Restorer(rest, values, most, text).run();
}

}  // namespace baton
