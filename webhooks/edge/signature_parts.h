#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "webhooks/edge/signature.h"

namespace baton {

// A header that must occur exactly once.
struct HeaderValue {
  std::string_view value;
  std::optional<Refusal> refusal;
};
HeaderValue single_header(const SignedRequest& request, std::string_view name);

// The headers, parsed by the grammar of the scheme.
struct Presented {
  std::vector<std::string_view> signatures;
  std::string_view timestamp, id;
  std::optional<Refusal> refusal;
};
Presented read_headers(const VerifySpec& spec, const SignedRequest& request);

// The values of the placeholders of VerifySpec::signed_text.
struct SignatureFields {
  std::string_view body, timestamp, id, method, uri, secret;
};

// The signed text as pieces, without a copy of the body. `uri_decoded` owns the only piece that is
// computed. expand returns false if the template names an unknown placeholder.
struct SignedText {
  std::vector<std::string_view> pieces;
  std::string uri_decoded;
};
bool expand(std::string_view text, const SignatureFields& parts, SignedText& out);

// Returns the key bytes of a secret: the secret itself, or its base64-decoded form after an
// optional prefix. Empty: unusable.
std::string key_of(const VerifySpec& spec, const std::string& secret);

}  // namespace baton
