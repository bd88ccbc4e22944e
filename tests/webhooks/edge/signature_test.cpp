#include "webhooks/edge/signature.h"
#include "tests/support/source_dir.h"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "mapping/json/json.h"
#include "webhooks/edge/digest.h"

namespace baton {
namespace {

using testing::Eq;

// One scheme with one signed request, as values that can be modified.
struct Case {
  VerifySpec spec;
  std::vector<std::string> secrets;
  std::string method = "POST", uri = "https://baton.example.com/hooks/x", path_token, body = "{}";
  Headers headers, query;
  Instant now{1'700'000'000'000};

  SignatureResult run() const {
    const SignedRequest request{method, uri, path_token, query, headers, body};
    const auto lookup = [this](std::string_view name) {
      return name == "secret" ? secrets
             : name == "user" ? std::vector<std::string>{"baton"}
                              : std::vector<std::string>{};
    };
    return verify(std::span(&spec, 1), lookup, request, now);
  }
  bool ok() const { return run().ok; }
  Refusal refusal() const {
    EXPECT_FALSE(run().ok);
    return run().refusal;
  }
};

VerifySpec plain_hmac() {
  VerifySpec spec;
  spec.header = "X-Signature";
  return spec;
}

VerifySpec standard_webhooks(const std::string& prefix) {
  VerifySpec spec;
  spec.encoding = Encoding::kBase64;
  spec.signed_text = "{id}.{timestamp}.{body}";
  spec.secret_is_base64 = true;
  spec.secret_prefix = "whsec_";
  spec.header = prefix + "-signature";
  spec.value_prefix = "v1,";
  spec.list = true;
  spec.timestamp_header = prefix + "-timestamp";
  spec.id_header = prefix + "-id";
  spec.tolerance = minutes(5);
  return spec;
}

VerifySpec hubspot(int version) {
  VerifySpec spec;
  if (version == 3) {
    spec.encoding = Encoding::kBase64;
    spec.signed_text = "{method}{uri_decoded}{body}{timestamp}";
    spec.header = "X-HubSpot-Signature-v3";
    spec.timestamp_header = "X-HubSpot-Request-Timestamp";
    spec.timestamp_ms = true;
    spec.tolerance = minutes(5);
    return spec;
  }
  spec.method = VerifyMethod::kPlainHash;
  spec.signed_text = version == 1 ? "{secret}{body}" : "{secret}{method}{uri}{body}";
  spec.header = "X-HubSpot-Signature";
  spec.version_header = "X-HubSpot-Signature-Version";
  spec.version = version == 1 ? "v1" : "v2";
  return spec;
}

VerifySpec calendly() {
  VerifySpec spec;
  spec.signed_text = "{timestamp}.{body}";
  spec.header = "Calendly-Webhook-Signature";
  spec.signature_key = "v1";
  spec.timestamp_key = "t";
  spec.tolerance = seconds(180);
  return spec;
}

Case signed_case(VerifySpec spec, std::string secret) {
  Case made;
  made.spec = std::move(spec);
  made.secrets = {std::move(secret)};
  made.body = R"({"event_id":"LtWXD3crgy","n":9007199254740993})";
  const SignedRequest request{made.method, made.uri, {}, made.query, made.headers, made.body};
  made.headers = sign(made.spec, made.secrets.front(), request, "msg_1", made.now);
  return made;
}

std::vector<Case> every_scheme() {
  VerifySpec sha1 = plain_hmac();
  sha1.digest = Digest::kSha1;
  sha1.value_prefix = "sha1=";
  VerifySpec typeform = plain_hmac();
  typeform.encoding = Encoding::kBase64;
  typeform.value_prefix = "sha256=";
  return {signed_case(plain_hmac(), "s3cret"),
          signed_case(sha1, "s3cret"),
          signed_case(typeform, "s3cret"),
          signed_case(hubspot(1), "app"),
          signed_case(hubspot(2), "app"),
          signed_case(hubspot(3), "app"),
          signed_case(calendly(), "cal"),
          signed_case(standard_webhooks("svix"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")};
}

// Flips every bit of `text` in turn; none may verify.
void expect_no_flip_verifies(const Case& good, std::string Case::*text) {
  for (std::size_t bit = 0; bit < (good.*text).size() * 8; ++bit) {
    Case bent = good;
    auto& byte = (bent.*text)[bit / 8];
    byte = static_cast<char>(byte ^ (1 << (bit % 8)));
    EXPECT_FALSE(bent.ok()) << "bit " << bit << " of " << bent.*text;
  }
}

void expect_no_flip_verifies(const Case& good) {
  expect_no_flip_verifies(good, &Case::body);
  for (std::size_t i = 0; i < good.headers.size(); ++i) {
    // The id is only signed if the signed text contains it.
    for (std::size_t bit = 0; bit < good.headers[i].second.size() * 8; ++bit) {
      Case bent = good;
      auto& byte = bent.headers[i].second[bit / 8];
      byte = static_cast<char>(byte ^ (1 << (bit % 8)));
      EXPECT_FALSE(bent.ok()) << good.headers[i].first << " bit " << bit;
    }
  }
}

Case from_vector(const json::object& v) {
  Case made;
  const std::string name(text(v, "name"));
  made.secrets = {std::string(text(v, "secret"))};
  made.body = std::string(text(v, "body"));
  made.method = std::string(text(v, "method", "POST"));
  made.uri = std::string(text(v, "uri"));
  const std::string expected(text(v, "expected"));
  if (name == "standard_webhooks_v1") {
    made.spec = standard_webhooks("webhook");
    made.now = Instant{std::stoll(std::string(text(v, "timestamp_s"))) * 1000};
    made.headers = {{"webhook-id", std::string(text(v, "id"))},
                    {"webhook-timestamp", std::string(text(v, "timestamp_s"))},
                    {"webhook-signature", expected}};
  } else if (name == "hubspot_v3") {
    made.spec = hubspot(3);
    made.now = Instant{std::stoll(std::string(text(v, "timestamp_ms")))};
    made.headers = {{"x-hubspot-request-timestamp", std::string(text(v, "timestamp_ms"))},
                    {"x-hubspot-signature-v3", expected}};
  } else {
    made.spec = hubspot(name == "hubspot_v1" ? 1 : 2);
    made.headers = {{"X-HubSpot-Signature-Version", made.spec.version},
                    {"X-HubSpot-Signature", expected}};
  }
  return made;
}

TEST(Signature, PublishedVectorsVerifyAndOneFlippedBitDoesNot) {
  std::ifstream file(source_dir() + "/../shared/samples/verification_vectors/signatures.json");
  if (!file) GTEST_SKIP() << "no published vectors here";
  std::stringstream content;
  content << file.rdbuf();
  const auto parsed = parse_json(content.str());
  ASSERT_TRUE(parsed);
  std::size_t seen = 0;
  for (const auto& item : *array(parsed->get_object(), "vectors")) {
    const Case good = from_vector(item.get_object());
    EXPECT_TRUE(good.ok()) << text(item.get_object(), "name");
    expect_no_flip_verifies(good);
    ++seen;
  }
  EXPECT_EQ(seen, 4U);
}

TEST(Signature, ASignedRequestVerifiesAndOneFlippedBitDoesNot) {
  for (const auto& good : every_scheme()) {
    ASSERT_TRUE(good.ok()) << good.spec.header;
    expect_no_flip_verifies(good);
  }
}

TEST(Signature, EveryMissingHeaderIsRefused) {
  for (const auto& good : every_scheme()) {
    for (std::size_t i = 0; i < good.headers.size(); ++i) {
      Case bent = good;
      bent.headers.erase(bent.headers.begin() + static_cast<std::ptrdiff_t>(i));
      EXPECT_EQ(bent.refusal(), Refusal::kMissingHeader) << good.headers[i].first;
      bent = good;
      bent.headers[i].second.clear();
      EXPECT_FALSE(bent.ok()) << good.headers[i].first;
    }
  }
}

TEST(Signature, ARepeatedHeaderIsRefusedWhateverItsCase) {
  for (const auto& good : every_scheme()) {
    for (const auto& [name, value] : good.headers) {
      Case bent = good;
      std::string upper = name;
      for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      bent.headers.emplace_back(upper, value);
      EXPECT_EQ(bent.refusal(), Refusal::kMalformed) << name;
    }
  }
}

TEST(Signature, SeveralSecretsAreValidAtOnceAndEmptyOnesNever) {
  for (const auto& good : every_scheme()) {
    Case rotated = good;
    rotated.secrets = {"whsec_b2xkIHNlY3JldA==", good.secrets.front(), "next"};
    EXPECT_TRUE(rotated.ok());
    rotated.secrets = {"other"};
    EXPECT_EQ(rotated.refusal(), Refusal::kWrong);
    rotated.secrets = {};
    EXPECT_EQ(rotated.refusal(), Refusal::kNoSecret);
    rotated.secrets = {""};
    EXPECT_EQ(rotated.refusal(), Refusal::kNoSecret);
  }
}

TEST(Signature, TimeStampsAreLimitedInBothDirections) {
  for (const auto& good : every_scheme()) {
    if (!good.spec.tolerance) continue;
    for (const std::int64_t sign : {-1, 1}) {
      Case moved = good;
      moved.now = Instant{good.now.ms + sign * good.spec.tolerance->ms};
      EXPECT_TRUE(moved.ok()) << moved.spec.header;
      moved.now = Instant{good.now.ms + sign * (good.spec.tolerance->ms + 1000)};
      EXPECT_EQ(moved.refusal(), Refusal::kStale) << moved.spec.header;
    }
  }
}

TEST(Signature, ATimeStampThatIsNotANumberIsMalformed) {
  Case bent = signed_case(standard_webhooks("webhook"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  for (const char* stamp :
       {"yesterday", "-5", "1e9", "99999999999999999999", " 1700000000", "1700000000 "}) {
    bent.headers.front().second = stamp;
    EXPECT_EQ(bent.refusal(), Refusal::kMalformed) << stamp;
  }
}

TEST(Signature, OneGoodSignatureInAListIsEnoughAndTheListIsBounded) {
  Case listed = signed_case(standard_webhooks("webhook"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  auto& header = listed.headers.back().second;
  const std::string good = header;
  header = "v1a,AAAA v1,AAAA " + good;
  EXPECT_TRUE(listed.ok());
  header = "v1a," + good.substr(3);
  EXPECT_EQ(listed.refusal(), Refusal::kMalformed);
  header = good;
  for (std::size_t i = 1; i < kMaxSignatures; ++i) header = "v1,AAAA " + header;
  EXPECT_TRUE(listed.ok());
  header = "v1,AAAA " + header;
  EXPECT_EQ(listed.refusal(), Refusal::kMalformed);
}

TEST(Signature, OldAndNewCalendlySignaturesMayAppearTogether) {
  Case good = signed_case(calendly(), "cal");
  auto& header = good.headers.front().second;
  const auto comma = header.find(',');
  header = header.substr(0, comma) + ",v1=00ff, " + header.substr(comma + 1) + ",v0=1";
  EXPECT_TRUE(good.ok());
  header += ",t=1";
  EXPECT_EQ(good.refusal(), Refusal::kMalformed);
}

TEST(Signature, HubSpotSignsTheUriWithSomeCodesDecoded) {
  Case good = signed_case(hubspot(3), "app");
  const std::string plain = "https://baton.example.com/hooks/x?mail=a@b,c;d&e=%20";
  const SignedRequest request{good.method, plain, {}, good.query, {}, good.body};
  good.headers = sign(good.spec, "app", request, "", good.now);
  good.uri = "https://baton.example.com/hooks/x?mail=a%40b%2cc%3Bd&e=%20";
  EXPECT_TRUE(good.ok());
}

TEST(Signature, AnUnknownPlaceholderNeverVerifies) {
  Case bent = signed_case(plain_hmac(), "s");
  bent.spec.signed_text = "{boby}";
  EXPECT_FALSE(bent.ok());
  bent.spec.signed_text = "{body";
  EXPECT_FALSE(bent.ok());
}

TEST(Signature, TokensInHeaderQueryAndPath) {
  Case token;
  token.spec.method = VerifyMethod::kToken;
  token.spec.token_name = "X-Token";
  token.secrets = {"old-token", "a-token"};
  EXPECT_EQ(token.refusal(), Refusal::kMissingHeader);
  token.headers = {{"x-token", "a-token"}};
  EXPECT_TRUE(token.ok());
  token.headers = {{"x-token", "a-toke"}};
  EXPECT_EQ(token.refusal(), Refusal::kWrong);
  token.spec.token_place = TokenPlace::kQuery;
  token.spec.token_name = "key";
  token.query = {{"key", "a-token"}};
  EXPECT_TRUE(token.ok());
  token.query.emplace_back("key", "a-token");
  EXPECT_EQ(token.refusal(), Refusal::kMalformed);
  token.spec.token_place = TokenPlace::kPath;
  EXPECT_EQ(token.refusal(), Refusal::kMissingHeader);
  token.path_token = "old-token";
  EXPECT_TRUE(token.ok());
}

TEST(Signature, BasicAndBearer) {
  Case auth;
  auth.spec.method = VerifyMethod::kBasic;
  auth.spec.username_setting = "user";
  auth.secrets = {"pass:word"};
  auth.headers = {{"Authorization", "basic " + encode("baton:pass:word", Encoding::kBase64)}};
  EXPECT_TRUE(auth.ok());
  auth.headers = {{"Authorization", "Basic " + encode("baton:pass", Encoding::kBase64)}};
  EXPECT_EQ(auth.refusal(), Refusal::kWrong);
  auth.headers = {{"Authorization", "Basic ***"}};
  EXPECT_EQ(auth.refusal(), Refusal::kMalformed);
  auth.headers = {{"Authorization", "Bearer pass:word"}};
  EXPECT_EQ(auth.refusal(), Refusal::kMissingHeader);
  auth.spec.method = VerifyMethod::kBearer;
  EXPECT_TRUE(auth.ok());
}

TEST(Signature, AnyAlternativePassesAndTheMostSpecificRefusalIsReported) {
  const Case good = signed_case(hubspot(1), "app");
  const std::vector<VerifySpec> both{hubspot(3), hubspot(1)};
  const auto lookup = [](std::string_view) { return std::vector<std::string>{"app"}; };
  SignedRequest request{good.method, good.uri, {}, good.query, good.headers, good.body};
  EXPECT_TRUE(verify(both, lookup, request, good.now).ok);
  request.body = "[]";
  EXPECT_EQ(verify(both, lookup, request, good.now).refusal, Refusal::kWrong);
  EXPECT_FALSE(verify({}, lookup, request, good.now).ok);
}

TEST(Digest, Base64IsStrict) {
  EXPECT_EQ(decode_base64("Zm9v"), "foo");
  EXPECT_EQ(decode_base64("Zm8="), "fo");
  EXPECT_EQ(decode_base64("Zg=="), "f");
  EXPECT_EQ(decode_base64(""), "");
  for (const char* bad : {"Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zm9v\n", "Zm-v"})
    EXPECT_FALSE(decode_base64(bad)) << bad;
}

}  // namespace
}  // namespace baton
