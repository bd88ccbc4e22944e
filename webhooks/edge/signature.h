#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/engine/source/source.h"

namespace baton {

// The parts of a request that a signature may cover. Views: the request must outlive the call.
struct SignedRequest {
  std::string_view method;      // "POST"
  std::string_view uri;         // public: scheme, host, path and query as the sender knows them
  std::string_view path_token;  // the path after /hooks/{source}/; "" if there is none
  std::span<const std::pair<std::string, std::string>> query;  // percent-decoded
  std::span<const std::pair<std::string, std::string>> headers;
  std::string_view body;  // the bytes as received
};

// Why a delivery is refused. The set is closed; the names are label values of metrics.
enum class Refusal { kMissingHeader, kMalformed, kStale, kWrong, kNoSecret };

std::string_view to_string(Refusal refusal);  // "missing_header", "malformed", ...

struct SignatureResult {
  bool ok = false;
  Refusal refusal = Refusal::kMissingHeader;  // if not ok
};

// Returns the values of a setting (several during a rotation); none if it is not set.
using SecretLookup = std::function<std::vector<std::string>(std::string_view setting)>;

// Accepts a request if any alternative passes. Fails closed: no alternatives, no secret, an empty
// secret, a missing or repeated header and more than kMaxSignatures signatures are refusals.
// Compares every secret with every listed signature, each in constant time. `now` limits time
// stamps in both directions. Of several refusals it reports the most specific one: wrong, stale,
// malformed, no secret, missing header.
SignatureResult verify(std::span<const VerifySpec> alternatives, const SecretLookup& secrets,
                       const SignedRequest& request, Instant now);
SignatureResult verify(const Source& source, const SignedRequest& request, Instant now);

inline constexpr std::size_t kMaxSignatures = 16;

// Returns the headers that a sender of this scheme would send, for tests, the demo and load
// generators. Uses the first secret of the setting.
Headers sign(const VerifySpec& spec, std::string_view secret, const SignedRequest& request,
             std::string_view id, Instant now);

}  // namespace baton
