#pragma once

#include <optional>
#include <span>
#include <string>

#include "webhooks/edge/signature.h"

namespace baton {

struct HandshakeAnswer {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

// Answers a sender who verifies the address before it delivers. Pure. Empty if the request is not a
// handshake of these kinds: then it is a delivery, or 405. A handshake with a wrong token gets 400
// without an echo.
std::optional<HandshakeAnswer> answer_handshake(std::span<const HandshakeSpec> handshakes,
                                                const SecretLookup& settings,
                                                const SignedRequest& request);
std::optional<HandshakeAnswer> answer_handshake(const Source& source, const SignedRequest& request);

// Returns whether any handshake of the source uses this method; distinguishes 405 from an invalid
// handshake.
bool handshake_uses(const Source& source, std::string_view method);

}  // namespace baton
