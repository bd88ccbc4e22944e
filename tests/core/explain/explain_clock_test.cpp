#include "gateway/core/explain/explain_clock.h"

#include <gmock/gmock.h>

#include "tests/core/sim/core_sim.h"

namespace baton {
namespace {

using ::testing::HasSubstr;

// A request on the evening before Easter, called on the Tuesday after it.
const Instant kEvening = at("2026-04-02T14:57:00Z");  // 16:57 in Berlin

struct Told {
  std::string english, german;
};

Told dossier(const CoreSim& sim, std::string_view definition, Instant now) {
  const auto& clock = *sim.clock(definition);
  const auto* calendar = sim.policy->calendars.find(clock.calendar);
  const ClockDossier d{sim.person,
                       clock,
                       sim.policy->sla->find(definition),
                       calendar != nullptr ? *calendar : BusinessCalendar::always(),
                       sim.log,
                       now};
  NarrationStyle english(texts_in("en")), german(texts_in("de"));
  english.zone = german.zone = "Europe/Berlin";
  english.name =
      german.name = [&](std::string_view id) { return sim.policy->routing->rep(RepId(id))->name; };
  return {explain_clock(d, english), explain_clock(d, german)};
}

TEST(ExplainClock, ABreachIsDefendedDayByDayWithHolidaysAndReaders) {
  CoreSim sim(template_policy());
  sim.touch(kEvening, demo_request("t1", kEvening));
  const Instant tuesday = at("2026-04-07T08:00:00Z");
  sim.run_until(tuesday);
  const auto told = dossier(sim, "first_contact", tuesday);
  EXPECT_THAT(told.english, HasSubstr("breached on Tue"));
  EXPECT_THAT(told.english, HasSubstr("5 min of business time from Thu 2 Apr 2026, 16:57"));
  EXPECT_THAT(told.english, HasSubstr("holiday: Karfreitag"));
  EXPECT_THAT(told.english, HasSubstr("holiday: Ostermontag"));
  EXPECT_THAT(told.english, HasSubstr("closed on that day"));
  EXPECT_THAT(told.english, HasSubstr("breach reported to Lena Leitung"));
  EXPECT_THAT(told.english,
              HasSubstr("rules at the breach: policy " + sim.policy->hash.substr(0, 12)));
  EXPECT_THAT(told.english, HasSubstr("still running"));
  EXPECT_THAT(told.german, HasSubstr("überschritten am"));
  EXPECT_THAT(told.german, HasSubstr("Feiertag: Karfreitag"));
  EXPECT_THAT(told.german, HasSubstr("Überschreitung gemeldet an Lena Leitung"));
}

TEST(ExplainClock, APauseNamesItsReasonAndAStopItsEvidence) {
  CoreSim sim(template_policy());
  const Instant now = at("2026-03-09T09:00:00Z");
  sim.touch(now, demo_request("t1", now));
  auto wrong = says(FeedbackKind::kReject, "f1", sim.lead().owner.str());
  wrong.reason = "data_wrong";
  sim.feedback(now + minutes(1), wrong);
  const auto paused = dossier(sim, "first_contact", now + minutes(30));
  EXPECT_THAT(paused.english, HasSubstr("paused: marketing is correcting the data"));
  EXPECT_THAT(paused.german, HasSubstr("angehalten: Marketing korrigiert die Daten"));
  EXPECT_THAT(paused.english, HasSubstr("1 min counted, 29 min paused, 0 s closed in total"));

  CoreSim called(template_policy());
  called.touch(now, demo_request("t1", now));
  called.feedback(now + minutes(2), reached("f1", called.lead().owner.str(), now + minutes(2)));
  const auto kept = dossier(called, "first_contact", now + minutes(30));
  EXPECT_THAT(kept.english, HasSubstr("): met\n"));
  EXPECT_THAT(kept.english, HasSubstr("stopped on Mon"));
  EXPECT_THAT(kept.english, HasSubstr("  - no one\n"));
}

TEST(ExplainClock, AClockOnTheWallCountsNightsInOnePiece) {
  CoreSim sim(template_policy());
  sim.answer_requests = false;
  sim.touch(kEvening, demo_request("t1", kEvening));
  const auto told = dossier(sim, "assign", kEvening + hours(40));
  EXPECT_THAT(told.english, HasSubstr("nights and holidays included"));
  EXPECT_THAT(told.english, HasSubstr("40 h counted"));
}

}  // namespace
}  // namespace baton
