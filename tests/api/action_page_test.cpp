#include "gateway/api/action_page.h"

#include <gmock/gmock.h>

#include "gateway/api/action_forms.h"
#include "gateway/api/action_html.h"
#include "gateway/core/model/feedback_form.h"
#include "tests/api/api_fixture.h"
#include "tests/support/ids.h"
#include "tests/webhooks/edge/edge_fixture.h"

namespace baton {
namespace {

using test::post;
using test::RawAnswer;
using ::testing::_;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Return;

const std::vector<std::string> kKeys{"a key of at least thirty-two characters"};

class ActionPageTest : public test::ApiTest {
 protected:
  ActionPageTest()
      : claims_{"p1.1"_lead, "p1.1/1", "anna"_rep, "de", Instant{now_ms_} + hours(24)} {
    view_.current = true;
    view_.name = "Erika Beispiel";
    view_.company = "Beispiel & Söhne <GmbH>";
    view_.ask = "<script>alert(1)</script>";
    view_.phone = "+49 821 123456";
    view_.due_text = "Mo 09.03., 10:05";
    view_.reject_reasons = {{"wrong_region", "Falsches Gebiet"}};
  }
  void start(Rate rate = {100, 1000}) {
    ActionPageOptions options;
    options.keys = kKeys;
    options.rate = rate;
    options.now = [this] { return Instant{now_ms_}; };
    options.steady_ns = [this] { return now_ms_ * 1'000'000; };
    options.random_hex = [this] { return "fresh" + std::to_string(++fresh_); };
    page_ = std::make_unique<ActionPage>(backend_, pool_, std::move(options));
    serve([this] { return page_->handler(); });
  }
  void TearDown() override { server_.reset(); }
  std::string path() const { return "/a/" + make_action_token(claims_, kKeys[0]); }
  std::string form(std::string_view fields) const {
    return "nonce=" + make_page_nonce(path().substr(3), "n1", kKeys[0]) + "&" + std::string(fields);
  }
  RawAnswer submit(std::string_view fields) { return ask(post(path(), form(fields))); }
  void expect_feedback(FeedbackForm& seen) {
    EXPECT_CALL(backend_, action_view).WillRepeatedly(Return(view_));
    EXPECT_CALL(backend_, consume_once).WillOnce(Return(true));
    EXPECT_CALL(backend_, feedback("p1.1"_lead, _))
        .WillOnce([&](const LeadId&, const SalesFeedback& f) {
          seen = to_form(f);
          return Status();
        });
  }

