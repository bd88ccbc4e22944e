#include "webhooks/edge/edge.h"

#include <gmock/gmock.h>
#include <zlib.h>

#include <future>

#include "mapping/json/json.h"
#include "tests/webhooks/edge/edge_fixture.h"
#include "webhooks/edge/delivery_id.h"

namespace baton {
namespace {

using test::EdgeTest;
using test::FakeSource;
using test::post;
using test::RawClient;
using ::testing::_;
using ::testing::DoAll;

auto answer_with(Stored stored, Delivery* kept = nullptr) {
  return [=](Delivery delivery, std::function<void(Stored)> done) {
    if (kept) *kept = std::move(delivery);
    done(stored);
  };
}

std::string code_of(const test::RawAnswer& answer) {
  const auto body = parse_json(answer.body);
  return body && body->is_object() ? std::string(text(body->get_object(), "code")) : "";
}

std::string gzip(std::string_view plain) {
  z_stream z{};
  deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&z, plain.size()) + 64, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  z.avail_in = static_cast<uInt>(plain.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

TEST_F(EdgeTest, StoresThenAcknowledges) {
  start();
  Delivery kept;
  EXPECT_CALL(sink_, store).WillOnce(answer_with(Stored::kStored, &kept));
  const auto answer = ask(signed_post(
      R"({"a":1})", "Content-Type: application/json\r\nX-Event: lead\r\nCookie: c\r\n"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"id":")" + public_delivery_id("typeform", R"(d:{"a":1})") + R"("})");
  EXPECT_EQ(kept.raw.source, "typeform");
  EXPECT_EQ(kept.raw.body, R"({"a":1})");
  EXPECT_EQ(kept.raw.content_type, "application/json");
  EXPECT_EQ(kept.raw.received_at.ms, now_ms_);
  EXPECT_EQ(kept.delivery_id, R"(d:{"a":1})");
  EXPECT_EQ(kept.raw.headers, (Headers{{"x-event", "lead"}}));
  EXPECT_EQ(observer_.count("typeform/stored"), 1);
}

TEST_F(EdgeTest, AnswersOnlyAfterTheSink) {
  start();
  std::promise<std::function<void(Stored)>> given;
  EXPECT_CALL(sink_, store).WillOnce([&](Delivery, std::function<void(Stored)> done) {
    given.set_value(done);
  });
  RawClient client(port_);
  client.send(signed_post("{}"));
  auto done = given.get_future().get();
  EXPECT_EQ(observer_.count("typeform/stored"), 0);
  server_->drain(milliseconds(1));  // the thread has ended, so the answer cannot be sent
  EXPECT_TRUE(client.wait_for_end());
  EXPECT_EQ(observer_.count("typeform/stored"), 0);
}

TEST_F(EdgeTest, ReportsAKnownDelivery) {
  start();
  EXPECT_CALL(sink_, store).WillOnce(answer_with(Stored::kDuplicate));
  const auto answer = ask(signed_post("{}"));
  EXPECT_EQ(answer.status, 200);
  const auto body = parse_json(answer.body)->get_object();
  EXPECT_TRUE(boolean(body, "duplicate"));
  EXPECT_EQ(text(body, "id").size(), 32U);
}

TEST_F(EdgeTest, AsksForARetryIfNothingCanStoreIt) {
  start();
  EXPECT_CALL(sink_, store).WillOnce(answer_with(Stored::kUnavailable));
  const auto answer = ask(signed_post("{}"));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.headers.at("retry-after"), "5");
  EXPECT_EQ(code_of(answer), "unavailable");
}

TEST_F(EdgeTest, SendsTheSourcesConfiguredAnswer) {
  source_->ok_status_ = 202;
  source_->ok_body_ = "EVENT_RECEIVED";
  start();
  EXPECT_CALL(sink_, store).WillRepeatedly(answer_with(Stored::kDuplicate));
  const auto answer = ask(signed_post("{}"));
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.body, "EVENT_RECEIVED");
  EXPECT_EQ(answer.headers.at("content-type"), "text/plain; charset=utf-8");
}

TEST_F(EdgeTest, StoresSignedMalformedJson) {
  start();
  EXPECT_CALL(sink_, store).Times(3).WillRepeatedly(answer_with(Stored::kStored));
  for (const std::string& body :
       {std::string("{\"cut\":"), std::string(4000, '['), std::string("\xff\xfe\0", 3)})
    EXPECT_EQ(ask(signed_post(body)).status, 200);
}

TEST_F(EdgeTest, VerifiesTheBytesAsSentAndStoresThemDecoded) {
  start();
  Delivery kept;
  EXPECT_CALL(sink_, store).WillOnce(answer_with(Stored::kStored, &kept));
  const auto packed = gzip(R"({"a":1})");
  EXPECT_EQ(ask(signed_post(packed, "Content-Type: application/json\r\nContent-Encoding: gzip\r\n"))
                .status,
            200);
  EXPECT_EQ(kept.raw.body, R"({"a":1})");
}

TEST_F(EdgeTest, RefusesBombsAndUnknownCodings) {
  source_->max_body_ = 1 << 20;
  start();
  const std::string type = "Content-Type: application/json\r\n";
  EXPECT_EQ(ask(signed_post(gzip(std::string(20 << 20, 'a')), type + "Content-Encoding: gzip\r\n"))
                .status,
            413);
  EXPECT_EQ(ask(signed_post("{}", type + "Content-Encoding: br\r\n")).status, 415);
  EXPECT_EQ(ask(signed_post("{}", type + "Content-Encoding: gzip, gzip\r\n")).status, 415);
  EXPECT_EQ(ask(signed_post("{}", type + "Content-Encoding: gzip\r\n")).status, 400);
  EXPECT_EQ(observer_.count("typeform/encoding"), 3);
}

TEST_F(EdgeTest, RefusesUnsignedDeliveries) {
  start();
  EXPECT_EQ(ask(post("/hooks/typeform", "{}", "Content-Type: application/json\r\n")).status, 401);
  EXPECT_EQ(
      ask(post("/hooks/typeform", "{}", "X-Signature: " + std::string(64, '0') + "\r\n")).status,
      401);
  auto twice = signed_post("{}");
  twice.insert(twice.find("X-Signature"), "X-Signature: " + std::string(64, '0') + "\r\n");
  const auto answer = ask(twice);
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(code_of(answer), "unauthorised");
  EXPECT_EQ(observer_.count("typeform/signature_missing_header"), 1);
  EXPECT_EQ(observer_.count("typeform/signature_wrong"), 1);
}

TEST_F(EdgeTest, ChecksTheSignatureBeforeTheContentType) {
  start();
  EXPECT_EQ(ask(post("/hooks/typeform", "{}", "Content-Type: text/xml\r\n")).status, 401);
  const auto answer = ask(signed_post("{}", "Content-Type: text/xml\r\n"));
  EXPECT_EQ(answer.status, 415);
  EXPECT_EQ(code_of(answer), "content_type");
}

TEST_F(EdgeTest, HasNoOtherPaths) {
  start();
  for (const auto* path : {"/", "/hooks", "/hooks/", "/hooks/unknown", "/a/token", "/metrics",
                           "/hooks/Typeform", "*"}) {
    const auto answer =
        ask("POST " + std::string(path) + " HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json");
  }
}

TEST_F(EdgeTest, RefusesOtherMethodsAndMissingLengths) {
  start();
  for (const auto* method : {"GET", "PUT", "DELETE", "TRACE", "BREW"}) {
    const auto answer = ask(std::string(method) + " /hooks/typeform HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(answer.status, 405) << method;
    EXPECT_EQ(answer.headers.at("allow"), "POST");
  }
  EXPECT_EQ(ask("POST /hooks/typeform HTTP/1.1\r\nHost: h\r\n\r\n").status, 411);
}

TEST_F(EdgeTest, RefusesABodyBeyondTheSourcesLimit) {
  start();
  EXPECT_EQ(ask("POST /hooks/typeform HTTP/1.1\r\nHost: h\r\nContent-Length: 4097\r\n\r\n").status,
            413);
  std::string chunked =
      "POST /hooks/typeform HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  chunked += "1001\r\n" + std::string(4097, 'x') + "\r\n0\r\n\r\n";
  EXPECT_EQ(ask(chunked).status, 413);
  EXPECT_EQ(ask(post("/hooks/typeform", std::string(2 << 20, 'x'))).status, 413);
}

TEST_F(EdgeTest, AcceptsChunkedDeliveries) {
  start();
  Delivery kept;
  EXPECT_CALL(sink_, store).WillOnce(answer_with(Stored::kStored, &kept));
  auto whole = signed_post("{\"a\":1}");
  const auto at = whole.find("Content-Length");
  whole = whole.substr(0, at) +
          "Transfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n";
  EXPECT_EQ(ask(whole).status, 200);
  EXPECT_EQ(kept.raw.body, "{\"a\":1}");
}

TEST_F(EdgeTest, AnswersHandshakes) {
  HandshakeSpec echo;
  echo.kind = HandshakeKind::kEchoQueryPlain;
  echo.challenge = "validationToken";
  HandshakeSpec ok;
  ok.kind = HandshakeKind::kOkToGet;
  source_->handshakes_ = {echo, ok};
  start();
  const auto answer =
      ask("POST /hooks/typeform?validationToken=a%20b HTTP/1.1\r\nHost: h\r\nContent-Length: "
          "0\r\n\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "a b");
  EXPECT_EQ(ask("GET /hooks/typeform HTTP/1.1\r\nHost: h\r\n\r\n").status, 200);
  EXPECT_EQ(observer_.count("typeform/handshake"), 2);
}

TEST_F(EdgeTest, LimitsAnAddressBeforeAnythingElse) {
  options_.address_rate = {1, 3};
  start();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask(post("/hooks/typeform", "{}")).status, 401);
  const auto answer = ask(post("/hooks/typeform", "{}"));
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.headers.at("retry-after"), "1");
  EXPECT_EQ(ask(post("/hooks/unknown", "{}")).status, 429);
  now_ms_ += 1000;
  EXPECT_EQ(ask(post("/hooks/typeform", "{}")).status, 401);
  EXPECT_EQ(observer_.count("unknown/rate_address"), 2);
}

TEST_F(EdgeTest, SignedDeliveriesDoNotCountForTheAddress) {
  options_.address_rate = {1, 3};
  start();
  EXPECT_CALL(sink_, store).Times(20).WillRepeatedly(answer_with(Stored::kStored));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(ask(signed_post("{}")).status, 200);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask(post("/hooks/typeform", "{}")).status, 401);
  EXPECT_EQ(ask(post("/hooks/typeform", "{}")).status, 429);
}

