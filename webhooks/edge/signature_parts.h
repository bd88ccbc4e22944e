#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "webhooks/edge/signature.h"

namespace baton {

// A header that must be there once.
struct HeaderValue {
  std::string_view value;
  std::optional<Refusal> refusal;
};
HeaderValue single_header(const SignedRequest& request, std::string_view name);

// What the headers say, taken apart by the grammar of the scheme.
struct Presented {
  std::vector<std::string_view> signatures;
  std::string_view timestamp, id;
  std::optional<Refusal> refusal;
};
Presented read_headers(const VerifySpec& spec, const SignedRequest& request);

// The values of the placeholders of VerifySpec::signed_text.
struct SignedParts {
  std::string_view body, timestamp, id, method, uri, secret;
};

// The text to be signed as pieces, without copying the body. `uri_decoded` keeps the one piece that
// is made. Nothing where the template names a placeholder there is not.
struct SignedText {
  std::vector<std::string_view> pieces;
  std::string uri_decoded;
};
bool expand(std::string_view text, const SignedParts& parts, SignedText& out);

// The key bytes behind a secret: itself, or its base64 behind an optional prefix. Empty: unusable.
std::string key_of(const VerifySpec& spec, const std::string& secret);

}  // namespace baton