  ActionClaims claims_;
  ActionView view_;
  std::unique_ptr<ActionPage> page_;
};

TEST_F(ActionPageTest, ShowsTheLeadAndChangesNothing) {
  start();
  EXPECT_CALL(backend_, action_view).WillRepeatedly(Return(view_));
  for (int i = 0; i < 3; ++i) {
    const auto answer = get(path());
    EXPECT_EQ(answer.status, 200);
    for (const auto* text :
         {"Erika Beispiel", "Beispiel &amp; Söhne &lt;GmbH&gt;", "Mo 09.03., 10:05",
          "tel:+49821123456", "Annehmen", "Nicht erreicht", "Falsches Gebiet", "lang=\"de\""})
      EXPECT_THAT(answer.body, HasSubstr(text));
    EXPECT_THAT(answer.body, Not(HasSubstr("<script")));
  }
}

TEST_F(ActionPageTest, IsNeitherCachedNorIndexedNorFramed) {
  start();
  EXPECT_CALL(backend_, action_view).WillRepeatedly(Return(view_));
  const auto answer = get(path());
  EXPECT_EQ(answer.headers.at("cache-control"), "no-store");
  EXPECT_EQ(answer.headers.at("referrer-policy"), "no-referrer");
  EXPECT_THAT(answer.headers.at("x-robots-tag"), HasSubstr("noindex"));
  EXPECT_THAT(answer.headers.at("content-security-policy"),
              HasSubstr("default-src 'none'; style-src 'sha256-"));
  EXPECT_EQ(answer.headers.at("x-frame-options"), "DENY");
}

TEST_F(ActionPageTest, UsesTheTokensLanguage) {
  start();
  claims_.language = "en";
  EXPECT_CALL(backend_, action_view).WillRepeatedly(Return(view_));
  EXPECT_THAT(get(path()).body, HasSubstr(">Accept<"));
}

TEST_F(ActionPageTest, Accepts) {
  start();
  FeedbackForm seen;
  expect_feedback(seen);
  const auto answer = submit("action=accept");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr("gespeichert"));
  EXPECT_THAT(answer.body, HasSubstr("Nächste Frist</dt><dd>Mo 09.03., 10:05"));
  EXPECT_EQ(seen.kind, FeedbackKind::kAccept);
  EXPECT_EQ(seen.rep, "anna");
  EXPECT_EQ(seen.handover, "p1.1/1");
  EXPECT_EQ(seen.via, "action_page");
  EXPECT_EQ(seen.at.ms, now_ms_);
  EXPECT_THAT(seen.id, ::testing::StartsWith("page:"));
}

TEST_F(ActionPageTest, RejectsWithAReason) {
  start();
  EXPECT_EQ(submit("action=reject&reason=").status, 400);
  FeedbackForm seen;
  expect_feedback(seen);
  EXPECT_EQ(submit("action=reject&reason=wrong_region&note=Sitz+in+%C3%96sterreich").status, 200);
  EXPECT_EQ(seen.kind, FeedbackKind::kReject);
  EXPECT_EQ(seen.reason, "wrong_region");
  EXPECT_EQ(seen.note, "Sitz in Österreich");
}

TEST_F(ActionPageTest, WithoutALegalBasisThePageShowsTheReasonInsteadOfTheNumber) {
  start();
  view_.phone.clear();
  view_.blocked = "Privatperson ohne Einwilligung in Anrufe";
  EXPECT_CALL(backend_, action_view).WillRepeatedly(Return(view_));
  const auto body = get(path()).body;
  EXPECT_THAT(body,
              HasSubstr("Anrufe sind nicht erlaubt: Privatperson ohne Einwilligung in Anrufe"));
  EXPECT_THAT(body, Not(HasSubstr("tel:")));
}

TEST_F(ActionPageTest, ATaskIsAnsweredWithTheFactsFoundOut) {
  start();
  view_.about = ActionSubject::kTask;
  claims_.subject = "p1.1/t1";
  FeedbackForm seen;
  expect_feedback(seen);
  const auto page = get(path()).body;
  for (const auto* text : {"Passt nicht", "Unklar", "name=\"phone\"", "for=\"email\""})
    EXPECT_THAT(page, HasSubstr(text));
  EXPECT_THAT(page, Not(HasSubstr("Annehmen")));
  EXPECT_EQ(
      submit("action=fit&job_title=Leiterin+Einkauf&company=Beispiel+GmbH&phone=&email=").status,
      200);
  EXPECT_EQ(seen.kind, FeedbackKind::kTask);
  EXPECT_EQ(seen.item, "p1.1/t1");
  EXPECT_EQ(seen.outcome, "fit");
  EXPECT_EQ(seen.facts.job_title, "Leiterin Einkauf");
  EXPECT_EQ(seen.facts.company.name, "Beispiel GmbH");
  EXPECT_EQ(submit("action=fit&phone=12").status, 400);
}

TEST_F(ActionPageTest, AfterAnAppointmentThePageAsksWhetherItTookPlace) {
  start();
  view_.meeting_text = "heute 09:00";
  view_.met = true;
  FeedbackForm seen;
  expect_feedback(seen);
  EXPECT_THAT(get(path()).body, HasSubstr("Nicht erschienen"));
  EXPECT_EQ(submit("action=held").status, 200);
  EXPECT_EQ(seen.kind, FeedbackKind::kMeeting);
  EXPECT_EQ(seen.outcome, "held");
}

TEST_F(ActionPageTest, AnAppointmentIsMovedToATimeInTheReadersZone) {
  start();
  view_.meeting_text = "Mi 04.03. 09:00";
  view_.zone = "Europe/Berlin";
  FeedbackForm seen;
  expect_feedback(seen);
  EXPECT_THAT(get(path()).body, Not(HasSubstr("Nicht erschienen")));  // it has not begun
  for (const auto* start : {"", "soon", "2020-01-01T10%3A00"}) {
    const auto answer = submit(std::string("action=moved&start=") + start);
    EXPECT_EQ(answer.status, 400);
    EXPECT_THAT(answer.body, HasSubstr("Zeitpunkt in der Zukunft"));
  }
  EXPECT_EQ(submit("action=moved&start=2026-07-01T10%3A00").status, 200);
  EXPECT_EQ(seen.kind, FeedbackKind::kMeeting);
  EXPECT_EQ(seen.outcome, "moved");
  EXPECT_EQ(to_rfc3339(seen.wake_at.value()), "2026-07-01T08:00:00Z");
}

TEST_F(ActionPageTest, RecordsTheOutcomeOfACallThatReachedNoOne) {
  start();
  FeedbackForm seen;
  expect_feedback(seen);
  EXPECT_EQ(submit("action=not_reached&outcome=busy").status, 200);
  EXPECT_EQ(seen.kind, FeedbackKind::kAttempt);
  EXPECT_EQ(seen.outcome, "busy");
  EXPECT_EQ(seen.channel, "phone");
  EXPECT_EQ(submit("action=not_reached&outcome=bounce").status, 400);
}

TEST_F(ActionPageTest, AcceptsReachedAndNotReached) {
  start();
  FeedbackForm seen;
  expect_feedback(seen);
  EXPECT_EQ(submit("action=reached").status, 200);
  EXPECT_EQ(seen.kind, FeedbackKind::kReached);
  expect_feedback(seen);
  EXPECT_EQ(submit("action=not_reached").status, 200);
  EXPECT_EQ(seen.kind, FeedbackKind::kAttempt);
  EXPECT_EQ(seen.outcome, "no_answer");
}

class AlertPageTest : public ActionPageTest {
 protected:
  AlertPageTest() {
    claims_.subject = alert_subject("p1.1"_lead, "first_contact#1"_clock);
    claims_.rep = "lena"_rep;
    view_.about = ActionSubject::kAlert;
    view_.reader = "Lena Muster";
    view_.owner = "Anna Muster";
    view_.snooze_reasons = {{"on_it", "ist dran"}};
    view_.snooze_choices = {{"1h", "1 Std. (heute 10:30)", Instant{now_ms_} + hours(1)}};
  }
};

TEST_F(AlertPageTest, OffersToAcknowledgeOrSnoozeAndChangesNothing) {
  start();
  view_.known_by = "Otto Muster";
  EXPECT_CALL(backend_, action_view).WillRepeatedly(Return(view_));
  const auto body = get(path()).body;
  for (const auto* text :
       {"Zur Kenntnis genommen", "Später erinnern", "ist dran", "1 Std. (heute 10:30)",
        "Lena Muster", "Anna Muster", "Otto Muster", "id=\"known\"", "id=\"later\""})
    EXPECT_THAT(body, HasSubstr(text));
  EXPECT_THAT(body, Not(HasSubstr("Annehmen")));
}

TEST_F(AlertPageTest, TheButtonAcknowledgesForTheReaderOfTheLink) {
  start();
  FeedbackForm seen;
  expect_feedback(seen);
  EXPECT_EQ(submit("action=acknowledge").status, 200);
  EXPECT_EQ(seen.kind, FeedbackKind::kAcknowledge);
  EXPECT_EQ(seen.rep, "lena");
  EXPECT_EQ(seen.clock, "first_contact#1");
  EXPECT_EQ(seen.handover, "");
}

TEST_F(AlertPageTest, SnoozesWithAReasonUntilAnOfferedTime) {
  start();
  FeedbackForm seen;
  expect_feedback(seen);
  EXPECT_THAT(submit("action=snooze&until=1h").body, HasSubstr("Grund"));
  EXPECT_EQ(submit("action=snooze&until=1h&reason=because").status, 400);
  EXPECT_THAT(submit("action=snooze&reason=on_it&until=10y").body,
              HasSubstr("Zeitpunkt in der Zukunft"));
  EXPECT_EQ(submit("action=snooze&reason=on_it&until=1h&note=Termin+beim+Kunden").status, 200);
  EXPECT_EQ(seen.kind, FeedbackKind::kSnooze);
  EXPECT_EQ(seen.reason, "on_it");
  EXPECT_EQ(seen.note, "Termin beim Kunden");
  EXPECT_EQ(seen.wake_at->ms, now_ms_ + hours(1).ms);
}

TEST_F(AlertPageTest, ALinkAcceptsOnlyWhatItsPageOffers) {
  start();
  EXPECT_EQ(submit("action=accept").status, 400);
  EXPECT_EQ(submit("action=reopen").status, 400);
  claims_.subject = "p1.1/1";
  EXPECT_EQ(submit("action=acknowledge").status, 400);
}

TEST_F(AlertPageTest, SaysThatTheAlertIsSettled) {
  start();
  view_.current = false;
  view_.over = true;
  EXPECT_CALL(backend_, action_view).WillRepeatedly(Return(view_));
  const auto answer = get(path());
  EXPECT_EQ(answer.status, 409);
  EXPECT_THAT(answer.body, HasSubstr("schon erledigt"));
  EXPECT_THAT(answer.body, Not(HasSubstr("Beispiel")));
  EXPECT_EQ(submit("action=acknowledge").status, 409);
}

TEST_F(ActionPageTest, ASecondPersonReturnsADisqualifiedLeadOrNot) {
  start();
  claims_.subject = reopen_subject("p1.1"_lead);
  view_.about = ActionSubject::kReopen;
  view_.asked_by = "Otto Muster";
  FeedbackForm seen;
  expect_feedback(seen);
  EXPECT_THAT(get(path()).body, HasSubstr("Otto Muster"));
  EXPECT_EQ(submit("action=reopen").status, 200);
  EXPECT_EQ(seen.kind, FeedbackKind::kReopen);
  EXPECT_EQ(seen.outcome, "agreed");
  EXPECT_EQ(seen.reason, "agreed");
  expect_feedback(seen);
  EXPECT_EQ(submit("action=keep_out").status, 200);
  EXPECT_EQ(seen.outcome, "declined");
}

TEST_F(ActionPageTest, APageActsOnce) {
  start();
  EXPECT_CALL(backend_, action_view).WillRepeatedly(Return(view_));
  EXPECT_CALL(backend_, consume_once).WillOnce(Return(true)).WillOnce(Return(false));
  EXPECT_CALL(backend_, feedback).Times(1).WillOnce(Return(Status()));
  EXPECT_EQ(submit("action=accept").status, 200);
  const auto again = submit("action=accept");
  EXPECT_EQ(again.status, 409);
  EXPECT_THAT(again.body, HasSubstr("schon gespeichert"));
}

TEST_F(ActionPageTest, IsRefusedOnceTheOwnerChanged) {
  start();
  view_.current = false;
  EXPECT_CALL(backend_, action_view).WillRepeatedly(Return(view_));
  const auto answer = get(path());
  EXPECT_EQ(answer.status, 409);
  EXPECT_THAT(answer.body, Not(HasSubstr("Beispiel")));
  EXPECT_EQ(submit("action=accept").status, 409);
}

TEST_F(ActionPageTest, RefusesForgedMalformedAndExpiredTokens) {
  start();
  const auto good = path();
  auto forged = good;
  forged[5] = forged[5] == 'A' ? 'B' : 'A';
  EXPECT_EQ(get(forged).status, 404);
  EXPECT_EQ(get("/a/nonsense").status, 404);
  EXPECT_EQ(get("/a/").status, 404);
  now_ms_ += hours(25).ms;
  EXPECT_EQ(get(good).status, 410);
  EXPECT_EQ(ask(post(good, form("action=accept"))).status, 410);
}

TEST_F(ActionPageTest, RequiresTheFormOfItsPage) {
  start();
  EXPECT_EQ(ask(post(path(), "action=accept")).status, 400);
  EXPECT_EQ(ask(post(path(), "action=accept&nonce=n1.forged")).status, 400);
  EXPECT_EQ(submit("action=explode").status, 400);
  EXPECT_EQ(submit("").status, 400);
  EXPECT_EQ(submit("action=reject&reason=" + std::string(200, 'x')).status, 400);
  EXPECT_EQ(submit("action=accept&note=" + std::string(9000, 'x')).status, 413);
}

TEST_F(ActionPageTest, SaysThatTheStoreIsDown) {
  start();
  EXPECT_CALL(backend_, action_view)
      .WillOnce(Return(error(Errc::kTransient, "away")))
      .WillRepeatedly(Return(view_));
  EXPECT_EQ(get(path()).status, 503);
  EXPECT_CALL(backend_, consume_once).WillOnce(Return(true));
  EXPECT_CALL(backend_, feedback).WillOnce(Return(error(Errc::kConflict, "not at this stage")));
  EXPECT_EQ(submit("action=accept").status, 409);
}

TEST_F(ActionPageTest, LimitsAnAddress) {
  start({1, 2});
  EXPECT_EQ(get("/a/x").status, 404);
  EXPECT_EQ(get("/a/x").status, 404);
  const auto answer = get("/a/x");
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.headers.at("retry-after"), "1");
}

