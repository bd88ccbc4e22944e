#include "gateway/app/messages/messages.h"

#include <gtest/gtest.h>

#include "mapping/json/json.h"
#include "tests/support/ids.h"

namespace baton {
namespace {

Instant at(const char* text) { return parse_rfc3339(text).value(); }

Notice notice(NoticeKind kind) {
  Notice n;
  n.key = "p1:accept#1:100:anna";
  n.kind = kind;
  n.recipient = "anna"_rep;
  n.data =
      parse_json(
          R"({"name":"Erika Beispiel","company":"Beispiel GmbH","phone":"+4930123456","email":"erika.beispiel@example.com",
    "job_title":"Einkauf","ask":"Bitte ein Angebot für 200 Plätze","lead":"p1.1","person":"p1","handover":"p1.1/1","owner":"anna",
    "waiting_since":"2026-03-03T09:00:00Z","due":"2026-03-03T09:30:00Z",
    "dues":{"accept":"2026-03-03T09:30:00Z","first_contact":"2026-03-04T08:00:00Z"},
    "reason":{"code":"why.asked","facts":{"type":"transactional"}}})")
          .value()
          .as_object();
  return n;
}

MessageContext context(const char* language) {
  MessageContext c;
  c.texts = texts_in(language);
  c.zone = "Europe/Berlin";
  c.recipient_name = "Anna Muster";
  c.accept_url = "https://x.example/a/1";
  c.reject_url = "https://x.example/a/2";
  return c;
}

// All a reader sees, as lines.
std::string shown(const Message& m) {
  std::string out = m.headline + '\n';
  for (const auto& [label, value] : m.facts) out += label + ": " + value + '\n';
  if (!m.quote.empty()) out += "> " + m.quote + '\n';
  for (const auto& link : m.links)
    out += (link.primary ? "[*" : "[") + link.label + "] " + link.url + '\n';
  return out;
}

const char* const kOfferGerman =
    "Erika Beispiel (Beispiel GmbH): wartet 6 Min., neuer Lead für Sie\n"
    "Unternehmen: Beispiel GmbH\n"
    "Position: Einkauf\n"
    "Grund: hat ein Angebot angefragt\n"
    "Nächster Schritt: annehmen oder ablehnen, spätestens heute 10:30\n"
    "Annehmen bis: heute 10:30\n"
    "Erstkontakt bis: morgen 09:00\n"
    "Telefon: +4930123456\n"
    "E-Mail: erika.beispiel@example.com\n"
    "> Bitte ein Angebot für 200 Plätze\n"
    "[*Annehmen] https://x.example/a/1\n"
    "[Anrufen] tel:+4930123456\n"
    "[Ablehnen] https://x.example/a/2\n";

const char* const kOfferEnglish =
    "Erika Beispiel (Beispiel GmbH): waiting 6 min, new lead for you\n"
    "Company: Beispiel GmbH\n"
    "Position: Einkauf\n"
    "Why: asked for a quote\n"
    "Next step: accept or reject, today 10:30 at the latest\n"
    "Accept by: today 10:30\n"
    "First contact by: tomorrow 09:00\n"
    "Phone: +4930123456\n"
    "E-mail: erika.beispiel@example.com\n"
    "> Bitte ein Angebot für 200 Plätze\n"
    "[*Accept] https://x.example/a/1\n"
    "[Call] tel:+4930123456\n"
    "[Reject] https://x.example/a/2\n";

TEST(Messages, OfferInBothLanguages) {
  const auto now = at("2026-03-03T09:06:10Z");
  EXPECT_EQ(shown(compose(notice(NoticeKind::kOffer), context("de"), now)), kOfferGerman);
  EXPECT_EQ(shown(compose(notice(NoticeKind::kOffer), context("en"), now)), kOfferEnglish);
}

TEST(Messages, HeadlinesOfAllKinds) {
  const auto headline = [](NoticeKind kind, const char* language, const char* now) {
    return compose(notice(kind), context(language), at(now)).headline;
  };
  const char* before = "2026-03-03T09:26:00Z";
  const char* after = "2026-03-03T11:05:00Z";
  EXPECT_EQ(headline(NoticeKind::kWarning, "de", before),
            "Erika Beispiel (Beispiel GmbH): wartet 26 Min., Frist endet in 4 Min.");
  EXPECT_EQ(headline(NoticeKind::kWarning, "en", before),
            "Erika Beispiel (Beispiel GmbH): waiting 26 min, due in 4 min");
  EXPECT_EQ(headline(NoticeKind::kBreach, "de", after),
            "Erika Beispiel (Beispiel GmbH): wartet 2 Std. 5 Min., Frist seit 1 Std. 35 Min. "
            "überschritten");
  EXPECT_EQ(headline(NoticeKind::kBreach, "en", after),
            "Erika Beispiel (Beispiel GmbH): waiting 2 h 5 min, overdue by 1 h 35 min");
  EXPECT_EQ(headline(NoticeKind::kEscalation, "de", after),
            "Erika Beispiel (Beispiel GmbH): wartet 2 Std. 5 Min., Eskalation, Frist seit 1 Std. "
            "35 Min. überschritten");
  EXPECT_EQ(headline(NoticeKind::kReassigned, "en", after),
            "Erika Beispiel (Beispiel GmbH): waiting 2 h 5 min, reassigned, because it was not "
            "accepted in time");
  EXPECT_EQ(headline(NoticeKind::kWithdrawn, "de", after),
            "Erika Beispiel (Beispiel GmbH): zurückgezogen, nichts mehr zu tun");
  EXPECT_EQ(headline(NoticeKind::kResolved, "en", after),
            "Erika Beispiel (Beispiel GmbH): done after the deadline");
  auto nobody = notice(NoticeKind::kEscalation);
  nobody.data["nobody"] = true;
  EXPECT_EQ(compose(nobody, context("en"), at(after)).headline,
            "Erika Beispiel (Beispiel GmbH): waiting 2 h 5 min, escalation, no owner");
}

TEST(Messages, WithoutABasisForCallsTheyGiveNoNumberAndSayWhatIsAllowed) {
  auto offer = notice(NoticeKind::kOffer);
  offer.data.erase("phone");
  offer.data["blocked"] = "consumer";
  offer.data["channels"] = json::array{"email", "letter"};
  const auto text = shown(compose(offer, context("de"), at("2026-03-03T09:06:00Z")));
  EXPECT_NE(text.find("Telefon: bitte nicht anrufen (Privatperson ohne Einwilligung in "
                      "Anrufe); erlaubt: E-Mail, Brief\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("tel:"), std::string::npos);
}

TEST(Messages, NeverShowIdsOfBatons) {
  for (const auto kind : {NoticeKind::kOffer, NoticeKind::kWarning, NoticeKind::kBreach,
                          NoticeKind::kEscalation, NoticeKind::kReassigned, NoticeKind::kWithdrawn,
                          NoticeKind::kResolved, NoticeKind::kTask, NoticeKind::kCorrected}) {
    for (const char* language : {"de", "en"}) {
      const auto all = shown(compose(notice(kind), context(language), at("2026-03-03T09:06:10Z")));
      for (const char* id : {"p1", "anna", "accept#1"})
        EXPECT_EQ(all.find(id), std::string::npos) << all;
    }
  }
}

TEST(Messages, StayOneLineWhateverTheNameHolds) {
  auto n = notice(NoticeKind::kOffer);
  n.data["name"] = "Erika\nFrist: egal\x01";
  const auto headline = compose(n, context("de"), at("2026-03-03T09:06:10Z")).headline;
  EXPECT_EQ(headline.find('\n'), std::string::npos);
  EXPECT_TRUE(headline.starts_with("Erika Frist: egal  (Beispiel GmbH)")) << headline;
}

TEST(Messages, TellTheTimeInTheReadersZoneOverTheClockChange) {
  const auto now = at("2026-03-27T10:00:00Z");
  EXPECT_EQ(moment_text(at("2026-03-28T23:30:00Z"), now, "Europe/Berlin", *texts_in("de")),
            "So 29.03. 00:30");
  EXPECT_EQ(moment_text(at("2026-03-29T01:00:00Z"), now, "Europe/Berlin", *texts_in("de")),
            "So 29.03. 03:00");
  EXPECT_EQ(moment_text(at("2026-03-29T01:00:00Z"), now, "America/New_York", *texts_in("en")),
            "tomorrow 21:00");
  EXPECT_EQ(moment_text(at("2026-03-31T01:00:00Z"), now, "Europe/Berlin", *texts_in("en")),
            "Tue 31 Mar 03:00");
}

TEST(Messages, SayHowLongALeadHasWaited) {
  EXPECT_EQ(waiting_text(seconds(59), *texts_in("de")), "59 Sek.");
  EXPECT_EQ(waiting_text(seconds(-5), *texts_in("en")), "0 s");
  EXPECT_EQ(waiting_text(minutes(59), *texts_in("de")), "59 Min.");
  EXPECT_EQ(waiting_text(hours(2), *texts_in("de")), "2 Std.");
  EXPECT_EQ(waiting_text(hours(47) + minutes(1), *texts_in("en")), "47 h 1 min");
  EXPECT_EQ(waiting_text(days(3), *texts_in("de")), "3 Tage");
}

TEST(AlertRoutes, ChooseTheFirstThatFits) {
  Findings findings;
  const auto yaml = parse_yaml(
      "channels:\n  - {name: sales, adapter: slack, mode: observe}\n  - {name: heads, adapter: "
      "slack, mode: observe}\n"
      "routes:\n  - {channel: heads, kinds: [escalation]}\n  - {channel: sales, recipients: "
      "[anna]}\n  - {channel: "
      "nowhere}\n",
      "alerts.yaml", findings);
  const auto routes = load_alert_routes(yaml, findings);
  EXPECT_EQ(routes.channel("escalation", "anna"_rep), "heads");
  EXPECT_EQ(routes.channel("offer", "anna"_rep), "sales");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].code, "config.unknown_channel");
}

}  // namespace
}  // namespace baton
