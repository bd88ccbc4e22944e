#include "gateway/store/seal/keyring.h"

#include <algorithm>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "gateway/platform/files.h"

namespace baton {
namespace {

namespace fs = std::filesystem;

constexpr char kFormat = 1;
constexpr std::size_t kNonce = 12;
constexpr std::size_t kTag = 16;

const EVP_CIPHER* gcm() {
  static const EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  return cipher;
}

// One context for each thread: creating one costs more than sealing a document.
EVP_CIPHER_CTX* context() {
  struct Deleter {
    void operator()(EVP_CIPHER_CTX* c) const { EVP_CIPHER_CTX_free(c); }
  };
  static thread_local const std::unique_ptr<EVP_CIPHER_CTX, Deleter> ctx(EVP_CIPHER_CTX_new());
  return ctx.get();
}

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
std::string_view view(const Key& key) {
  return {reinterpret_cast<const char*>(key.data()), key.size()};
}

std::optional<Key> key_from(std::string_view raw) {
  if (raw.size() != 32) return std::nullopt;
  Key key;
  std::memcpy(key.data(), raw.data(), raw.size());
  return key;
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    int value = 0;
    for (const char c : text.substr(i, 2)) {
      const int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) return std::nullopt;
      value = value * 16 + digit;
    }
    out += static_cast<char>(value);
  }
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() != 44) return std::nullopt;
  std::string out(33, '\0');
  if (EVP_DecodeBlock(bytes(out), bytes(text), 44) != 33 || text.back() != '=') return std::nullopt;
  out.resize(32);
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
    text.remove_suffix(1);
  return text;
}

std::optional<Key> parse_master(std::string_view text) {
  text = trimmed(text);
  auto raw = text.size() == 64 ? from_hex(text) : from_base64(text);
  return raw ? key_from(*raw) : std::nullopt;
}

std::string day_of(Instant now) { return to_rfc3339(now).substr(0, 10); }

// Ids become file names, so only "YYYY-MM-DD-hex" is accepted.
bool is_day_key_id(std::string_view id) {
  return id.size() == 19 && std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-';
         });
}

}  // namespace

std::string seal(const Key& key, std::string_view plain, std::string_view place, Random& random) {
  std::string out(kSealOverhead + plain.size(), '\0');
  out[0] = kFormat;
  random.fill({bytes(out) + 1, kNonce});
  EVP_CIPHER_CTX* ctx = context();
  int n = 0;
  EVP_EncryptInit_ex2(ctx, gcm(), key.data(), bytes(out) + 1, nullptr);
  EVP_EncryptUpdate(ctx, nullptr, &n, bytes(place), static_cast<int>(place.size()));
  EVP_EncryptUpdate(ctx, bytes(out) + 1 + kNonce, &n, bytes(plain), static_cast<int>(plain.size()));
  EVP_EncryptFinal_ex(ctx, bytes(out) + 1 + kNonce + n, &n);
  EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, kTag, bytes(out) + out.size() - kTag);
  return out;
}

Result<std::string> unseal(const Key& key, std::string_view sealed, std::string_view place) {
  if (sealed.size() < kSealOverhead || sealed[0] != kFormat) {
    return error(Errc::kInvalidInput, "not a sealed text of format 1");
  }
  const std::string_view body = sealed.substr(1 + kNonce, sealed.size() - kSealOverhead);
  std::string plain(body.size(), '\0');
  std::string tag(sealed.substr(sealed.size() - kTag));
  EVP_CIPHER_CTX* ctx = context();
  int n = 0;
  EVP_DecryptInit_ex2(ctx, gcm(), key.data(), bytes(sealed) + 1, nullptr);
  EVP_DecryptUpdate(ctx, nullptr, &n, bytes(place), static_cast<int>(place.size()));
  EVP_DecryptUpdate(ctx, bytes(plain), &n, bytes(body), static_cast<int>(body.size()));
  EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, kTag, bytes(tag));
  unsigned char rest[kTag];
  if (EVP_DecryptFinal_ex(ctx, rest, &n) != 1) {
    return error(Errc::kPermanent, "sealed with another key, or changed since");
  }
  return plain;
}

