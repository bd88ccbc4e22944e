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

// The keys that seal receipts, and chains of receipts for the API.

// From the subkey "receipts" of the keyring.
ReceiptKey receipt_key(std::string subkey);
// The subkey in the format of `baton receipt key`: 64 hex digits.
std::string receipt_key_text(std::string_view subkey);
Result<ReceiptKey> receipt_key_from_text(std::string_view hex);

// The chain of one lead, or of one of its handovers, from the log: {"items": [receipt_line...],
// "chain": closing_line}. The person's document, which cannot be changed without its key, names the
// newest receipt if it still contains the lead, so a gap in the log shows. kNotFound if the lead
// has no receipts.
Result<json::object> receipt_chain(const PersonState& person,
                                   const std::vector<DecisionRecord>& records, const LeadId& lead,
                                   const HandoverId& handover, const ReceiptKey& key, Instant now);

}  // namespace baton
