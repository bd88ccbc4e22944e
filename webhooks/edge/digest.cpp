#include "webhooks/edge/digest.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <memory>

namespace baton {
namespace {

struct Free {
  void operator()(EVP_MAC* p) const { EVP_MAC_free(p); }
  void operator()(EVP_MAC_CTX* p) const { EVP_MAC_CTX_free(p); }
  void operator()(EVP_MD* p) const { EVP_MD_free(p); }
  void operator()(EVP_MD_CTX* p) const { EVP_MD_CTX_free(p); }
};
template <class T>
using Handle = std::unique_ptr<T, Free>;

const char* name_of(Digest digest) { return digest == Digest::kSha1 ? "SHA1" : "SHA256"; }

EVP_MAC* hmac_algorithm() {
  static const Handle<EVP_MAC> mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  return mac.get();
}

// Looking up a digest by name costs more than hashing a delivery, so each thread does it once. The
// context keeps its digest when it is initialised again with a key and no parameters.
EVP_MAC_CTX* hmac_context(Digest digest) {
  thread_local std::array<Handle<EVP_MAC_CTX>, 2> contexts;
  auto& context = contexts[digest == Digest::kSha1 ? 0 : 1];
  if (!context) {
    context.reset(EVP_MAC_CTX_new(hmac_algorithm()));
    std::array<OSSL_PARAM, 2> params{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, const_cast<char*>(name_of(digest)),
                                         0),
        OSSL_PARAM_construct_end()};
    if (!context || EVP_MAC_CTX_set_params(context.get(), params.data()) != 1) context.reset();
  }
  return context.get();
}

const EVP_MD* hash_algorithm(Digest digest) {
  static const Handle<EVP_MD> sha1(EVP_MD_fetch(nullptr, "SHA1", nullptr));
  static const Handle<EVP_MD> sha256(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  return digest == Digest::kSha1 ? sha1.get() : sha256.get();
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

int value_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

std::string to_hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

std::string to_base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes_of(bytes),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

}  // namespace

std::string hmac(Digest digest, std::string_view key, std::span<const std::string_view> pieces) {
  EVP_MAC_CTX* context = hmac_context(digest);
  // With an empty key EVP_MAC_init would keep the previous key.
  if (context == nullptr || key.empty()) return {};
  if (EVP_MAC_init(context, bytes_of(key), key.size(), nullptr) != 1) return {};
  for (const auto piece : pieces)
    if (EVP_MAC_update(context, bytes_of(piece), piece.size()) != 1) return {};
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  std::size_t size = 0;
  if (EVP_MAC_final(context, out.data(), &size, out.size()) != 1) return {};
  return {reinterpret_cast<const char*>(out.data()), size};
}

std::string plain_hash(Digest digest, std::span<const std::string_view> pieces) {
  thread_local const Handle<EVP_MD_CTX> context(EVP_MD_CTX_new());
  const EVP_MD* algorithm = hash_algorithm(digest);
  if (!context || algorithm == nullptr) return {};
  if (EVP_DigestInit_ex2(context.get(), algorithm, nullptr) != 1) return {};
  for (const auto piece : pieces)
    if (EVP_DigestUpdate(context.get(), piece.data(), piece.size()) != 1) return {};
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int size = 0;
  if (EVP_DigestFinal_ex(context.get(), out.data(), &size) != 1) return {};
  return {reinterpret_cast<const char*>(out.data()), size};
}

std::string encode(std::string_view bytes, Encoding encoding) {
  return encoding == Encoding::kHex ? to_hex(bytes) : to_base64(bytes);
}

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && !text.empty() && text.back() == '=') text.remove_suffix(1), ++padding;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  unsigned int buffer = 0;
  unsigned int bits = 0;
  for (const char c : text) {
    const int value = value_of(c);
    if (value < 0) return std::nullopt;
    buffer = (buffer << 6U | static_cast<unsigned int>(value)) & 0xFFFFU;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(buffer >> bits & 0xFFU);
  }
  if ((buffer & ((1U << bits) - 1U)) != 0) return std::nullopt;
  return bytes;
}

bool equal_constant_time(std::string_view a, std::string_view b) {
  // Digests have one length, whatever the length of the texts.
  const std::string x = plain_hash(Digest::kSha256, std::span(&a, 1));
  const std::string y = plain_hash(Digest::kSha256, std::span(&b, 1));
  return !x.empty() && x.size() == y.size() && CRYPTO_memcmp(x.data(), y.data(), x.size()) == 0;
}

}  // namespace baton