TEST_F(EdgeTest, UnsignedSourcesCountForTheAddress) {
  options_.address_rate = {1, 3};
  source_->verify_.front().method = VerifyMethod::kNone;
  start();
  EXPECT_CALL(sink_, store).Times(3).WillRepeatedly(answer_with(Stored::kStored));
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(ask(post("/hooks/typeform", "{}", "Content-Type: application/json\r\n")).status, 200);
  EXPECT_EQ(ask(post("/hooks/typeform", "{}")).status, 429);
}

TEST_F(EdgeTest, AStrangerCannotExhaustTheSourcesBudget) {
  source_->budget_ = 2;
  start();
  EXPECT_CALL(sink_, store).Times(5).WillRepeatedly(answer_with(Stored::kStored));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(ask(post("/hooks/typeform", "{}")).status, 401);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(ask(signed_post("{}")).status, 200);
  const auto answer = ask(signed_post("{}"));
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.headers.at("retry-after"), "1");
  now_ms_ += 500;
  EXPECT_EQ(ask(signed_post("{}")).status, 200);
  EXPECT_EQ(observer_.count("typeform/rate_source"), 1);
}

TEST_F(EdgeTest, ReloadsSourcesWithoutARefusal) {
  start();
  EXPECT_CALL(sink_, store).WillRepeatedly(answer_with(Stored::kStored));
  RawClient client(port_);
  for (int i = 0; i < 200; ++i) {
    if (i % 10 == 0) {
      auto next = std::make_shared<FakeSource>("typeform");
      use_sources({next, std::make_shared<FakeSource>("other" + std::to_string(i))});
    }
    client.send(signed_post("{}"));
    ASSERT_EQ(client.read().status, 200) << i;
  }
}

TEST_F(EdgeTest, AcceptsAPathTokenAndNeverRepeatsIt) {
  VerifySpec token;
  token.method = VerifyMethod::kToken;
  token.token_place = TokenPlace::kPath;
  source_->verify_ = {token};
  start();
  EXPECT_CALL(sink_, store).WillOnce(answer_with(Stored::kStored));
  EXPECT_EQ(ask(post("/hooks/typeform/geheim", "{}", "Content-Type: application/json\r\n")).status,
            200);
  const auto refused =
      ask(post("/hooks/typeform/canary-7f3a", "{}", "Content-Type: application/json\r\n"));
  EXPECT_EQ(refused.status, 401);
  EXPECT_THAT(refused.body, ::testing::Not(::testing::HasSubstr("canary")));
}

}  // namespace
}  // namespace baton
