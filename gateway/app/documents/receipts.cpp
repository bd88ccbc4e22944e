#include "gateway/app/documents/receipts.h"

#include <algorithm>

#include "gateway/store/seal/keyring.h"

namespace baton {
namespace {

constexpr std::size_t kKeyDigits = 64;

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    out += kDigits[static_cast<unsigned char>(c) >> 4];
    out += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

int digit(char c) {
  return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct Found {
  json::object line;
  std::string hash, previous;
};

// The handover that a receipt is about, or that it led to.
std::string_view handover_of(const json::object& receipt) { return text(receipt, "handover"); }

std::vector<Found> receipts_of(const std::vector<DecisionRecord>& records, const LeadId& lead) {
  std::vector<Found> found;
  for (const auto& record : records) {
    std::size_t nth = 0;
    for (const auto& reason : record.reasons) {
      const auto* snapshot =
          reason.code == "handover.receipt" ? object(reason.facts, "snapshot") : nullptr;
      if (snapshot == nullptr) continue;
      const auto seal =
          nth < record.seals.size() ? std::string_view(record.seals[nth]) : std::string_view();
      ++nth;
      if (text(*snapshot, "lead") != lead) continue;
      const auto hash = text(reason.facts, "hash");
      found.push_back({receipt_line(*snapshot, hash, record.sealed_by, seal), std::string(hash),
                       std::string(text(*snapshot, "previous"))});
    }
  }
  return found;
}

// From the receipt that led to the offer until its last state.
void keep_handover(std::vector<Found>& found, const HandoverId& handover) {
  const auto is_its = [&](const Found& f) {
    return handover_of(f.line.at("receipt").as_object()) == handover;
  };
  auto first = std::find_if(found.begin(), found.end(), is_its);
  auto last = std::find_if(found.rbegin(), found.rend(), is_its).base();
  if (first == found.end()) return found.clear();
  while (first != found.begin() &&
         handover_of(std::prev(first)->line.at("receipt").as_object()).empty())
    --first;
  found.erase(last, found.end());
  found.erase(found.begin(), first);
}

const Lead* lead_of(const PersonState& person, const LeadId& id) {
  if (person.lead && person.lead->id == id) return &*person.lead;
  const auto past = std::find_if(person.past.begin(), person.past.end(),
                                 [&](const Lead& l) { return l.id == id; });
  return past == person.past.end() ? nullptr : &*past;
}

// The newest receipt according to the document; "" if the document does not contain the lead.
std::string_view newest_known(const PersonState& person, const LeadId& lead_id,
                              const HandoverId& handover) {
  const auto* lead = lead_of(person, lead_id);
  if (lead == nullptr) return {};
  if (handover.empty()) return newest_receipt(*lead);
  const auto its = std::find_if(lead->handovers.begin(), lead->handovers.end(),
                                [&](const Handover& h) { return h.id == handover; });
  return its == lead->handovers.end() ? std::string_view() : std::string_view(its->receipt);
}

}  // namespace

ReceiptKey receipt_key(std::string subkey) {
  ReceiptKey key;
  key.id = sha256_hex("baton receipt key\n" + subkey).substr(0, 8);
  key.hmac = [subkey = std::move(subkey)](std::string_view text) {
    return to_hex(hmac_sha256(subkey, text));
  };
  return key;
}

std::string receipt_key_text(std::string_view subkey) { return to_hex(subkey); }

Result<ReceiptKey> receipt_key_from_text(std::string_view hex) {
  while (!hex.empty() && (hex.back() == '\n' || hex.back() == '\r' || hex.back() == ' '))
    hex.remove_suffix(1);
  std::string raw;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    if (digit(hex[i]) < 0 || digit(hex[i + 1]) < 0) break;
    raw += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
  }
  if (hex.size() != kKeyDigits || raw.size() != kKeyDigits / 2)
    return error(Errc::kInvalidInput,
                 "a receipt key has 64 hex digits, as `baton receipt key` prints them");
  return receipt_key(std::move(raw));
}

Result<json::object> receipt_chain(const PersonState& person,
                                   const std::vector<DecisionRecord>& records, const LeadId& lead,
                                   const HandoverId& handover, const ReceiptKey& key, Instant now) {
  auto found = receipts_of(records, lead);
  if (!handover.empty()) keep_handover(found, handover);
  const auto known = newest_known(person, lead, handover);
  if (found.empty() && known.empty()) return error(Errc::kNotFound, "no handover found");
  json::object chain{{"at", to_rfc3339(now)}, {"count", found.size()}, {"lead", lead.view()}};
  put(chain, "handover", handover.view());
  put(chain, "after", found.empty() ? std::string_view() : found.front().previous);
  put(chain, "head", known.empty() ? found.back().hash : known);
  json::array items;
  for (auto& f : found) items.push_back(std::move(f.line));
  return json::object{{"items", std::move(items)}, {"chain", closing_line(std::move(chain), key)}};
}

}  // namespace baton
