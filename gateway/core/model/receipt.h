#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

namespace baton {

struct Lead;

// The receipts of a lead's handovers end "that lead never arrived". Each state that a handover
// comes into makes one: canonical JSON (RFC 8785) that names what it is, when, why, and the hash of
// the receipt before. So they are a chain, one a lead, from the first owner asked for to the last
// answer. The chain of a hand-on goes on where that of the handover before ended. What was offered
// stands in full in the receipt of the offer, without a value that names the person.

inline constexpr int kReceiptVersion = 2;  // 1: only the offer had one, without a chain

struct Receipt {
  std::string canonical_json;
  std::string hash;  // SHA-256, hex
};

Receipt make_receipt(std::string canonical_json);

// The hash of the newest receipt of a lead's chain, "" where there is none.
std::string_view newest_receipt(const Lead& lead);

// A key that receipts are sealed by: HMAC-SHA256 as hex of a text, and which key it is.
struct ReceiptKey {
  std::string id;
  std::function<std::string(std::string_view)> hmac;
};
// The seal of a receipt, made where its decision is committed.
std::string seal_receipt(const ReceiptKey& key, std::string_view hash);

// A chain as it leaves the house: a line of canonical JSON a receipt,
//   {"hash":"..","key":"..","receipt":{..},"seal":".."}
// oldest first, and a last line that says where it ends, so that none can be taken away:
//   {"chain":{"after":"..","at":"..","count":n,"head":"..","lead":"..","version":2},"key":"..","seal":".."}
// `after` is what the first one names as the receipt before, where the chain is part of a longer
// one.
boost::json::object receipt_line(boost::json::object receipt, std::string_view hash,
                                 std::string_view key_id, std::string_view seal);
boost::json::object closing_line(boost::json::object chain, const ReceiptKey& key);

struct ReceiptVerdict {
  std::size_t line = 0;  // of the first link that is broken, from 1
  std::string problem;   // what is wrong with it; "": nothing is
  std::size_t receipts = 0;
  std::size_t unsealed = 0;  // of format 1, from before there were seals
  std::string head;          // hash of the last one
};
// Checks canonical form, hashes, chain and end; the seals where there is a key.
ReceiptVerdict verify_receipts(std::string_view lines, const ReceiptKey* key);

}  // namespace baton
