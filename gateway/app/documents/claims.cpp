#include "gateway/app/documents/claims.h"

#include <fmt/format.h>

#include "gateway/store/seal/keyring.h"
#include "mapping/normalise/email.h"

namespace baton {
namespace {

// 128 bits of the HMAC, as 32 hex digits: enough to avoid collisions among any real number of
// persons.
constexpr std::size_t kClaimBytes = 16;

}  // namespace

std::string Claims::keyed(std::string_view kind, std::string_view value) const {
  const std::string mac = hmac_sha256(key_, fmt::format("{}:{}:{}", kind.size(), kind, value));
  std::string out;
  out.reserve(kClaimBytes * 2);
  for (std::size_t i = 0; i < kClaimBytes; ++i)
    out += fmt::format("{:02x}", static_cast<unsigned char>(mac[i]));
  return out;
}

std::string Claims::of_external(std::string_view system, std::string_view id) const {
  return keyed(fmt::format("ext.{}", system), id);
}

std::vector<std::string> Claims::of(const PersonFacts& person) const {
  std::vector<std::string> claims;
  std::string role_claim;
  if (const auto email = normalise_email(person.email)) {
    (email->role ? role_claim : claims.emplace_back()) = keyed("email", email->match_key);
  }
  for (const auto& [system, id] : person.external_ids) claims.push_back(of_external(system, id));
  if (claims.empty() && !role_claim.empty()) claims.push_back(role_claim);
  if (claims.empty() && !person.phone.empty()) claims.push_back(keyed("phone", person.phone));
  return claims;
}

}  // namespace baton
