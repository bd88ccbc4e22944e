#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

namespace baton {

struct Lead;

// The receipts of a lead's handovers prove what was handed over, when and to whom. Each state of a
// handover makes a receipt: canonical JSON (RFC 8785) with the state, the time, the reason and the
// hash of the receipt before. The receipts of a lead are one chain, from the first request for an
// owner to the last answer, over all its handovers. The receipt of an offer contains everything
// that was offered, but no value that names the person.

inline constexpr int kReceiptVersion = 2;  // 1: only the offer had one, without a chain

struct Receipt {
  std::string canonical_json;
  std::string hash;  // SHA-256, hex
};

Receipt make_receipt(std::string canonical_json);

// The hash of the newest receipt in the lead's chain; "" if it has none.
std::string_view newest_receipt(const Lead& lead);

// The key that seals receipts: its id, and HMAC-SHA256 with it, as hex.
struct ReceiptKey {
  std::string id;
  std::function<std::string(std::string_view)> hmac;
};
// The seal of a receipt. It is made when the decision is committed.
std::string seal_receipt(const ReceiptKey& key, std::string_view hash);

// An exported chain has one line of canonical JSON for each receipt,
//   {"hash":"..","key":"..","receipt":{..},"seal":".."}
// oldest first, and a closing line that makes it evident if receipts are removed from the end:
//   {"chain":{"after":"..","at":"..","count":n,"head":"..","lead":"..","version":2},"key":"..","seal":".."}
// `after` is the receipt before the first line if the chain is part of a longer one.
boost::json::object receipt_line(boost::json::object receipt, std::string_view hash,
                                 std::string_view key_id, std::string_view seal);
boost::json::object closing_line(boost::json::object chain, const ReceiptKey& key);

struct ReceiptVerdict {
  std::size_t line = 0;  // of the first problem, from 1
  std::string problem;   // "" : the chain is valid
  std::size_t receipts = 0;
  std::size_t unsealed = 0;  // of format 1, which has no seals
  std::string head;          // hash of the last one
};
// Checks the canonical form, the hashes, the chain and its end, and the seals if a key is given.
ReceiptVerdict verify_receipts(std::string_view lines, const ReceiptKey* key);

}  // namespace baton
