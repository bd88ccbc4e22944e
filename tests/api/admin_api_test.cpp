#include "gateway/api/admin_api.h"

#include <gmock/gmock.h>

#include <set>

#include "gateway/core/model/feedback_form.h"
#include "mapping/schema/embedded.h"
#include "mapping/schema/yaml.h"
#include "tests/api/api_fixture.h"
#include "tests/support/ids.h"

namespace baton {
namespace {

using test::post;
using test::RawAnswer;
using ::testing::_;
using ::testing::Return;

constexpr std::string_view kToken = "0123456789abcdef0123456789abcdef";

class AdminApiTest : public test::ApiTest {
 protected:
  void start(std::vector<std::string> tokens = {std::string(kToken)}) {
    AdminApiOptions options;
    options.tokens = std::move(tokens);
    options.now = [this] { return Instant{now_ms_}; };
    options.steady_ns = [this] { return now_ms_ * 1'000'000; };
    options.random_hex = [this] { return "fresh" + std::to_string(++fresh_); };
    auto api = AdminApi::make(backend_, pool_, std::move(options));
    ASSERT_TRUE(api.has_value());
    api_ = std::move(*api);
    serve([this] { return api_->handler(); });
  }
  void TearDown() override { server_.reset(); }
  static std::string bearer(std::string_view token = kToken) {
    return "Authorization: Bearer " + std::string(token) + "\r\n";
  }
  RawAnswer act(std::string_view path, std::string_view body, std::string_view headers = {}) {
    return ask(post(path, body, bearer() + std::string(headers)));
  }
  static std::string code_of(const RawAnswer& answer) {
    const auto body = parse_json(answer.body);
    return body && body->is_object() ? std::string(text(body->get_object(), "code")) : "";
  }

