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

// A person document, opened: what decide sees, and what a commit needs to know of where it came
// from.
struct OpenPerson {
  PersonState state;
  std::uint64_t version = 0;
  Key key{};
  std::string sealed_key;  // to be written where the document is new
  std::string base_text;   // personal part of the first event; what later texts have in common with
                           // it is not said again
  std::map<std::string, std::string> external_ids;  // destination -> id over there
};

// Opens and closes documents: written by the core, made small, sealed under the person's own key,
// the key wrapped by the master key (I7).
class Documents {
 public:
  explicit Documents(const Keyring& keys)
      : keys_(keys), receipt_key_(baton::receipt_key(keys.subkey("receipts"))) {}

  // One for each id, in order; a person that does not exist yet is an empty state of version 0.
  Result<std::vector<OpenPerson>> load(Store& store, std::span<const std::string> persons) const;
  Result<OpenPerson> open(const std::string& id, const Document& document) const;

  // Makes the event that a person begins with its stem: before log_record and close.
  void set_stem(OpenPerson& person, std::string_view id, const Event& event) const;

  // The commit of a decision. Effects become outbox items and push marks for `destinations`; `log`
  // is the decision's record (plain part and personal part, see log_record). Tasks go to each of
  // `task_takers`, to nobody where there is none.
  Commit close(const OpenPerson& before, const Decision& decision,
               std::span<const std::string> destinations, std::string log, Instant now,
               std::span<const std::string> task_takers = {}) const;

  // What an outbox item of this person says.
  Result<boost::json::object> open_item(const OpenPerson& person, const OutboxItem& item) const;
  std::string seal_for(const OpenPerson& person, std::string_view plain,
                       std::string_view place) const;
  Result<std::string> unseal_for(const OpenPerson& person, std::string_view sealed,
                                 std::string_view place) const;

  // What receipts of handovers are sealed by.
  const ReceiptKey& receipt_key() const { return receipt_key_; }

 private:
  const Keyring& keys_;
  const ReceiptKey receipt_key_;
};

// A record of the decision log: u32 length of the plain part | plain JSON, packed | sealed personal
// part. The plain part identifies nobody and stays readable after the person's key is destroyed.
std::string pack_log(std::string_view plain, std::string_view sealed);
struct LogParts {
  std::string plain, sealed;
};
Result<LogParts> unpack_log(std::string_view record);

// The kind of outbox item that a CRM's tasks are: each CRM works off its own.
std::string task_queue(std::string_view crm);

// Effects as they travel in the outbox.
boost::json::object to_json(const OwnerRequest& request);
Result<OwnerRequest> owner_request_from_json(const boost::json::object& json);
boost::json::object to_json(const PoolUpdate& note);
Result<PoolUpdate> pool_note_from_json(const boost::json::object& json);
boost::json::object to_json(const Notice& notice);
Result<Notice> notice_from_json(const boost::json::object& json);
boost::json::object to_json(const TaskSyncRequested& task);
Result<TaskSyncRequested> task_from_json(const boost::json::object& json);

}  // namespace baton
