#pragma once

#include <string>
#include <vector>

#include "gateway/core/explain/decision_record.h"
#include "gateway/core/model/receipt.h"
#include "mapping/json/json.h"

namespace baton {

struct LoggedReceipt {
  json::object receipt;
  std::string hash;
};

inline std::vector<LoggedReceipt> receipts_of(const std::vector<DecisionRecord>& log) {
  std::vector<LoggedReceipt> out;
  for (const auto& record : log) {
    for (const auto& reason : record.reasons) {
      if (reason.code == "handover.receipt")
        out.push_back(
            {reason.facts.at("snapshot").as_object(), std::string(text(reason.facts, "hash"))});
    }
  }
  return out;
}

// Not HMAC, which the core does not have; as hard to guess for who does not know the secret.
inline ReceiptKey test_key(const std::string& secret = "secret") {
  return {sha256_hex(secret).substr(0, 8),
          [secret](std::string_view text) { return sha256_hex(secret + std::string(text)); }};
}

// The chain as it is given out. `called`: the id the key gives itself.
inline std::string lines_of(const std::vector<DecisionRecord>& log, ReceiptKey key,
                            const std::string& called = {}) {
  if (!called.empty()) key.id = called;
  std::string lines, head, lead;
  const auto receipts = receipts_of(log);
  for (const auto& r : receipts) {
    lines += canonical(receipt_line(r.receipt, r.hash, key.id, seal_receipt(key, r.hash))) + "\n";
    head = r.hash;
    lead = text(r.receipt, "lead");
  }
  return lines +
         canonical(
             closing_line({{"count", receipts.size()}, {"head", head}, {"lead", lead}}, key)) +
         "\n";
}

}  // namespace baton
