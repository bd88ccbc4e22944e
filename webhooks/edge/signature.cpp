#include "webhooks/edge/signature.h"

#include <charconv>

#include "webhooks/edge/digest.h"
#include "webhooks/edge/signature_parts.h"

namespace baton {
namespace {

constexpr std::string_view kAuthorization = "authorization";

SignatureResult accepted() { return {true, {}}; }
SignatureResult refused(Refusal refusal) { return {false, refusal}; }

int weight(Refusal refusal) {
  switch (refusal) {
    case Refusal::kWrong:
      return 5;
    case Refusal::kStale:
      return 4;
    case Refusal::kMalformed:
      return 3;
    case Refusal::kNoSecret:
      return 2;
    case Refusal::kMissingHeader:
      return 1;
  }
  return 0;
}

// Empty values are not secrets: `secret: ${env:UNSET}` must not accept every sender.
std::vector<std::string> usable(const SecretLookup& secrets, const std::string& setting) {
  auto values = secrets(setting);
  std::erase(values, std::string());
  return values;
}

std::optional<Refusal> check_time(const VerifySpec& spec, std::string_view text, Instant now) {
  if (!spec.tolerance) return std::nullopt;
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = failed == std::errc{} && end == text.data() + text.size();
  if (!whole || number < 0 || number > std::int64_t{1} << 50U) return Refusal::kMalformed;
  const Instant stamp{spec.timestamp_ms ? number : number * 1000};
  const bool near = now - stamp <= *spec.tolerance && stamp - now <= *spec.tolerance;
  return near ? std::nullopt : std::optional(Refusal::kStale);
}

std::string expected_signature(const VerifySpec& spec, const std::string& secret,
                               SignatureFields parts) {
  parts.secret = secret;
  SignedText text;
  if (!expand(spec.signed_text, parts, text)) return {};
  const std::string sum = spec.method == VerifyMethod::kHmac
                              ? hmac(spec.digest, key_of(spec, secret), text.pieces)
                              : plain_hash(spec.digest, text.pieces);
  return sum.empty() ? std::string() : encode(sum, spec.encoding);
}

SignatureResult verify_sum(const VerifySpec& spec, const std::vector<std::string>& secrets,
                           const SignedRequest& request, Instant now) {
  const Presented presented = read_headers(spec, request);
  if (presented.refusal) return refused(*presented.refusal);
  if (const auto refusal = check_time(spec, presented.timestamp, now)) return refused(*refusal);
  const SignatureFields parts{request.body,   presented.timestamp, presented.id,
                              request.method, request.uri,         {}};
  // No early exit: the time must not reveal which secret or signature matched.
  bool any = false;
  for (const auto& secret : secrets) {
    const std::string expected = expected_signature(spec, secret, parts);
    for (const auto signature : presented.signatures) {
      const bool same = equal_constant_time(expected, signature);
      any |= same && !expected.empty();
    }
  }
  return any ? accepted() : refused(Refusal::kWrong);
}

SignatureResult compare_all(const std::vector<std::string>& wanted, std::string_view given) {
  bool any = false;
  for (const auto& value : wanted) {
    const bool same = equal_constant_time(value, given);
    any |= same;
  }
  return any ? accepted() : refused(Refusal::kWrong);
}

HeaderValue single_query(const SignedRequest& request, std::string_view name) {
  HeaderValue found{{}, Refusal::kMissingHeader};
  for (const auto& [key, value] : request.query) {
    if (key != name) continue;
    if (!found.refusal) return {{}, Refusal::kMalformed};
    found = {value, std::nullopt};
  }
  if (!found.refusal && found.value.empty()) found.refusal = Refusal::kMissingHeader;
  return found;
}

HeaderValue token_of(const VerifySpec& spec, const SignedRequest& request) {
  if (spec.token_place == TokenPlace::kQuery) return single_query(request, spec.token_name);
  if (spec.token_place == TokenPlace::kHeader)
    return single_header(request, spec.token_name.empty() ? spec.header : spec.token_name);
  if (request.path_token.empty()) return {{}, Refusal::kMissingHeader};
  return {request.path_token, std::nullopt};
}

SignatureResult verify_token(const VerifySpec& spec, const std::vector<std::string>& secrets,
                             const SignedRequest& request) {
  auto token = token_of(spec, request);
  if (token.refusal) return refused(*token.refusal);
  if (!token.value.starts_with(spec.value_prefix)) return refused(Refusal::kMalformed);
  token.value.remove_prefix(spec.value_prefix.size());
  return compare_all(secrets, token.value);
}

// Returns the credentials after "Basic " or "Bearer "; the name of the scheme is case-insensitive
// (RFC 9110, 11.1).
HeaderValue credentials(const SignedRequest& request, std::string_view scheme) {
  auto found = single_header(request, kAuthorization);
  if (found.refusal) return found;
  const auto given = found.value.substr(0, scheme.size());
  const auto same = [](char a, char b) { return (a | 0x20) == b; };
  if (!std::equal(given.begin(), given.end(), scheme.begin(), scheme.end(), same))
    return {{}, Refusal::kMissingHeader};
  found.value.remove_prefix(scheme.size());
  if (!found.value.starts_with(' ')) return {{}, Refusal::kMalformed};
  found.value.remove_prefix(std::min(found.value.find_first_not_of(' '), found.value.size()));
  return found;
}

SignatureResult verify_basic(const VerifySpec& spec, const SecretLookup& lookup,
                             const std::vector<std::string>& secrets,
                             const SignedRequest& request) {
  const auto given = credentials(request, "basic");
  if (given.refusal) return refused(*given.refusal);
  const auto pair = decode_base64(given.value);
  if (!pair) return refused(Refusal::kMalformed);
  std::vector<std::string> wanted;
  for (const auto& user : usable(lookup, spec.username_setting))
    for (const auto& secret : secrets) wanted.push_back(user + ':' + secret);
  return wanted.empty() ? refused(Refusal::kNoSecret) : compare_all(wanted, *pair);
}

SignatureResult verify_one(const VerifySpec& spec, const SecretLookup& lookup,
                           const SignedRequest& request, Instant now) {
  if (spec.method == VerifyMethod::kNone) return accepted();
  if (!spec.version_header.empty()) {
    const auto version = single_header(request, spec.version_header);
    if (version.refusal) return refused(*version.refusal);
    if (version.value != spec.version) return refused(Refusal::kMissingHeader);
  }
  const auto secrets = usable(lookup, spec.secret_setting);
  if (secrets.empty()) return refused(Refusal::kNoSecret);
  switch (spec.method) {
    case VerifyMethod::kHmac:
    case VerifyMethod::kPlainHash:
      return verify_sum(spec, secrets, request, now);
    case VerifyMethod::kToken:
      return verify_token(spec, secrets, request);
    case VerifyMethod::kBasic:
      return verify_basic(spec, lookup, secrets, request);
    case VerifyMethod::kBearer: {
      const auto given = credentials(request, "bearer");
      return given.refusal ? refused(*given.refusal) : compare_all(secrets, given.value);
    }
    case VerifyMethod::kNone:
      break;
  }
  return refused(Refusal::kMalformed);
}

}  // namespace

std::string_view to_string(Refusal refusal) {
  switch (refusal) {
    case Refusal::kMissingHeader:
      return "missing_header";
    case Refusal::kMalformed:
      return "malformed";
    case Refusal::kStale:
      return "stale";
    case Refusal::kWrong:
      return "wrong";
    case Refusal::kNoSecret:
      return "no_secret";
  }
  return "malformed";
}

SignatureResult verify(std::span<const VerifySpec> alternatives, const SecretLookup& secrets,
                       const SignedRequest& request, Instant now) {
  SignatureResult worst =
      refused(alternatives.empty() ? Refusal::kNoSecret : Refusal::kMissingHeader);
  for (const auto& spec : alternatives) {
    const auto result = verify_one(spec, secrets, request, now);
    if (result.ok) return result;
    if (weight(result.refusal) > weight(worst.refusal)) worst = result;
  }
  return worst;
}

SignatureResult verify(const Source& source, const SignedRequest& request, Instant now) {
  return verify(
      source.verify(), [&](std::string_view setting) { return source.setting(setting); }, request,
      now);
}

Headers sign(const VerifySpec& spec, std::string_view secret, const SignedRequest& request,
             std::string_view id, Instant now) {
  const std::string stamp = std::to_string(spec.timestamp_ms ? now.ms : now.ms / 1000);
  const SignatureFields parts{request.body, stamp, id, request.method, request.uri, {}};
  Headers headers;
  if (!spec.version_header.empty()) headers.emplace_back(spec.version_header, spec.version);
  if (!spec.timestamp_header.empty()) headers.emplace_back(spec.timestamp_header, stamp);
  if (!spec.id_header.empty()) headers.emplace_back(spec.id_header, id);
  if (spec.method == VerifyMethod::kHmac || spec.method == VerifyMethod::kPlainHash) {
    std::string value = spec.value_prefix + expected_signature(spec, std::string(secret), parts);
    if (!spec.signature_key.empty()) value = spec.signature_key + '=' + value;
    if (!spec.timestamp_key.empty()) value = spec.timestamp_key + '=' + stamp + ',' + value;
    headers.emplace_back(spec.header, std::move(value));
  } else if (spec.method == VerifyMethod::kBearer) {
    headers.emplace_back("Authorization", "Bearer " + std::string(secret));
  } else if (spec.method == VerifyMethod::kToken && spec.token_place == TokenPlace::kHeader) {
    headers.emplace_back(spec.token_name.empty() ? spec.header : spec.token_name,
                         spec.value_prefix + std::string(secret));
  }
  return headers;
}

}  // namespace baton