  std::unique_ptr<AdminApi> api_;
};

TEST_F(AdminApiTest, ReportsHealthWithoutAToken) {
  start();
  EXPECT_CALL(backend_, healthy).WillOnce(Return(true)).WillOnce(Return(false));
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_EQ(get("/healthz").status, 503);
}

TEST_F(AdminApiTest, ReportsReadinessWithEveryCheck) {
  start();
  EXPECT_CALL(backend_, ready)
      .WillOnce(Return(std::vector<Check>{{"store", true, ""}}))
      .WillOnce(Return(
          std::vector<Check>{{"store", false, "does not answer"}, {"spool", true, "3 waiting"}}));
  EXPECT_EQ(get("/readyz").status, 200);
  const auto answer = get("/readyz");
  EXPECT_EQ(answer.status, 503);
  const auto body = parse_json(answer.body)->get_object();
  EXPECT_FALSE(boolean(body, "ready", true));
  EXPECT_EQ(array(body, "checks")->size(), 2U);
}

TEST_F(AdminApiTest, ServesMetricsContractAndStatusPage) {
  start();
  EXPECT_EQ(get("/metrics").headers.at("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(get("/openapi.yaml").body, ::testing::StartsWith("openapi: 3"));
  const auto page = get("/");
  EXPECT_THAT(page.body, ::testing::HasSubstr("<title>Baton</title>"));
  EXPECT_THAT(page.headers.at("content-security-policy"),
              ::testing::HasSubstr("default-src 'none'"));
  EXPECT_EQ(get("/assets/status.js").status, 200);
}

TEST_F(AdminApiTest, IsClosedWithoutAValidToken) {
  start();
  for (const auto& headers :
       {std::string(), bearer("wrong"), bearer(""), std::string("Authorization: Basic abc\r\n"),
        bearer(std::string(kToken) + "x"), bearer(kToken.substr(1))}) {
    const auto answer = get("/api/v1/leads", headers);
    EXPECT_EQ(answer.status, 401) << headers;
    EXPECT_EQ(answer.headers.at("www-authenticate"), "Bearer realm=\"baton\"");
  }
  EXPECT_EQ(get("/api/v1/nothing").status, 401);
  EXPECT_EQ(get("/api/v1/leads", bearer() + bearer()).status, 400);
}

TEST_F(AdminApiTest, IsClosedIfNoTokenIsConfigured) {
  start({});
  EXPECT_EQ(get("/api/v1/leads", bearer()).status, 401);
  EXPECT_EQ(get("/api/v1/leads", bearer("")).status, 401);
}

TEST_F(AdminApiTest, AcceptsSeveralTokensAndRejectsShortOnes) {
  start({std::string(kToken), "another-token-of-length"});
  EXPECT_CALL(backend_, pools).WillOnce(Return(json::object{{"items", json::array{}}}));
  EXPECT_EQ(get("/api/v1/pools", bearer("another-token-of-length")).status, 200);
  EXPECT_FALSE(AdminApi::make(backend_, pool_, {{"short"}, {}, {}, {}}).has_value());
}

TEST_F(AdminApiTest, SlowsTokenGuessing) {
  start();
  int limited = 0;
  for (int i = 0; i < 40; ++i) limited += get("/api/v1/leads").status == 429 ? 1 : 0;
  EXPECT_EQ(limited, 20);
  EXPECT_CALL(backend_, pools).WillOnce(Return(json::object{}));
  EXPECT_EQ(get("/api/v1/pools", bearer()).status, 200);
}

TEST_F(AdminApiTest, PagesAndFiltersLists) {
  start();
  ListQuery seen;
  EXPECT_CALL(backend_, leads).WillOnce([&](const ListQuery& q) {
    seen = q;
    return json::object{{"items", json::array{}}, {"next_cursor", "c2"}};
  });
  const auto answer = get("/api/v1/leads?limit=20&cursor=c1&stage=mql&owner=anna%20b", bearer());
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("cache-control"), "no-store");
  EXPECT_EQ(seen.cursor, "c1");
  EXPECT_EQ(seen.limit, 20);
  EXPECT_EQ(seen.filters,
            (std::map<std::string, std::string>{{"owner", "anna b"}, {"stage", "mql"}}));
}

TEST_F(AdminApiTest, RejectsUnknownAndInvalidParameters) {
  start();
  for (const auto* query : {"limit=0", "limit=201", "limit=ten", "limit=", "stagge=mql"}) {
    const auto answer = get("/api/v1/leads?" + std::string(query), bearer());
    EXPECT_EQ(answer.status, 422) << query;
    EXPECT_EQ(code_of(answer), "invalid_input");
  }
  EXPECT_EQ(get("/api/v1/leads/p1/explain?lang=fr", bearer()).status, 422);
}

TEST_F(AdminApiTest, ReadsOneLead) {
  start();
  EXPECT_CALL(backend_, lead("p1.1"_lead)).WillOnce(Return(json::object{{"id", "p1.1"}}));
  EXPECT_CALL(backend_, timeline("p1.1"_lead, _)).WillOnce(Return(json::object{}));
  EXPECT_CALL(backend_, explain("p1.1"_lead, std::string_view("de")))
      .WillOnce(Return(json::object{}));
  EXPECT_CALL(backend_, report(std::string_view("sla"), _)).WillOnce(Return(json::object{}));
  EXPECT_EQ(get("/api/v1/leads/p1.1", bearer()).body, R"({"id":"p1.1"})");
  EXPECT_EQ(get("/api/v1/leads/p1.1/timeline", bearer()).status, 200);
  EXPECT_EQ(get("/api/v1/leads/p1.1/explain?lang=de", bearer()).status, 200);
  EXPECT_EQ(get("/api/v1/reports/sla?from=2026-01-01T00:00:00Z", bearer()).status, 200);
}

TEST_F(AdminApiTest, ListsClocksAlertsOutboxAndDeadLetters) {
  start();
  EXPECT_CALL(backend_, clocks).WillOnce(Return(json::object{}));
  EXPECT_CALL(backend_, alerts).WillOnce(Return(json::object{}));
  EXPECT_CALL(backend_, outbox).WillOnce(Return(json::object{}));
  EXPECT_CALL(backend_, dead_letters).WillOnce(Return(json::object{}));
  EXPECT_CALL(backend_, dead_letter(std::string_view("3:17-0"))).WillOnce(Return(json::object{}));
  EXPECT_CALL(backend_, retry_dead_letter(std::string_view("3:17-0"))).WillOnce(Return(Status()));
  EXPECT_CALL(backend_, drop_dead_letter(std::string_view("3:17-0")))
      .WillOnce(Return(error(Errc::kNotFound, "gone")));
  for (const auto* path : {"clocks", "alerts", "outbox", "dead-letters"})
    EXPECT_EQ(get("/api/v1/" + std::string(path), bearer()).status, 200) << path;
  EXPECT_EQ(get("/api/v1/dead-letters/3:17-0", bearer()).status, 200);
  EXPECT_EQ(act("/api/v1/dead-letters/3:17-0/retry", "").status, 200);
  EXPECT_EQ(act("/api/v1/dead-letters/3:17-0/drop", "").status, 404);
}

TEST_F(AdminApiTest, StartsAReindexAndReportsItsProgress) {
  start();
  EXPECT_CALL(backend_, start_reindex).WillOnce(Return(json::object{{"running", true}}));
  EXPECT_CALL(backend_, reindex).WillOnce(Return(json::object{{"running", false}}));
  EXPECT_EQ(act("/api/v1/reindex", "").status, 202);
  EXPECT_EQ(get("/api/v1/reindex", bearer()).status, 200);
}

TEST_F(AdminApiTest, ForwardsFeedback) {
  start();
  FeedbackForm seen;
  EXPECT_CALL(backend_, feedback("p1.1"_lead, _))
      .WillOnce([&](const LeadId&, const SalesFeedback& f) {
        seen = to_form(f);
        return Status();
      });
  const auto answer =
      act("/api/v1/leads/p1.1/reject", R"({"rep":"anna","reason":"wrong_region","note":"n"})",
          "Idempotency-Key: k-1\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"lead":"p1.1","id":"api:k-1"})");
  EXPECT_EQ(seen.kind, FeedbackKind::kReject);
  EXPECT_EQ(seen.id, "api:k-1");
  EXPECT_EQ(seen.via, "api");
  EXPECT_EQ(seen.rep, "anna");
  EXPECT_EQ(seen.reason, "wrong_region");
  EXPECT_EQ(seen.at.ms, now_ms_);
}

TEST_F(AdminApiTest, KnowsAllVerbs) {
  start();
  std::vector<FeedbackKind> kinds;
  EXPECT_CALL(backend_, feedback).WillRepeatedly([&](const LeadId&, const SalesFeedback& f) {
    kinds.push_back(kind_of(f));
    return Status();
  });
  const std::vector<std::pair<std::string, std::string>> calls = {
      {"accept", ""},
      {"attempt",
       R"({"channel":"phone","outcome":"busy","evidence":"call-7","at":"2020-01-01T00:00:00Z"})"},
      {"attempt", R"({"channel":"phone","outcome":"reached"})"},
      {"qualify", "{}"},
      {"recycle", R"({"reason":"later","wake_at":"2027-01-01T00:00:00Z"})"},
      {"disqualify", R"({"reason":"student"})"},
      {"icp", R"({"fits":false})"}};
  for (const auto& [verb, body] : calls)
    EXPECT_EQ(act("/api/v1/leads/p/" + verb, body).status, 200) << verb;
  using enum FeedbackKind;
  EXPECT_THAT(kinds, ::testing::ElementsAre(kAccept, kAttempt, kReached, kQualify, kRecycle,
                                            kDisqualify, kIcp));
  EXPECT_EQ(fresh_, 7);
}

TEST_F(AdminApiTest, AcceptsWorkDoneOnALead) {
  start();
  std::vector<FeedbackForm> said;
  EXPECT_CALL(backend_, feedback).WillRepeatedly([&](const LeadId&, const SalesFeedback& f) {
    said.push_back(to_form(f));
    return Status();
  });
  const std::vector<std::pair<std::string, std::string>> calls = {
      {"task",
       R"({"outcome":"fit","item":"p.1/t1","facts":{"phone":"+49 89 123456","email":"Erika@EXAMPLE.com","company":{"name":"Beispiel GmbH"}}})"},
      {"meeting", R"({"outcome":"booked","host":"anna","wake_at":"2027-01-01T09:00:00Z"})"},
      {"reason", R"({"reason":"price"})"},
      {"reopen", R"({"rep":"anna","reason":"mistaken_identity"})"}};
  for (const auto& [verb, body] : calls)
    EXPECT_EQ(act("/api/v1/leads/p/" + verb, body).status, 200) << verb;
  ASSERT_EQ(said.size(), 4U);
  EXPECT_EQ(said[0].kind, FeedbackKind::kTask);
  EXPECT_EQ(said[0].item, "p.1/t1");
  EXPECT_EQ(said[0].facts.phone, "+4989123456");
  EXPECT_EQ(said[0].facts.email, "Erika@example.com");
  EXPECT_EQ(said[0].facts.company.name, "Beispiel GmbH");
  EXPECT_EQ(said[1].kind, FeedbackKind::kMeeting);
  EXPECT_EQ(said[1].host, "anna");
  EXPECT_TRUE(said[1].wake_at);
  EXPECT_EQ(said[2].kind, FeedbackKind::kReason);
  EXPECT_EQ(said[3].kind, FeedbackKind::kReopen);
}

TEST_F(AdminApiTest, ReportsInvalidFacts) {
  start();
  const std::vector<std::string> facts = {
      R"("x")",         R"({"phone":"089 1234"})", R"({"email":"erika"})",      R"({"age":"4"})",
      R"({"phone":7})", R"({"company":"x"})",      R"({"company":{"nam":"x"}})"};
  for (const auto& one : facts) {
    EXPECT_EQ(act("/api/v1/leads/p/task", R"({"outcome":"fit","facts":)" + one + "}").status, 422)
        << one;
  }
  EXPECT_EQ(act("/api/v1/leads/p/reopen", R"({"reason":"x"})").status, 422);
}

TEST_F(AdminApiTest, ListsTasksAndAppointmentsByTheirFilters) {
  start();
  EXPECT_CALL(backend_, tasks).WillOnce([](const ListQuery& query) {
    EXPECT_EQ(query.filters.at("kind"), "qualify");
    return json::object{{"items", json::array()}};
  });
  EXPECT_EQ(get("/api/v1/tasks?kind=qualify&team=sales", bearer()).status, 200);
  EXPECT_EQ(get("/api/v1/tasks?rep=anna", bearer()).status, 422);
  EXPECT_CALL(backend_, meetings).WillOnce(Return(json::object{{"items", json::array()}}));
  EXPECT_EQ(get("/api/v1/meetings?rep=anna&state=booked", bearer()).status, 200);
}

TEST_F(AdminApiTest, ReportsInvalidFeedback) {
  start();
  const std::vector<std::pair<std::string, std::string>> calls = {
      {"reject", "{}"},
      {"reject", R"({"reason":""})"},
      {"reject", R"({"reason":7})"},
      {"attempt", R"({"channel":"phone"})"},
      {"icp", R"({"fits":"yes"})"},
      {"accept", R"({"repp":"anna"})"},
      {"accept", "[]"},
      {"accept", "{"},
      {"recycle", R"({"reason":"x","wake_at":"soon"})"},
      {"accept", R"({"note":")" + std::string(2001, 'n') + "\"}"}};
  for (const auto& [verb, body] : calls)
    EXPECT_EQ(act("/api/v1/leads/p/" + verb, body).status, 422) << verb << body;
  EXPECT_EQ(act("/api/v1/leads/p/accept", "", "Idempotency-Key: a b\r\n").status, 422);
  EXPECT_EQ(act("/api/v1/leads/p/accept", std::string(70'000, ' ')).status, 413);
}

TEST_F(AdminApiTest, MapsErrorsToStatuses) {
  start();
  const std::vector<std::pair<Errc, int>> cases = {
      {Errc::kNotFound, 404},     {Errc::kConflict, 409},    {Errc::kInvalidInput, 422},
      {Errc::kUnauthorised, 403}, {Errc::kRateLimited, 429}, {Errc::kTransient, 503},
      {Errc::kPermanent, 500},    {Errc::kInternal, 500}};
  for (const auto& [code, status] : cases) {
    EXPECT_CALL(backend_, feedback).WillOnce(Return(error(code, "why")));
    const auto answer = act("/api/v1/leads/p/accept", "");
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json");
  }
}

TEST_F(AdminApiTest, KnowsItsPathsAndMethods) {
  start();
  EXPECT_EQ(get("/nothing").status, 404);
  EXPECT_EQ(get("/api/v1/leads/a/b/c", bearer()).status, 404);
  EXPECT_EQ(get("/api/v1/leads/%22", bearer()).status, 404);
  const auto answer = get("/api/v1/leads/p/accept", bearer());
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.headers.at("allow"), "POST");
  EXPECT_EQ(ask(post("/healthz", "")).status, 405);
}

TEST_F(AdminApiTest, TheRoutesMatchTheContract) {
  std::string contract;
  for (const auto& file : embedded_api()) {
    if (file.path == "gateway/api/openapi.yaml") contract = file.content;
  }
  Findings findings;
  const auto document = parse_yaml(contract, "openapi.yaml", findings);
  ASSERT_FALSE(has_errors(findings)) << to_string(findings.front());
  std::set<std::string> written, served;
  for (const auto& path : *object(document.value.get_object(), "paths")) {
    for (const auto& method : path.value().get_object())
      written.insert(std::string(method.key()) + " " + std::string(path.key()));
  }
  for (const auto& route : admin_routes())
    served.insert((route.method == "GET" ? "get " : "post ") + std::string(route.pattern));
  EXPECT_EQ(written, served);
}

}  // namespace
}  // namespace baton
