#include "gateway/app/messages/next_step.h"

#include <gtest/gtest.h>

#include "mapping/json/json.h"
#include "tests/support/ids.h"

namespace baton {
namespace {

Instant at(const char* text) { return parse_rfc3339(text).value(); }

const Instant kNow = at("2026-03-03T09:00:00Z");  // Tuesday, 10:00 in Berlin

Notice notice(NoticeKind kind, const char* clock = "") {
  Notice n;
  n.kind = kind;
  n.recipient = "anna"_rep;
  n.clock = clock;
  n.data =
      parse_json(
          R"({"phone":"+4930123456","owner":"anna","type":"hand_raiser","due":"2026-03-03T09:05:00Z",
    "dues":{"accept":"2026-03-03T13:00:00Z","first_contact":"2026-03-03T09:05:00Z"}})")
          .value()
          .as_object();
  return n;
}

MessageContext context(const char* language) {
  MessageContext c;
  c.texts = texts_in(language);
  c.zone = "Europe/Berlin";
  c.owner_name = "Anna Muster";
  return c;
}

void expect(const Notice& n, MessageContext c, const char* english, const char* german) {
  c.texts = texts_in("en");
  EXPECT_EQ(next_step(n, c, kNow), english);
  c.texts = texts_in("de");
  EXPECT_EQ(next_step(n, c, kNow), german);
}

TEST(NextStep, SaysWhatToDoAndByWhen) {
  expect(notice(NoticeKind::kOffer), context("en"), "accept and call, today 10:05 at the latest",
         "annehmen und anrufen, spätestens heute 10:05");
  expect(notice(NoticeKind::kWarning, "first_contact"), context("en"),
         "call and record the result, today 10:05 at the latest",
         "anrufen und das Ergebnis festhalten, spätestens heute 10:05");
  auto task = notice(NoticeKind::kTask);
  task.data["task_kind"] = "reschedule";
  expect(task, context("en"), "agree on a new date and record it, today 10:05 at the latest",
         "neuen Termin vereinbaren und festhalten, spätestens heute 10:05");
  task.data["task_kind"] = "qualify";
  task.data.erase("dues");
  expect(task, context("en"), "check whether it fits and add what is missing (no deadline)",
         "prüfen, ob es passt, und Fehlendes ergänzen (ohne Frist)");
}

TEST(NextStep, CountsOnlyClocksThatRun) {
  auto c = context("en");
  c.clock_runs = [](std::string_view clock) { return clock == "accept"; };
  expect(notice(NoticeKind::kOffer), c, "accept and call, today 14:00 at the latest",
         "annehmen und anrufen, spätestens heute 14:00");
}

TEST(NextStep, SaysThatADeadlineHasPassed) {
  auto late = notice(NoticeKind::kBreach, "first_contact");
  late.data["due"] = "2026-03-03T08:55:00Z";
  expect(late, context("en"), "call and record the result at once; the deadline was today 09:55",
         "anrufen und das Ergebnis festhalten, und zwar sofort; die Frist war heute 09:55");
}

TEST(NextStep, AsksForNoCallIfNoneIsPossible) {
  auto offer = notice(NoticeKind::kOffer);
  offer.data.erase("phone");
  expect(offer, context("en"), "accept and write (no call possible), today 10:05 at the latest",
         "annehmen und schreiben (kein Anruf möglich), spätestens heute 10:05");
}

TEST(NextStep, OfARepWhoLostTheLeadIsNothing) {
  auto c = context("en");
  c.passed_on = true;
  c.now_with = "Max Muster";
  for (const auto kind : {NoticeKind::kBreach, NoticeKind::kReassigned}) {
    const auto n = notice(kind, "first_contact");
    expect(n, c, "nothing is left to do for you; the lead is now with Max Muster",
           "für Sie ist nichts mehr zu tun; der Lead ist jetzt bei Max Muster");
    const auto message = compose(n, c, kNow);
    EXPECT_TRUE(message.links.empty());
    for (const auto& [label, value] : message.facts) EXPECT_NE(label, "Due") << value;
  }
  c.now_with.clear();  // the pool still picks
  expect(notice(NoticeKind::kReassigned), c, "nothing is left to do for you",
         "für Sie ist nichts mehr zu tun");
}

TEST(NextStep, OfTheTeamLeadKnowsTheNewOwner) {
  auto breach = notice(NoticeKind::kBreach, "first_contact");
  breach.recipient = "lena"_rep;
  expect(breach, context("en"),
         "talk to Anna Muster or reassign the lead, today 10:05 at the latest",
         "mit Anna Muster sprechen oder den Lead neu vergeben, spätestens heute 10:05");
  auto c = context("en");
  c.passed_on = true;
  c.now_with = "Max Muster";
  expect(breach, c, "see that Max Muster, who has the lead now, calls at once",
         "darauf achten, dass Max Muster jetzt sofort anruft; der Lead ist neu vergeben");
}

TEST(NextStep, OfAHostIsTheMeeting) {
  auto c = context("en");
  c.meeting_at = at("2026-03-05T13:00:00Z");
  expect(notice(NoticeKind::kOffer), c, "hold the meeting Thu 5 Mar 14:00 and record its outcome",
         "den Termin Do 05.03. 14:00 wahrnehmen und das Ergebnis festhalten");
  EXPECT_NE(compose(notice(NoticeKind::kOffer), c, kNow).headline.find("booked a meeting with you"),
            std::string::npos);
}

TEST(NextStep, ADateOfAnotherYearHasItsYear) {
  EXPECT_EQ(moment_text(at("2027-07-01T08:00:00Z"), kNow, "Europe/Berlin", *texts_in("de")),
            "Do 01.07.2027 10:00");
  EXPECT_EQ(moment_text(at("2027-07-01T08:00:00Z"), kNow, "Europe/Berlin", *texts_in("en")),
            "Thu 1 Jul 2027 10:00");
}

}  // namespace
}  // namespace baton
