#include "gateway/core/receipt.h"

#include "mapping/json.h"

namespace baton {

Receipt make_receipt(std::string canonical_json) {
  Receipt receipt;
  receipt.hash = sha256_hex(canonical_json);
  receipt.canonical_json = std::move(canonical_json);
  return receipt;
}

bool verify_receipt(std::string_view canonical_json, std::string_view hash) {
  return sha256_hex(canonical_json) == hash;
}

}  // namespace baton
