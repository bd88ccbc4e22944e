#include "gateway/app/messages/digest.h"

#include <gtest/gtest.h>

#include "gateway/app/reports/digest_data.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

Instant at(const char* text) { return parse_rfc3339(text).value(); }

Label label(const char* english, const char* german) {
  Label label{english};
  label.set("de", german);
  return label;
}

DigestData yesterday() {
  DigestData data;
  data.from = at("2026-03-03T06:00:00Z");
  data.to = at("2026-03-04T06:00:00Z");
  data.pools = {
      {"Vertrieb Nord", 12, 9, 2, 1, {{"no_budget", {}, 1}}, 1, 0},
      {"Vertrieb Süd",
       5,
       1,
       0,
       4,
       {{"wrong_region", Label("falsches Gebiet"), 1}, {"no_budget", Label("kein Budget"), 3}},
       3,
       2}};
  data.forecasts = {{"Vertrieb Nord", "first_contact", 8, 3, at("2026-03-04T13:00:00Z"),
                     at("2026-03-04T10:20:00Z"), label("first contact", "Erstkontakt")},
                    {"Vertrieb Süd",
                     "accept",
                     4,
                     0,
                     at("2026-03-04T13:00:00Z"),
                     {},
                     label("acceptance", "Annahme")}};
  return data;
}

std::string shown(const Message& m) {
  std::string out = m.headline + '\n';
  for (const auto& [label, value] : m.facts) out += label + ": " + value + '\n';
  return out;
}

TEST(Digest, SaysTheSameInBothLanguages) {
  EXPECT_EQ(
      shown(compose_digest(yesterday(), *texts_in("de"), "Europe/Berlin")),
      "Übergaben seit Di 03.03. 07:00: 17 übergeben, 10 angenommen, 2 unberührt, 5 abgelehnt\n"
      "Zeitraum: Di 03.03. 07:00 – heute 07:00\n"
      "Vertrieb Nord: 12 übergeben, 9 angenommen, 2 unberührt, 1 abgelehnt (no budget 1), 1 "
      "Frist verpasst\n"
      "Vertrieb Süd: 5 übergeben, 1 angenommen, 0 unberührt, 4 abgelehnt (kein Budget 3, falsches "
      "Gebiet 1), "
      "3 Fristen verpasst, davon 2 ohne Verschulden des Vertriebs\n"
      "Vorschau Vertrieb Nord (Erstkontakt): 3 von 8 offenen Fristen werden bis heute 14:00 "
      "verpasst, wenn nichts geschieht, "
      "die erste heute 11:20\n"
      "Vorschau Vertrieb Süd (Annahme): bis heute 14:00 ist keine von 4 offenen Fristen in "
      "Gefahr\n");
  const auto english = shown(compose_digest(yesterday(), *texts_in("en"), "Europe/Berlin"));
  EXPECT_NE(english.find("Handovers since Tue 3 Mar 07:00: 17 handed over, 10 accepted, 2 "
                         "untouched, 5 rejected\n"),
            std::string::npos)
      << english;
  EXPECT_NE(english.find("Forecast Vertrieb Nord (first contact): 3 of 8 open deadlines will be "
                         "missed by today 14:00"),
            std::string::npos)
      << english;
}

TEST(Digest, CallsAClockAsThePolicyDoes) {
  auto data = yesterday();
  data.forecasts.front() = {
      "Vertrieb Nord", "own_clock", 8, 3, at("2026-03-04T13:00:00Z"), at("2026-03-04T10:20:00Z")};
  EXPECT_NE(shown(compose_digest(data, *texts_in("en"), "UTC"))
                .find("Forecast Vertrieb Nord (own clock): "),
            std::string::npos);
  data.forecasts.front().clock_label = label("answer the tender", "Ausschreibung beantworten");
  const auto kept = digest_from_json(digest_to_json(data));
  EXPECT_NE(shown(compose_digest(kept, *texts_in("en"), "UTC"))
                .find("Forecast Vertrieb Nord (answer the tender): "),
            std::string::npos);
  EXPECT_NE(shown(compose_digest(kept, *texts_in("de"), "UTC"))
                .find("Vorschau Vertrieb Nord (Ausschreibung beantworten): "),
            std::string::npos);
}

TEST(Digest, OfAQuietDayIsShortAndSaysWhenTheCrmIsSilent) {
  DigestData data;
  data.from = at("2026-03-03T06:00:00Z");
  data.to = at("2026-03-04T06:00:00Z");
  data.feedback_stale_since = at("2026-03-04T04:30:00Z");
  const auto message = compose_digest(data, *texts_in("de"), "Europe/Berlin");
  EXPECT_EQ(message.headline, "Übergaben seit Di 03.03. 07:00: keine");
  EXPECT_EQ(message.facts.back().second,
            "Das CRM hat seit heute 05:30 nicht geantwortet; manches kann schon erledigt sein.");
  EXPECT_EQ(text(message.data, "feedback_stale_since"), "2026-03-04T04:30:00Z");
}

}  // namespace
}  // namespace baton
