#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "tests/fuzz/configs.h"
#include "tests/fuzz/fuzz.h"
#include "webhooks/edge/handshake.h"
#include "webhooks/edge/signature.h"

namespace baton::fuzz {
namespace {

constexpr Instant kNow{1'773'000'000'000};

// A delivery that owns the data that SignedRequest refers to.
struct Sent {
  std::string method = "POST", uri, token, body;
  std::vector<std::pair<std::string, std::string>> query, headers;
  SignedRequest view() const { return {method, uri, token, query, headers, body}; }
};

SecretLookup always(std::string secret) {
  return
      [secret = std::move(secret)](std::string_view) { return std::vector<std::string>{secret}; };
}

bool verifies(const VerifySpec& spec, const SecretLookup& secrets, const Sent& sent) {
  return verify(std::span(&spec, 1), secrets, sent.view(), kNow).ok;
}

// A scheme that a careful operator could write: every part that is parsed is also signed.
VerifySpec scheme(Input& input) {
  static constexpr std::array<std::string_view, 5> kTexts{
      "{id}.{timestamp}.{method}{uri}{body}", "{timestamp}.{id}:{body}",
      "{method}{uri_decoded}{body}{timestamp}{id}", "v0:{timestamp}:{id}:{body}",
      "{id}{body}{timestamp}"};
  VerifySpec spec;
  spec.method = static_cast<VerifyMethod>(input.pick(5));
  spec.digest = input.flag() ? Digest::kSha1 : Digest::kSha256;
  spec.encoding = input.flag() ? Encoding::kBase64 : Encoding::kHex;
  spec.signed_text = kTexts[input.pick(kTexts.size())];
  if (spec.method == VerifyMethod::kPlainHash) spec.signed_text.insert(0, "{secret}");
  spec.secret_is_base64 = input.flag();
  spec.secret_prefix = spec.secret_is_base64 ? "whsec_" : "";
  spec.header = spec.token_name = "X-Signature";
  switch (input.pick(4)) {
    case 0:
      spec.value_prefix = "sha256=";
      break;
    case 1:
      spec.value_prefix = "v1,";
      spec.list = true;
      break;
    case 2:
      spec.signature_key = "v1";
      spec.timestamp_key = "t";
      break;
    default:
      break;
  }
  if (spec.timestamp_key.empty()) spec.timestamp_header = "X-Timestamp";
  spec.id_header = "X-Id";
  if (input.flag()) spec.tolerance = minutes(5);
  spec.timestamp_ms = input.flag();
  if (input.flag()) spec.version_header = "X-Version", spec.version = "v2";
  spec.username_setting = "username";
  return spec;
}

// No header at all, and headers of a stranger: neither may pass.
void refuse_without_secret(const VerifySpec& spec, const Sent& sent) {
  const auto none = [](std::string_view) { return std::vector<std::string>{}; };
  require(!verifies(spec, none, sent), "nothing is accepted without a secret");
  require(!verifies(spec, always(""), sent), "an empty secret does not count");
  require(!verify({}, always("geheim"), sent.view(), kNow).ok,
          "nothing is accepted where there is no scheme");
}

bool is_sum(const VerifySpec& spec) {
  return spec.method == VerifyMethod::kHmac || spec.method == VerifyMethod::kPlainHash;
}

void flip(std::string& text, std::size_t at) {
  if (text.empty()) return;
  text[at / 8 % text.size()] = static_cast<char>(text[at / 8 % text.size()] ^ (1 << at % 8));
}

// Flips one bit of the request or of the secret. "Bearer" is case-insensitive, so it is left alone,
// and only HMACs and hashes cover body, time stamp and id.
void refuse_flipped(const VerifySpec& spec, const std::string& secret, const Sent& sent,
                    Input input) {
  Sent other = sent;
  const auto where = input.pick(8);
  const std::size_t at = input.pick(256) * 256 + input.pick(256);
  std::string key = secret;
  if (where == 0)
    flip(key, at);
  else if (where == 1 && is_sum(spec))
    flip(other.body, at);
  else if (where == 2 && is_sum(spec))
    other.body += static_cast<char>(at);
  else if (where == 3 && is_sum(spec) && !other.body.empty())
    other.body.pop_back();
  else {
    auto& [name, value] = other.headers[where % other.headers.size()];
    const bool judged = is_sum(spec) || name == spec.header || name == spec.version_header;
    flip(judged && name != "Authorization" ? value : key, at);
  }
  const bool changed = key != secret || other.body != sent.body || other.headers != sent.headers;
  require(!changed || !verifies(spec, always(key), other), "a flipped bit never verifies");
}

void sign_and_flip(Input input) {
  const VerifySpec spec = scheme(input);
  std::string secret(input.line());
  const std::string id = "msg_" + std::to_string(input.pick(256));
  Sent sent;
  sent.uri = "https://hooks.example.com/hooks/fuzz?" + std::string(input.line());
  Input choice(input.take(4));
  sent.body = input.rest();
  refuse_without_secret(spec, sent);
  sent.headers = sign(spec, secret, sent.view(), id, kNow);
  refuse_without_secret(spec, sent);
  // A text that is not base64 is not a key, and tokens end where a header's value does.
  const bool accepted = verifies(spec, always(secret), sent);
  if (spec.method == VerifyMethod::kBasic)
    return require(!accepted, "without credentials Basic accepts nothing");
  if (secret.empty()) return require(!accepted, "an empty secret does not count");
  if (!is_sum(spec))
    require(accepted || secret.front() == ' ', "the token is accepted");
  else if (!spec.secret_is_base64)
    require(accepted, "a signed request is accepted");
  if (accepted) refuse_flipped(spec, secret, sent, choice);
}

// Arbitrary headers, as a stranger sends them to the built-in sources.
void forge(Input input) {
  const auto& sample = sample_sources()[input.pick(sample_sources().size())];
  Sent sent;
  if (input.flag()) sent.method = "GET";
  sent.uri = "https://hooks.example.com/hooks/" + sample.source->name();
  for (auto n = input.pick(8); n > 0; --n) {
    const auto line = input.line();
    const auto colon = std::min(line.find(':'), line.size());
    sent.headers.emplace_back(line.substr(0, colon), line.substr(std::min(colon + 1, line.size())));
  }
  sent.body = input.rest();
  require(!verify(*sample.source, sent.view(), kNow).ok, "a stranger's delivery never verifies");
}

// Challenges: echoed only to a sender who knows the token, and never as something a browser would
// render.
void answer_handshake(Input input) {
  HandshakeSpec spec;
  spec.kind = static_cast<HandshakeKind>(input.pick(5));
  spec.challenge = "challenge";
  spec.token = input.flag() ? "token" : "";
  spec.token_setting = "verify_token";
  spec.response_key = "response";
  Sent sent;
  sent.method = input.flag() ? "GET" : "POST";
  sent.query.emplace_back("challenge", input.line());
  sent.query.emplace_back("token", input.line());
  sent.body = input.rest();
  const auto answer =
      answer_handshake(std::span(&spec, 1), always("a secret nobody sends: 7b1f"), sent.view());
  if (!answer || answer->status != 200) return;
  require(answer->body.size() <= 2 * 1024 + 128, "an answer is short");
  if (spec.kind == HandshakeKind::kOkToGet) return;
  require(answer->body.find_first_of("<>") == std::string::npos, "no markup is echoed");
  const bool asks_token = !spec.token.empty() && spec.kind != HandshakeKind::kHmacJson;
  require(!asks_token, "nothing is echoed without the token");
}

void run(std::string_view bytes) {
  Input input(bytes);
  switch (input.pick(3)) {
    case 0:
      return sign_and_flip(input);
    case 1:
      return forge(input);
    default:
      return answer_handshake(input);
  }
}

const Target kTarget("signature", run);

}  // namespace
}  // namespace baton::fuzz
