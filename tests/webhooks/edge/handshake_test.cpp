#include "webhooks/edge/handshake.h"

#include <gmock/gmock.h>

#include "mapping/json/json.h"
#include "webhooks/edge/delivery_id.h"
#include "webhooks/edge/intake_sink.h"

namespace baton {
namespace {

HandshakeSpec meta() {
  HandshakeSpec spec;
  spec.kind = HandshakeKind::kEchoQuery;
  spec.challenge = "hub.challenge";
  spec.token = "hub.verify_token";
  spec.token_setting = "verify_token";
  return spec;
}

std::optional<HandshakeAnswer> ask(const HandshakeSpec& spec, std::string_view method,
                                   const Headers& query, std::string_view body = {}) {
  const SignedRequest request{method, "https://baton.example.com/hooks/x", {}, query, {}, body};
  const auto settings = [](std::string_view name) {
    return name == "verify_token" ? std::vector<std::string>{"", "old", "token"}
                                  : std::vector<std::string>{"secret"};
  };
  return answer_handshake(std::span(&spec, 1), settings, request);
}

TEST(Handshake, MetaGetsItsChallengeBackOnlyWithTheToken) {
  const auto answer = ask(
      meta(), "GET",
      {{"hub.mode", "subscribe"}, {"hub.challenge", "1158201444"}, {"hub.verify_token", "token"}});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "1158201444");
  for (const char* token : {"", "wrong", "toke"}) {
    const auto refused =
        ask(meta(), "GET", {{"hub.challenge", "1158201444"}, {"hub.verify_token", token}});
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 400);
    EXPECT_EQ(refused->body.find("1158201444"), std::string::npos);
  }
  EXPECT_FALSE(ask(meta(), "GET", {}));
  EXPECT_FALSE(ask(meta(), "POST", {{"hub.challenge", "1"}}));
}

TEST(Handshake, AChallengeCannotInjectMarkup) {
  const auto answer =
      ask(meta(), "GET", {{"hub.challenge", "<script>"}, {"hub.verify_token", "token"}});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 400);
  EXPECT_EQ(
      ask(meta(), "GET", {{"hub.challenge", std::string(2000, 'a')}, {"hub.verify_token", "token"}})
          ->status,
      400);
}

TEST(Handshake, MicrosoftGetsItsValidationTokenAsText) {
  HandshakeSpec spec;
  spec.kind = HandshakeKind::kEchoQueryPlain;
  spec.challenge = "validationToken";
  const auto answer = ask(spec, "POST", {{"validationToken", "Validation: Testing client 1+2"}});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "Validation: Testing client 1+2");
  EXPECT_EQ(answer->content_type, "text/plain; charset=utf-8");
  EXPECT_FALSE(ask(spec, "POST", {}));
}

TEST(Handshake, SlackStyleChallengesAreDistinguishedFromDeliveries) {
  HandshakeSpec spec;
  spec.kind = HandshakeKind::kEchoJson;
  spec.challenge = "challenge";
  spec.match_key = "type";
  spec.match_value = "url_verification";
  const auto answer = ask(spec, "POST", {}, R"({"type":"url_verification","challenge":"3eZb"})");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, R"({"challenge":"3eZb"})");
  EXPECT_EQ(answer->content_type, "application/json");
  EXPECT_FALSE(ask(spec, "POST", {}, R"({"type":"event","challenge":"3eZb"})"));
  EXPECT_FALSE(ask(spec, "POST", {}, R"(["challenge"])"));
  EXPECT_FALSE(ask(spec, "POST", {}, "challenge"));
}

TEST(Handshake, LinkedInGetsTheHmacOfItsChallenge) {
  HandshakeSpec spec;
  spec.kind = HandshakeKind::kHmacJson;
  spec.challenge = "challengeCode";
  spec.response_key = "challengeResponse";
  spec.token_setting = "secret";
  const auto answer = ask(spec, "GET", {{"challengeCode", "890e4665-4dfe-4ab1-b689-ed553bceeed0"}});
  ASSERT_TRUE(answer);
  const auto body = parse_json(answer->body);
  ASSERT_TRUE(body);
  EXPECT_EQ(text(body->get_object(), "challengeCode"), "890e4665-4dfe-4ab1-b689-ed553bceeed0");
  EXPECT_EQ(text(body->get_object(), "challengeResponse").size(), 64U);
}

TEST(Handshake, MailchimpGetsAPlainOkToGetAndHead) {
  const HandshakeSpec spec;
  EXPECT_EQ(ask(spec, "GET", {})->status, 200);
  EXPECT_EQ(ask(spec, "HEAD", {})->status, 200);
  EXPECT_FALSE(ask(spec, "POST", {}));
}

TEST(DeliveryId, IsTheSameForTheSamePartsOnly) {
  EXPECT_EQ(public_delivery_id("typeform", "a").size(), 32U);
  EXPECT_EQ(public_delivery_id("typeform", "a"), public_delivery_id("typeform", "a"));
  EXPECT_NE(public_delivery_id("ab", "c"), public_delivery_id("a", "bc"));
}

}  // namespace
}  // namespace baton
