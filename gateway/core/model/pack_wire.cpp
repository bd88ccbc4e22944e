#include "gateway/core/model/pack_wire.h"

#include <algorithm>

#include "mapping/json/json.h"

namespace baton {
namespace {

constexpr std::size_t kWorthAgain = 3;  // shorter texts are written again
constexpr int kDeepest = 32;

// Of the beginning: enough to tell the texts of a document apart.
std::uint8_t text_hash_of(std::string_view text) {
  std::uint32_t h = 2166136261U + static_cast<std::uint32_t>(text.size());
  for (const char c : text.substr(0, 48)) h = (h ^ static_cast<unsigned char>(c)) * 16777619U;
  return static_cast<std::uint8_t>(h ^ h >> 8 ^ h >> 16);
}

// The length before a text of the writer's own, which is whole.
std::string_view text_at(std::string_view bytes, std::size_t at) {
  std::size_t length = 0;
  int shift = 0;
  for (;; shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes[at++]);
    length |= static_cast<std::size_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return bytes.substr(at, length);
  }
}

}  // namespace

void append_varint(std::string& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) out += static_cast<char>(number | 0x80);
  out += static_cast<char>(number);
}

// Bytes that a writer wrote, or damaged ones: it only has to end.
void WireWriter::know_texts(std::size_t document_size) {
  std::size_t at = 1;
  const auto varint = [&] {
    std::uint64_t number = 0;
    for (int shift = 0; shift < 64 && at < document_size; shift += 7) {
      const auto byte = static_cast<unsigned char>(out_[at++]);
      number |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) break;
    }
    return number;
  };
  for (varint(); at < document_size;) {
    const auto key = varint();
    const auto kind = static_cast<WireKind>(key % 4);
    if (key == 0 || kind == WireKind::kStruct) continue;
    const auto begin = at;
    const auto value = varint();
    if (kind != WireKind::kText) continue;
    if (value > document_size - at) return;
    if (value >= kWorthAgain)
      seen_[text_hash_of({out_.data() + at, value})] = static_cast<std::uint32_t>(begin);
    at += value;
  }
}

void WireWriter::number(std::uint32_t place, std::uint64_t value) {
  key(place, WireKind::kNumber);
  append_varint(out_, value);
}

void WireWriter::text(std::uint32_t place, std::string_view text) {
  if (text.size() >= kWorthAgain) {
    auto& seen = seen_[text_hash_of(text)];
    if (seen != 0 && text_at(out_, seen) == text) {
      key(place, WireKind::kAgain);
      return append_varint(out_, seen);
    }
    key(place, WireKind::kText);
    seen = static_cast<std::uint32_t>(out_.size());
  } else {
    key(place, WireKind::kText);
  }
  append_varint(out_, text.size());
  out_ += text;
}

void WireWriter::words(std::uint32_t place, const std::vector<std::uint64_t>& words) {
  key(place, WireKind::kText);
  append_varint(out_, words.size() * 8);
  for (const auto word : words) {
    for (int shift = 0; shift < 64; shift += 8) out_ += static_cast<char>(word >> shift);
  }
}

void WireWriter::json(std::uint32_t place, const json::object& object) {
  const auto text = json::serialize(object);
  key(place, WireKind::kText);
  append_varint(out_, text.size());
  out_ += text;
}

void WireReader::fail() {
  ok_ = false;
  at_ = bytes_.size();
  place_ = 0;
}

std::uint64_t WireReader::varint() {
  std::uint64_t number = 0;
  for (int shift = 0; shift < 64 && at_ < bytes_.size(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes_[at_++]);
    number |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return number;
  }
  fail();
  return 0;
}

void WireReader::next() {
  const auto key = varint();
  if (key / 4 > UINT32_MAX) return fail();
  place_ = static_cast<std::uint32_t>(key / 4);
  kind_ = static_cast<WireKind>(key % 4);
}

void WireReader::seek(std::uint32_t place) {
  while (place_ != 0 && place_ < place) {
    skip(0);
    next();
  }
}

void WireReader::seek_end() {
  while (place_ != 0) {
    skip(0);
    next();
  }
}

bool WireReader::enter() {
  if (kind_ == WireKind::kStruct) return true;
  skip(0);
  return false;
}

void WireReader::skip(int depth) {
  switch (kind_) {
    case WireKind::kNumber:
    case WireKind::kAgain:
      varint();
      return;
    case WireKind::kText:
      text_from(at_);
      return;
    case WireKind::kStruct:
      break;
  }
  if (depth == kDeepest) return fail();
  for (next(); place_ != 0; next()) skip(depth + 1);
}

std::string_view WireReader::text_from(std::size_t& at) {
  const auto back = at_;
  at_ = at;
  const auto length = varint();
  const auto begin = at_;
  if (&at != &at_ && ok_) at_ = back;
  if (!ok_ || length > bytes_.size() - begin) {
    fail();
    return {};
  }
  at = begin + length;
  return bytes_.substr(begin, length);
}

// A reference leads back, never forward.
std::string_view WireReader::take_text() {
  if (kind_ == WireKind::kText) return text_from(at_);
  if (kind_ != WireKind::kAgain) {
    skip(0);
    return {};
  }
  const auto here = at_;
  std::size_t there = varint();
  if (there == 0 || there >= here) {
    fail();
    return {};
  }
  return text_from(there);
}

std::uint64_t WireReader::number() {
  if (kind_ == WireKind::kNumber) return varint();
  skip(0);
  return 0;
}

void WireReader::text(std::string& out) { out = take_text(); }

void WireReader::words(std::vector<std::uint64_t>& out) {
  const auto bytes = take_text();
  for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t word = 0;
    for (std::size_t j = 0; j < 8; ++j)
      word |= std::uint64_t{static_cast<unsigned char>(bytes[i + j])} << (8 * j);
    out.push_back(word);
  }
}

void WireReader::json(json::object& out) {
  auto parsed = parse_json(take_text());
  if (parsed && parsed->is_object()) out = std::move(parsed->get_object());
}

}  // namespace baton
