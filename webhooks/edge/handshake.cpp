#include "webhooks/edge/handshake.h"

#include "mapping/json/json.h"
#include "webhooks/edge/digest.h"

namespace baton {
namespace {

// A longer text is not a challenge, but an attempt to use the echo as a reflector.
constexpr std::size_t kMaxChallenge = 1024;
// Handshake bodies are tiny, and a delivery is not parsed before its signature is verified.
constexpr std::size_t kMaxHandshakeBody = 4096;

HandshakeAnswer handshake_refused() {
  return {400, "text/plain; charset=utf-8", "handshake refused\n"};
}

HandshakeAnswer as_json(json::object object) {
  return {200, "application/json", json::serialize(object)};
}

std::string_view parameter(const SignedRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.query)
    if (key == name) return value;
  return {};
}

// Printable ASCII without markup: vendors send nothing else, and a browser does not render it as a
// page.
bool echoable(std::string_view text) {
  if (text.empty() || text.size() > kMaxChallenge) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= ' ' && c < 0x7F && c != '<' && c != '>'; });
}

bool token_fits(const HandshakeSpec& spec, const SecretLookup& settings, std::string_view given) {
  if (spec.token.empty()) return true;
  bool any = false;
  for (const auto& value : settings(spec.token_setting)) {
    const bool same = equal_constant_time(value, given);
    any |= same && !value.empty();
  }
  return any;
}

std::optional<HandshakeAnswer> echo_query(const HandshakeSpec& spec, const SecretLookup& settings,
                                          const SignedRequest& request) {
  const auto challenge = parameter(request, spec.challenge);
  if (challenge.empty()) return std::nullopt;
  if (!echoable(challenge) || !token_fits(spec, settings, parameter(request, spec.token)))
    return handshake_refused();
  return HandshakeAnswer{200, "text/plain; charset=utf-8", std::string(challenge)};
}

std::optional<HandshakeAnswer> echo_json(const HandshakeSpec& spec, const SecretLookup& settings,
                                         const SignedRequest& request) {
  if (request.body.size() > kMaxHandshakeBody ||
      request.body.find(spec.challenge) == std::string_view::npos)
    return std::nullopt;
  const auto parsed = parse_json(request.body, 4);
  if (!parsed || !parsed->is_object()) return std::nullopt;
  const auto& body = parsed->get_object();
  if (!spec.match_key.empty() && text(body, spec.match_key) != spec.match_value)
    return std::nullopt;
  const auto challenge = text(body, spec.challenge);
  if (challenge.empty()) return std::nullopt;
  if (!echoable(challenge) || !token_fits(spec, settings, text(body, spec.token)))
    return handshake_refused();
  return as_json({{spec.challenge, challenge}});
}

std::optional<HandshakeAnswer> hmac_json(const HandshakeSpec& spec, const SecretLookup& settings,
                                         const SignedRequest& request) {
  const auto challenge = parameter(request, spec.challenge);
  if (challenge.empty()) return std::nullopt;
  const auto secrets = settings(spec.token_setting);
  if (!echoable(challenge) || secrets.empty() || secrets.front().empty())
    return handshake_refused();
  const std::string sum = hmac(Digest::kSha256, secrets.front(), std::span(&challenge, 1));
  return as_json({{spec.challenge, challenge}, {spec.response_key, encode(sum, Encoding::kHex)}});
}

bool asked_by(HandshakeKind kind, std::string_view method) {
  switch (kind) {
    case HandshakeKind::kEchoQuery:
    case HandshakeKind::kHmacJson:
      return method == "GET";
    case HandshakeKind::kOkToGet:
      return method == "GET" || method == "HEAD";
    case HandshakeKind::kEchoQueryPlain:
    case HandshakeKind::kEchoJson:
      return method == "POST";
  }
  return false;
}

std::optional<HandshakeAnswer> answer(const HandshakeSpec& spec, const SecretLookup& settings,
                                      const SignedRequest& request) {
  switch (spec.kind) {
    case HandshakeKind::kEchoQuery:
    case HandshakeKind::kEchoQueryPlain:
      return echo_query(spec, settings, request);
    case HandshakeKind::kEchoJson:
      return echo_json(spec, settings, request);
    case HandshakeKind::kHmacJson:
      return hmac_json(spec, settings, request);
    case HandshakeKind::kOkToGet:
      return HandshakeAnswer{200, "text/plain; charset=utf-8", "ok\n"};
  }
  return std::nullopt;
}

}  // namespace

std::optional<HandshakeAnswer> answer_handshake(std::span<const HandshakeSpec> handshakes,
                                                const SecretLookup& settings,
                                                const SignedRequest& request) {
  for (const auto& spec : handshakes) {
    if (!asked_by(spec.kind, request.method)) continue;
    if (auto found = answer(spec, settings, request)) return found;
  }
  return std::nullopt;
}

std::optional<HandshakeAnswer> answer_handshake(const Source& source,
                                                const SignedRequest& request) {
  return answer_handshake(
      source.handshakes(), [&](std::string_view setting) { return source.setting(setting); },
      request);
}

bool handshake_uses(const Source& source, std::string_view method) {
  const auto kinds = source.handshakes();
  return std::any_of(kinds.begin(), kinds.end(),
                     [&](const HandshakeSpec& spec) { return asked_by(spec.kind, method); });
}

}  // namespace baton
