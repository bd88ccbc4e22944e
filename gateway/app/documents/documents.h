#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "gateway/app/documents/receipts.h"
#include "gateway/core/decide/decide.h"
#include "gateway/store/seal/keyring.h"
#include "gateway/store/store.h"

namespace baton {

struct Policy;

// An opened person document: the state that decide reads, and what a commit needs to know of its
// origin.
struct OpenPerson {
  PersonState state;
  std::uint64_t version = 0;
  Key key{};
  std::string sealed_key;  // set for a new document; close writes it
  std::string base_text;   // personal part of the first event; the base for compressing later ones
  std::map<std::string, std::string> external_ids;  // destination -> id in that system
};

// Opens and closes documents. Closing serialises the state, compresses it and seals it under the
// person's key, which the master key wraps (I7).
class Documents {
 public:
  explicit Documents(const Keyring& keys)
      : keys_(keys), receipt_key_(baton::receipt_key(keys.subkey("receipts"))) {}

  // One for each id, in order. A person that does not exist yet is an empty state of version 0.
  Result<std::vector<OpenPerson>> load(Store& store, std::span<const std::string> persons) const;
  Result<OpenPerson> open(const PersonId& id, const Document& document) const;

  // Makes this event the base text of a new person. Call it before log_record and close.
  void set_stem(OpenPerson& person, const PersonId& id, const Event& event) const;

  // The commit of a decision. Effects become outbox items, and push marks for `destinations`. `log`
  // is the decision's record (plain part and personal part, see log_record). Each of `task_takers`
  // gets the tasks.
  Commit close(const OpenPerson& before, const Decision& decision,
               std::span<const std::string> destinations, std::string log, Instant now,
               std::span<const std::string> task_takers = {}) const;

  // The contents of an outbox item of this person.
  Result<boost::json::object> open_item(const OpenPerson& person, const OutboxItem& item) const;
  std::string seal_for(const OpenPerson& person, std::string_view plain,
                       std::string_view place) const;
  Result<std::string> unseal_for(const OpenPerson& person, std::string_view sealed,
                                 std::string_view place) const;

  // The key that seals receipts of handovers.
  const ReceiptKey& receipt_key() const { return receipt_key_; }

 private:
  const Keyring& keys_;
  const ReceiptKey receipt_key_;
};

// A record of the decision log: u32 length of the plain part | plain JSON, packed | sealed personal
// part. The plain part identifies no person and stays readable after the person's key is destroyed.
std::string pack_log(std::string_view plain, std::string_view sealed);
struct LogParts {
  std::string plain, sealed;
};
Result<LogParts> unpack_log(std::string_view record);

// The kind of outbox item for a CRM's tasks. Each CRM has a separate kind.
std::string task_queue(std::string_view crm);

}  // namespace baton
