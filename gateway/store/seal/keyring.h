#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/platform/random.h"
#include "mapping/instant.h"
#include "mapping/result.h"

namespace baton {

// Keys and sealing. Personal values lie under a key of their own person, raw bodies and spool
// frames under a key of their day and node; both are wrapped by the master key, which is never in
// Redis. Destroying a wrapped key destroys everything under it, wherever copies are. AES-256-GCM
// with a random 96-bit nonce (NIST SP 800-38D; a key seals far fewer than 2^32 texts); the text's
// place (document id, key id) is authenticated, so a sealed text cannot be moved. Thread-safe.

using Key = std::array<unsigned char, 32>;

// Sealed text: format byte 1, nonce (12), ciphertext, tag (16).
std::string seal(const Key& key, std::string_view plain, std::string_view place,
                 Random& random = system_random());
Result<std::string> unseal(const Key& key, std::string_view sealed, std::string_view place);
constexpr std::size_t kSealOverhead = 1 + 12 + 16;

// HMAC-SHA256, raw bytes.
std::string hmac_sha256(std::string_view key, std::string_view text);
bool equal_in_constant_time(std::string_view a, std::string_view b);

class Keyring {
 public:
  // `configured`: the master key as 64 hex digits or base64 of 32 bytes; where empty the file
  // <folder>/master.key is read, or made with mode 0600. Day keys live in the folder too.
  static Result<std::unique_ptr<Keyring>> open(const std::string& folder,
                                               std::string_view configured);

  // A fresh person key and its wrapping; unwrapping needs the same id.
  Key new_key(std::string_view id, std::string& wrapped) const;
  Result<Key> unwrap(std::string_view wrapped, std::string_view id) const;

  // Subkeys for uses that are not encryption: "claims", "action-links", "receipts".
  std::string subkey(std::string_view use) const;

  // The day key to seal with now, minted and written to the folder where the day is new; `id` goes
  // into the envelope.
  Result<Key> day_key(Instant now, std::string& id);
  // By id, from memory or the folder; kNotFound where this node never had it (ask the store,
  // adopt).
  Result<Key> day_key(std::string_view id);
  // The wrapped form for sharing with other nodes, and taking theirs.
  Result<std::string> wrapped_day_key(std::string_view id) const;
  Status adopt_day_key(std::string_view id, std::string_view wrapped);
  // Destroys day keys older than `keep` days and tells which: copies that were shared have to go
  // too, then what they sealed is unreadable.
  std::vector<std::string> forget_day_keys(Instant now, int keep);

 private:
  explicit Keyring(std::string folder, Key master) : folder_(std::move(folder)), master_(master) {}

  std::string folder_;
  Key master_;
  mutable std::mutex mutex_;
  std::map<std::string, Key, std::less<>> day_keys_;
  std::string today_, today_id_;
};

}  // namespace baton
