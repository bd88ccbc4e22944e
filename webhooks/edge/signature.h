#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/engine/source/source.h"

namespace baton {

// What a signature can be over. Views: the request outlives the call.
struct SignedRequest {
  std::string_view method;  // "POST"
  std::string_view uri;     // the public one: scheme, host, path and query as the sender knows it
  std::string_view path_token;  // what follows /hooks/{source}/ in the path; "" where nothing does
  std::span<const std::pair<std::string, std::string>> query;  // percent-decoded
  std::span<const std::pair<std::string, std::string>> headers;
  std::string_view body;  // the bytes as they came over the wire
};

// Why a delivery is refused. The set is closed; names are label values of metrics.
enum class Refusal { kMissingHeader, kMalformed, kStale, kWrong, kNoSecret };

std::string_view to_string(Refusal refusal);  // "missing_header", "malformed", ...

struct SignatureResult {
  bool ok = false;
  Refusal refusal = Refusal::kMissingHeader;  // where not ok
};

// The values of a setting (several during a rotation); none where it is not set.
using SecretLookup = std::function<std::vector<std::string>(std::string_view setting)>;

// Accepts where any alternative passes. Fails closed: no alternatives, no secret, an empty secret,
// a missing header, a header given twice and more than kMaxSignatures signatures are refusals.
// Every secret and every signature listed is compared, each in constant time. `now` judges time
// stamps, to both sides. Of several refusals the most telling one is reported: wrong, stale,
// malformed, no secret, missing header.
SignatureResult verify(std::span<const VerifySpec> alternatives, const SecretLookup& secrets,
                       const SignedRequest& request, Instant now);
SignatureResult verify(const Source& source, const SignedRequest& request, Instant now);

inline constexpr std::size_t kMaxSignatures = 16;

// The headers a sender of this scheme would send: for tests, the demo and load generators. The
// secret is the first of the setting.
Headers sign(const VerifySpec& spec, std::string_view secret, const SignedRequest& request,
             std::string_view id, Instant now);

}  // namespace baton
