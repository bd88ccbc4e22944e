#include "gateway/core/model/receipt.h"

#include <fmt/format.h>

#include "gateway/core/model/person.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

std::string seal_chain(const ReceiptKey& key, const json::object& chain) {
  return key.hmac("baton receipt chain 2\n" + canonical(chain));
}

// Checks one line after the other up to the first that does not fit.
class Verifier {
 public:
  explicit Verifier(const ReceiptKey* key) : key_(key) {}

  ReceiptVerdict run(std::string_view lines) {
    while (!lines.empty() && verdict_.problem.empty()) {
      ++verdict_.line;
      const auto end = std::min(lines.find('\n'), lines.size());
      verdict_.problem = take(lines.substr(0, end));
      lines.remove_prefix(std::min(end + 1, lines.size()));
    }
    if (verdict_.problem.empty() && !closed_) {
      ++verdict_.line;
      verdict_.problem =
          "the closing line is missing: receipts may have been taken away from the end";
    }
    verdict_.head = last_;
    return verdict_;
  }

 private:
  // Returns the problem of the line; "" if it has none.
  std::string take(std::string_view line) {
    if (closed_) return "there is more behind the closing line";
    const auto parsed = parse_json(line);
    if (!parsed || !parsed->is_object()) return "this is no JSON object";
    const auto& o = parsed->get_object();
    if (canonical(*parsed) != line)
      return "this is not canonical JSON (RFC 8785): another program has written it again";
    const bool sealed = o.contains("seal") || o.contains("key");
    const auto* receipt = object(o, "receipt");
    const auto* chain = object(o, "chain");
    const std::size_t members = (receipt != nullptr ? 2U : 1U) + (sealed ? 2U : 0U);
    if ((receipt == nullptr) == (chain == nullptr) || o.size() != members)
      return "this is neither a receipt nor a closing line";
    return receipt != nullptr ? take_receipt(o, *receipt) : take_end(o, *chain);
  }

  std::string take_receipt(const json::object& line, const json::object& receipt) {
    const auto hash = text(line, "hash");
    const auto version = integer(receipt, "version");
    if (version < 1 || version > kReceiptVersion)
      return "a receipt of a format this version does not know";
    if (content_hash(receipt) != hash) return "the receipt does not have this hash: it was changed";
    const auto previous = text(receipt, "previous");
    const auto lead = text(receipt, "lead");
    if (verdict_.receipts == 0) {
      first_previous_ = previous;
      lead_ = lead;
    } else if (version > 1 && previous != last_) {
      return fmt::format(
          "it names {} as the receipt before, which is {}: one was taken away, put in or moved",
          previous.empty() ? "none" : previous, last_);
    }
    if (lead != lead_) return fmt::format("it is of lead {}, those before are of {}", lead, lead_);
    ++verdict_.receipts;
    last_ = hash;
    if (version == 1 && !line.contains("seal")) {
      ++verdict_.unsealed;
      return {};
    }
    return check_seal(line, [&] { return seal_receipt(*key_, hash); });
  }

  std::string take_end(const json::object& line, const json::object& chain) {
    closed_ = true;
    const auto count = integer(chain, "count");
    if (count < 0 || static_cast<std::size_t>(count) != verdict_.receipts)
      return fmt::format("{} receipts were given out, here are {}", count, verdict_.receipts);
    if (verdict_.receipts > 0 && text(chain, "lead") != lead_)
      return "the closing line is of another lead";
    if (text(chain, "head") != last_)
      return fmt::format("the newest receipt is {}, the last one here {}", text(chain, "head"),
                         last_.empty() ? "none" : last_);
    if (verdict_.receipts > 0 && text(chain, "after") != first_previous_)
      return "the first receipt does not follow on what the closing line says";
    return check_seal(line, [&] { return seal_chain(*key_, chain); });
  }

  template <class Expected>
  std::string check_seal(const json::object& line, Expected expected) const {
    if (key_ == nullptr) return {};
    if (!line.contains("seal")) return "it has no seal";
    if (text(line, "key") != key_->id)
      return fmt::format("it was sealed by key {}, not by {}", text(line, "key"), key_->id);
    return text(line, "seal") == expected()
               ? std::string()
               : "the seal is not that of this key: another key made it";
  }

  const ReceiptKey* key_;
  ReceiptVerdict verdict_;
  std::string last_, lead_, first_previous_;
  bool closed_ = false;
};

}  // namespace

std::string_view newest_receipt(const Lead& lead) {
  if (!lead.draft_receipt.empty()) return lead.draft_receipt;
  return lead.handovers.empty() ? std::string_view()
                                : std::string_view(lead.handovers.back().receipt);
}

Receipt make_receipt(std::string canonical_json) {
  Receipt receipt;
  receipt.hash = sha256_hex(canonical_json);
  receipt.canonical_json = std::move(canonical_json);
  return receipt;
}

std::string seal_receipt(const ReceiptKey& key, std::string_view hash) {
  return key.hmac("baton receipt 2\n" + std::string(hash));
}

json::object receipt_line(json::object receipt, std::string_view hash, std::string_view key_id,
                          std::string_view seal) {
  json::object line{{"hash", hash}, {"receipt", std::move(receipt)}};
  if (!seal.empty()) {
    line.emplace("key", key_id);
    line.emplace("seal", seal);
  }
  return line;
}

json::object closing_line(json::object chain, const ReceiptKey& key) {
  chain.emplace("version", kReceiptVersion);
  const auto seal = seal_chain(key, chain);
  return {{"chain", std::move(chain)}, {"key", key.id}, {"seal", seal}};
}

ReceiptVerdict verify_receipts(std::string_view lines, const ReceiptKey* key) {
  return Verifier(key).run(lines);
}

}  // namespace baton
