#pragma once

#include <string>
#include <string_view>

namespace baton {

// The handover receipt (first version): an immutable snapshot of what was handed over, why, to whom
// and by when, as canonical JSON (RFC 8785) and its SHA-256. It ends "that lead never arrived".
struct Receipt {
  std::string canonical_json;
  std::string hash;            // hex
};

Receipt make_receipt(std::string canonical_json);
// Whether the text still has this hash; a changed byte does not.
bool verify_receipt(std::string_view canonical_json, std::string_view hash);

}  // namespace baton
