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

// What a sender gets that wants to see that the address is ours before it delivers. Pure. Nothing
// where the request is no handshake of these kinds: then it is a delivery, or 405. A handshake with
// a wrong token is answered 400, and echoes nothing.
std::optional<HandshakeAnswer> answer_handshake(std::span<const HandshakeSpec> handshakes,
                                                const SecretLookup& settings,
                                                const SignedRequest& request);
std::optional<HandshakeAnswer> answer_handshake(const Source& source, const SignedRequest& request);

// Whether any kind of the source is asked by this method; tells 405 from a handshake that is not
// one.
bool handshake_uses(const Source& source, std::string_view method);

}  // namespace baton