TEST_F(ActionPageTest, RefusesOtherMethods) {
  start();
  EXPECT_EQ(ask("DELETE " + path() + " HTTP/1.1\r\nHost: h\r\n\r\n").status, 405);
}

class EdgeWithActionsTest : public test::EdgeTest {};

TEST_F(EdgeWithActionsTest, ThePublicListenerForwardsActions) {
  ::testing::StrictMock<test::MockBackend> backend;
  WorkerPool pool(1);
  ActionPageOptions options;
  options.keys = kKeys;
  options.now = [] { return Instant{0}; };
  options.steady_ns = [] { return std::int64_t{1}; };
  ActionPage page(backend, pool, std::move(options));
  start(page.handler());
  EXPECT_THAT(ask("GET /a/x HTTP/1.1\r\nHost: h\r\n\r\n").headers.at("content-type"),
              HasSubstr("text/html"));
  EXPECT_EQ(ask(post("/hooks/typeform", "{}")).status, 401);
  EXPECT_EQ(ask("GET /api/v1/leads HTTP/1.1\r\nHost: h\r\n\r\n").status, 404);
  server_.reset();
}

TEST(ActionHtml, EscapesEverythingThatCouldBeMarkup) {
  EXPECT_EQ(escape_html("<a href=\"x\" on='y'>&\x01"),
            "&lt;a href=&quot;x&quot; on=&#39;y&#39;&gt;&amp; ");
}

}  // namespace
}  // namespace baton