std::string hmac_sha256(std::string_view key, std::string_view text) {
  std::string out(32, '\0');
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes(text), text.size(), bytes(out),
       &size);
  return out;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

Result<std::unique_ptr<Keyring>> Keyring::open(const std::string& folder,
                                               std::string_view configured) {
  if (auto made = make_private_folder(folder); !made) return made.error();
  std::string text(configured);
  const std::string file = folder + "/master.key";
  if (text.empty()) {
    auto read = read_file(file);
    if (read) {
      text = *read;
    } else if (read.error().code == Errc::kNotFound) {
      text = random_hex(32);
      if (auto written = write_file_durably(file, text + "\n", 0600); !written)
        return written.error();
    } else {
      return read.error();
    }
  }
  const auto master = parse_master(text);
  OPENSSL_cleanse(text.data(), text.size());
  if (!master) {
    return error(Errc::kInvalidInput, "the master key must be 64 hex digits or base64 of 32 bytes",
                 configured.empty() ? file : "keys.master_key");
  }
  return std::unique_ptr<Keyring>(new Keyring(folder, *master));
}

Key Keyring::new_key(std::string_view id, std::string& wrapped) const {
  Key key;
  system_random().fill(key);
  wrapped = seal(master_, view(key), id);
  return key;
}

Result<Key> Keyring::unwrap(std::string_view wrapped, std::string_view id) const {
  auto raw = unseal(master_, wrapped, id);
  if (!raw) return raw.error();
  const auto key = key_from(*raw);
  if (!key) return error(Errc::kPermanent, "a wrapped key has the wrong length");
  return *key;
}

std::string Keyring::subkey(std::string_view use) const {
  return hmac_sha256(view(master_), std::string("baton.subkey.") + std::string(use));
}

Result<Key> Keyring::day_key(Instant now, std::string& id) {
  const std::lock_guard lock(mutex_);
  const std::string day = day_of(now);
  if (day != today_) {
    const std::string fresh = day + '-' + random_hex(4);
    std::string wrapped;
    const Key key = new_key(fresh, wrapped);
    if (auto written = write_file_durably(folder_ + "/day-" + fresh, wrapped, 0600); !written)
      return written.error();
    day_keys_[fresh] = key;
    today_ = day;
    today_id_ = fresh;
  }
  id = today_id_;
  return day_keys_.at(id);
}

Result<Key> Keyring::day_key(std::string_view id) {
  const std::lock_guard lock(mutex_);
  if (const auto it = day_keys_.find(id); it != day_keys_.end()) return it->second;
  if (!is_day_key_id(id)) return error(Errc::kInvalidInput, "not a day key id");
  auto wrapped = read_file(folder_ + "/day-" + std::string(id));
  if (!wrapped) return wrapped.error();
  auto key = unwrap(*wrapped, id);
  if (key) day_keys_.emplace(id, *key);
  return key;
}

Result<std::string> Keyring::wrapped_day_key(std::string_view id) const {
  if (!is_day_key_id(id)) return error(Errc::kInvalidInput, "not a day key id");
  return read_file(folder_ + "/day-" + std::string(id));
}

Status Keyring::adopt_day_key(std::string_view id, std::string_view wrapped) {
  if (!is_day_key_id(id)) return error(Errc::kInvalidInput, "not a day key id");
  if (auto key = unwrap(wrapped, id); !key) return key.error();
  return write_file_durably(folder_ + "/day-" + std::string(id), wrapped, 0600);
}

std::vector<std::string> Keyring::forget_day_keys(Instant now, int keep) {
  const std::string oldest = "day-" + day_of(now - days(keep));
  const std::lock_guard lock(mutex_);
  std::vector<std::string> forgotten;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(folder_, ec)) {
    const std::string name = entry.path().filename();
    if (!name.starts_with("day-") || name.substr(0, oldest.size()) >= oldest) continue;
    if (name.ends_with(today_id_) && !today_id_.empty()) continue;
    day_keys_.erase(name.substr(4));
    if (fs::remove(entry.path(), ec)) forgotten.push_back(name.substr(4));
  }
  return forgotten;
}

}  // namespace baton
