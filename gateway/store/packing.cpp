#include "gateway/store/packing.h"

#include <cstring>
#include <memory>

#include <zstd.h>

#include "mapping/embedded.h"

namespace baton {
namespace {

constexpr char kPacked = 2;
constexpr char kDictionary = 1;
constexpr std::string_view kDictionaryFile = "gateway/store/data/packing-1.dict";
constexpr std::string_view kMagic("\x28\xB5\x2F\xFD", 4);  // RFC 8878 3.1.1
constexpr std::size_t kHead = 2;
constexpr int kLevel = 1;  // with a dictionary higher ones gain little and cost much
constexpr std::size_t kLongest = 64U << 20;

std::string_view dictionary() {
  for (const auto& file : embedded_store()) {
    if (file.path == kDictionaryFile) return file.content;
  }
  return {};
}

struct Free {
  void operator()(ZSTD_CCtx* c) const { ZSTD_freeCCtx(c); }
  void operator()(ZSTD_DCtx* c) const { ZSTD_freeDCtx(c); }
  void operator()(ZSTD_CDict* d) const { ZSTD_freeCDict(d); }
  void operator()(ZSTD_DDict* d) const { ZSTD_freeDDict(d); }
};

// The digested dictionary is shared and only read; contexts are a thread's own.
const ZSTD_CDict* writing() {
  static const std::unique_ptr<ZSTD_CDict, Free> digested(
      ZSTD_createCDict(dictionary().data(), dictionary().size(), kLevel));
  return digested.get();
}

const ZSTD_DDict* reading() {
  static const std::unique_ptr<ZSTD_DDict, Free> digested(
      ZSTD_createDDict(dictionary().data(), dictionary().size()));
  return digested.get();
}

ZSTD_CCtx* writer() {
  static thread_local const std::unique_ptr<ZSTD_CCtx, Free> context = [] {
    std::unique_ptr<ZSTD_CCtx, Free> made(ZSTD_createCCtx());
    // Which dictionary it was stands in our head; whether it is whole, the seal says.
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

Error damaged() { return error(Errc::kInvalidInput, "not what packing wrote"); }

}  // namespace

std::string pack(std::string_view text) {
  const std::size_t room = ZSTD_compressBound(text.size());
  // The head takes the place of the magic number's last bytes.
  constexpr std::size_t kCut = kMagic.size() - kHead;
  thread_local std::string buffer;
  if (buffer.size() < room) buffer.resize(room);
  const std::size_t size = ZSTD_compress2(writer(), buffer.data(), buffer.size(), text.data(), text.size());
  if (ZSTD_isError(size)) return std::string(text);
  buffer[kCut] = kPacked;
  buffer[kCut + 1] = kDictionary;
  return buffer.substr(kCut, size - kCut);
}

Result<std::string> unpack(std::string_view bytes) {
  if (bytes.empty() || bytes[0] != kPacked) return std::string(bytes);
  if (bytes.size() < kHead || bytes[1] != kDictionary) return damaged();
  thread_local std::string frame;
  frame.assign(kMagic);
  frame.append(bytes.substr(kHead));
  const auto size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kLongest) return damaged();
  std::string text(size, '\0');
  const auto got = ZSTD_decompress_usingDDict(reader(), text.data(), text.size(), frame.data(), frame.size(), reading());
  if (ZSTD_isError(got) || got != size) return damaged();
  return text;
}

}  // namespace baton
