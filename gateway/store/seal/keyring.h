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

// Keys and sealing. Personal values are sealed by a key of their person; raw bodies and spool
// frames by a key of their day and node. The master key, which is never in Redis, wraps both.
// Destroying a wrapped key makes everything sealed by it unreadable, including copies.
//
// The cipher is AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D; a key seals far fewer than
// 2^32 texts). The place of the text (document id, key id) is authenticated, so a sealed text
// cannot be moved. Thread-safe.

using Key = std::array<unsigned char, 32>;

// Sealed text is: format byte 1, nonce (12), ciphertext, tag (16).
std::string seal(const Key& key, std::string_view plain, std::string_view place,
                 Random& random = system_random());
Result<std::string> unseal(const Key& key, std::string_view sealed, std::string_view place);
constexpr std::size_t kSealOverhead = 1 + 12 + 16;

// HMAC-SHA256, raw bytes.
std::string hmac_sha256(std::string_view key, std::string_view text);
bool equal_in_constant_time(std::string_view a, std::string_view b);

class Keyring {
 public:
  // Opens the keyring. `configured` is the master key as 64 hex digits or base64 of 32 bytes. If it
  // is empty, <folder>/master.key is read, or created with mode 0600. Day keys are stored in the
  // folder too.
  static Result<std::unique_ptr<Keyring>> open(const std::string& folder,
                                               std::string_view configured);

  // Returns a new person key and sets `wrapped` to its wrapped form; unwrap needs the same id.
  Key new_key(std::string_view id, std::string& wrapped) const;
  Result<Key> unwrap(std::string_view wrapped, std::string_view id) const;

  // Returns a subkey for a use other than encryption: "claims", "action-links", "receipts".
  std::string subkey(std::string_view use) const;

  // Returns the day key to seal with now, and writes it to the folder if the day is new. `id` is
  // set to the key's id for the envelope.
  Result<Key> day_key(Instant now, std::string& id);
  // Returns a day key by id, from memory or the folder. Fails with kNotFound if this node never had
  // it: ask the store and adopt it.
  Result<Key> day_key(std::string_view id);
  // The wrapped form, for sharing with other nodes and for adopting theirs.
  Result<std::string> wrapped_day_key(std::string_view id) const;
  Status adopt_day_key(std::string_view id, std::string_view wrapped);
  // Destroys day keys older than `keep` days and returns their ids. The caller must also delete
  // shared copies; everything these keys sealed is unreadable afterwards.
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
