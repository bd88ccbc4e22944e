#include "gateway/store/seal/packing.h"

#include <cstring>
#include <memory>
#include <optional>

#include <zstd.h>

#include "gateway/store/seal/value_columns.h"
#include "mapping/schema/embedded.h"

namespace baton {
namespace {

constexpr char kPacked = 2;
constexpr char kFirst = 1, kSecond = 2;  // numbers of dictionaries
constexpr std::string_view kFirstFile = "gateway/store/seal/data/packing-1.dict";
constexpr std::string_view kSecondFile = "gateway/store/seal/data/packing-2.dict";
constexpr std::string_view kMagic("\x28\xB5\x2F\xFD", 4);  // RFC 8878 3.1.1
constexpr std::size_t kHead = 2;
constexpr int kLevel = 3;  // 1.8 times the time at 5, 3.3 times at 6, for 5 and 9 % less
constexpr std::size_t kLongest = 64U << 20;
constexpr std::size_t kMostValues = (1U << 28) - 1;  // what four bytes of length can encode

std::string_view dictionary(std::string_view path) {
  for (const auto& file : embedded_store()) {
    if (file.path == path) return file.content;
  }
  return {};
}

struct Free {
  void operator()(ZSTD_CCtx* c) const { ZSTD_freeCCtx(c); }
  void operator()(ZSTD_DCtx* c) const { ZSTD_freeDCtx(c); }
  void operator()(ZSTD_CDict* d) const { ZSTD_freeCDict(d); }
  void operator()(ZSTD_DDict* d) const { ZSTD_freeDDict(d); }
};

// The digested dictionary is shared and read-only; every thread has its own contexts.
const ZSTD_CDict* writing() {
  static const std::unique_ptr<ZSTD_CDict, Free> digested = [] {
    const auto bytes = dictionary(kSecondFile);
    return std::unique_ptr<ZSTD_CDict, Free>(ZSTD_createCDict(bytes.data(), bytes.size(), kLevel));
  }();
  return digested.get();
}

std::unique_ptr<ZSTD_DDict, Free> digest(std::string_view bytes) {
  return std::unique_ptr<ZSTD_DDict, Free>(ZSTD_createDDict(bytes.data(), bytes.size()));
}

const ZSTD_DDict* reading(char number) {
  static const auto first = digest(dictionary(kFirstFile)),
                    second = digest(dictionary(kSecondFile));
  return number == kFirst ? first.get() : second.get();
}

ZSTD_CCtx* writer() {
  static thread_local const std::unique_ptr<ZSTD_CCtx, Free> context = [] {
    std::unique_ptr<ZSTD_CCtx, Free> made(ZSTD_createCCtx());
    // Our header names the dictionary, and the seal proves that the text is intact.
    ZSTD_CCtx_setParameter(made.get(), ZSTD_c_dictIDFlag, 0);
    ZSTD_CCtx_setParameter(made.get(), ZSTD_c_checksumFlag, 0);
    ZSTD_CCtx_refCDict(made.get(), writing());
    return made;
  }();
  return context.get();
}

ZSTD_DCtx* reader() {
  static thread_local const std::unique_ptr<ZSTD_DCtx, Free> context(ZSTD_createDCtx());
  return context.get();
}

Error damaged() { return error(Errc::kInvalidInput, "not packed data"); }

// Decompresses a frame without its magic number.
Result<std::string> inflated(std::string_view bytes, char number) {
  thread_local std::string frame;
  frame.assign(kMagic);
  frame.append(bytes);
  const auto size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kLongest)
    return damaged();
  std::string text(size, '\0');
  const auto got = ZSTD_decompress_usingDDict(reader(), text.data(), text.size(), frame.data(),
                                              frame.size(), reading(number));
  if (ZSTD_isError(got) || got != size) return damaged();
  return text;
}

// Reads a length of at most four bytes and removes it from the front.
std::optional<std::size_t> take_length(std::string_view& bytes) {
  std::size_t length = 0;
  for (int shift = 0; shift < 28 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    length |= std::size_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return length;
  }
  return std::nullopt;
}

void append_length(std::string& out, std::size_t length) {
  for (; length >= 0x80; length >>= 7) out += static_cast<char>(length | 0x80);
  out += static_cast<char>(length);
}

}  // namespace

std::string pack(std::string_view text) {
  thread_local ValueColumns apart;
  thread_local std::string buffer;
  apart.take(text);
  const std::size_t room = ZSTD_compressBound(apart.rest.size());
  if (buffer.size() < room) buffer.resize(room);
  const std::size_t size =
      ZSTD_compress2(writer(), buffer.data(), buffer.size(), apart.rest.data(), apart.rest.size());
  if (ZSTD_isError(size) || apart.values.size() > kMostValues) return std::string(text);
  std::string packed;
  packed.reserve(kHead + 4 + apart.values.size() + size);
  packed += kPacked;
  packed += kSecond;
  append_length(packed, apart.values.size());
  packed += apart.values;
  packed.append(buffer, kMagic.size(), size - kMagic.size());
  return packed;
}

Result<std::string> unpack(std::string_view bytes) {
  if (bytes.empty() || bytes[0] != kPacked) return std::string(bytes);
  if (bytes.size() < kHead || (bytes[1] != kFirst && bytes[1] != kSecond)) return damaged();
  if (bytes[1] == kFirst) return inflated(bytes.substr(kHead), kFirst);
  bytes.remove_prefix(kHead);
  const auto length = take_length(bytes);
  if (!length || *length > bytes.size()) return damaged();
  const auto rest = inflated(bytes.substr(*length), kSecond);
  if (!rest) return rest;
  std::string text;
  text.reserve(rest->size() + 2 * *length);
  if (!put_values_back(*rest, bytes.substr(0, *length), kLongest, text)) return damaged();
  return text;
}

}  // namespace baton
