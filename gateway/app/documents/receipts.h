#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/explain/decision_record.h"
#include "gateway/core/model/person.h"
#include "gateway/core/model/receipt.h"
#include "mapping/instant.h"
#include "mapping/json/json.h"
#include "mapping/result.h"

namespace baton {

// The keys that receipts are sealed by, and chains as they are given out.

// By the subkey "receipts" of the keyring.
ReceiptKey receipt_key(std::string subkey);
// The subkey as `baton receipt key` prints it: 64 hex digits.
std::string receipt_key_text(std::string_view subkey);
Result<ReceiptKey> receipt_key_from_text(std::string_view hex);

// The chain of one lead, or of one of its handovers, from the log: {"items": [receipt_line...],
// "chain": closing_line}. Where the person's document, which nobody can change without its key,
// still knows the lead, it says which receipt is the newest: what is missing in the log shows.
// kNotFound where the lead has no receipts.
Result<json::object> receipt_chain(const PersonState& person,
                                   const std::vector<DecisionRecord>& records,
                                   std::string_view lead, std::string_view handover,
                                   const ReceiptKey& key, Instant now);

}  // namespace baton
