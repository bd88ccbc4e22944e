#include "gateway/core/receipt.h"

#include "mapping/json.h"

namespace baton {

Receipt make_receipt(const json::object& snapshot) {
  Receipt receipt;
  receipt.canonical_json = canonical(snapshot);
  receipt.hash = sha256_hex(receipt.canonical_json);
  return receipt;
}

bool verify_receipt(std::string_view canonical_json, std::string_view hash) {
  return sha256_hex(canonical_json) == hash;
}

}  // namespace baton
