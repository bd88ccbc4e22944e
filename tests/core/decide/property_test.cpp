#include <algorithm>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "gateway/core/model/transitions.h"
#include "gateway/core/sla/sla_clock.h"
#include "mapping/json/json.h"
#include "tests/core/sim/core_sim.h"

// The hard rules of the domain (section 6.3: 1, 2, 9, 10, 11, 12), over random histories.

namespace baton {
namespace {

struct Random {
  std::mt19937_64 engine;
  explicit Random(std::uint64_t seed) : engine(seed) {}
  std::int64_t below(std::int64_t n) {
    return static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(n));
  }
  bool one_in(std::int64_t n) { return below(n) == 0; }
  template <class T>
  const T& of(const std::vector<T>& all) {
    return all[static_cast<std::size_t>(below(static_cast<std::int64_t>(all.size())))];
  }
};

Touch random_touch(Random& random, int number, Instant now) {
  static const std::vector<TouchType> kTypes = {
      TouchType::kPageView,       TouchType::kContentDownload, TouchType::kFormSubmit,
      TouchType::kDemoRequest,    TouchType::kEmailClick,      TouchType::kPricingPageView,
      TouchType::kConsentChanged, TouchType::kEmailUnsubscribe};
  const auto type = random.of(kTypes);
  auto touch =
      make_touch("t" + std::to_string(number), type,
                 type == TouchType::kDemoRequest ? Intent::kHandRaiser : Intent::kInformational,
                 now - minutes(random.below(2'000)));
  touch.tracking_basis = random.one_in(3) ? "" : "consent";
  if (random.one_in(2)) touch.person.job_title = "Titel " + std::to_string(random.below(5));
  if (random.one_in(3)) touch.person.phone = "+4930" + std::to_string(1'000'000 + random.below(3));
  if (random.one_in(4))
    touch.consent.push_back({"marketing", "email", random.one_in(2), "express", "v1"});
  if (random.one_in(25)) touch.consent.push_back({"marketing", "all", random.one_in(2), "", ""});
  return touch;
}

FeedbackForm random_feedback(Random& random, int number, const CoreSim& sim, Instant now) {
  static const std::vector<std::string> kReasons = {
      "wrong_territory", "data_missing", "no_fit", "later", "no_need", "price", ""};
  static const std::vector<std::string> kStages = {"opportunity", "won", "lost"};
  FeedbackForm f;
  f.kind = static_cast<FeedbackKind>(random.below(10));
  f.id = "f" + std::to_string(number);
  f.via = random.one_in(2) ? "api" : "action_page";
  if (sim.person.lead && f.via == "action_page")
    f.rep = random.one_in(5) ? "max" : sim.person.lead->owner.str();
  f.reason = random.of(kReasons);
  f.stage = random.of(kStages);
  f.channel = random.one_in(4) ? "bot" : "phone";
  f.outcome = random.one_in(6)   ? "auto_reply"
              : random.one_in(4) ? "callback"
              : random.one_in(2) ? "reached"
                                 : "no_answer";
  f.actor = random.one_in(6) ? "bot" : random.one_in(6) ? "import" : "";
  if (random.one_in(3)) f.evidence = "call-" + std::to_string(number);
  f.fits = random.one_in(2);
  if (random.one_in(2)) f.wake_at = now + days(1 + random.below(40));
  f.at = now - minutes(random.below(60));
  return f;
}

Event random_event(Random& random, int number, const CoreSim& sim, Instant now) {
  const auto id = "e" + std::to_string(number);
  if (random.one_in(8) && !sim.person.clocks.empty()) {  // a timer that fires again
    const auto& clock = random.of(sim.person.clocks);
    return Event{"p1:" + clock.id.str(),
                 TimerFired{{TimerId::Kind::kClock, clock.id.str()},
                            random.one_in(2) ? clock.due : now - minutes(random.below(60))}};
  }
  if (random.one_in(12))
    return Event{id, EffectOutcome{"push", "hubspot", random.one_in(2), "4711", "no"}};
  if (random.one_in(2)) return Event{id, to_feedback(random_feedback(random, number, sim, now))};
  TouchesReceived arrived;
  for (auto n = 1 + random.below(3); n > 0; --n)
    arrived.touches.push_back(random_touch(random, number * 10 + static_cast<int>(n), now));
  return Event{id, std::move(arrived)};
}

class History : public testing::TestWithParam<std::uint64_t> {
 protected:
  static std::shared_ptr<const Policy> policy() {
    static const auto kPolicy = template_policy();
    return kPolicy;
  }

  // A random life; `check` sees the state before, the event, its instant and the decision.
  template <class Check>
  CoreSim live(Check check) {
    Random random(GetParam());
    CoreSim sim(policy());
    Instant now = at("2026-03-02T07:00:00Z");
    for (int i = 0; i < 60; ++i) {
      now = now + (random.one_in(6) ? hours(random.below(200)) : minutes(random.below(30)));
      sim.run_until(now);
      const auto event = random_event(random, i, sim, now);
      const auto before = sim.person;
      const auto decision = sim.event(now, event);
      check(before, event, now, decision, sim);
      if (HasFatalFailure()) break;
    }
    return sim;
  }
};

TEST_P(History, DecidingTwiceGivesTheSameBytes) {
  live([](const PersonState& before, const Event& event, Instant now, const Decision& decision,
          const CoreSim& sim) {
    const auto again = decide(before, event, *sim.policy, now);
    ASSERT_EQ(canonical(to_json(again.next)), canonical(to_json(decision.next)));
    ASSERT_EQ(write_person(again.next), write_person(decision.next));
    ASSERT_EQ(write_record(event, again, *sim.policy, now).plain,
              write_record(event, decision, *sim.policy, now).plain);
  });
}

TEST_P(History, RepeatingAnEventChangesNothing) {
  live(
      [](const PersonState&, const Event& event, Instant now, const Decision&, const CoreSim& sim) {
        const auto again = decide(sim.person, event, *sim.policy, now);
        ASSERT_FALSE(again.changed) << event.id;
        ASSERT_TRUE(again.effects.empty());
        ASSERT_EQ(canonical(to_json(again.next)), canonical(to_json(sim.person)));
      });
}

TEST_P(History, TheLogReplaysToTheSameBytes) {
  const auto sim = live([](auto&&...) {});
  PersonState person;
  person.id = sim.person.id;
  for (const auto& record : sim.written) {
    const auto stored = read_record(record.plain, record.personal);
    ASSERT_TRUE(stored);
    const auto again = decide(person, stored->event, *sim.policy, stored->now);
    const auto written = write_record(stored->event, again, *sim.policy, stored->now);
    ASSERT_EQ(written.plain, record.plain);
    ASSERT_EQ(written.personal, record.personal);
    const auto document = read_person(write_person(again.next));
    ASSERT_TRUE(document);
    person = *document;
  }
  EXPECT_EQ(canonical(to_json(person)), canonical(to_json(sim.person)));
}

TEST_P(History, StagesFollowTheTableOnly) {
  const auto sim = live([](auto&&...) {});
  auto episodes = sim.person.past;
  if (sim.person.lead) episodes.push_back(*sim.person.lead);
  for (const auto& lead : episodes) {
    Stage stage = Stage::kCaptured;
    for (const auto& entry : lead.stages) {
      const bool returns = stage == Stage::kCaptured && entry.rule == "T17";
      ASSERT_TRUE(returns || is_legal(stage, entry.stage))
          << to_string(stage) << " to " << to_string(entry.stage);
      stage = entry.stage;
    }
    ASSERT_EQ(stage, lead.stage);
  }
}

TEST_P(History, TimesOfEveryClockAddUpAndBreachesStay) {
  std::set<ClockId> breached;
  live([&](const PersonState&, const Event&, Instant now, const Decision&, const CoreSim& sim) {
    for (const auto& clock : sim.person.clocks) {
      const auto* found = sim.policy->calendars.find(clock.calendar);
      const auto& calendar = found != nullptr ? *found : BusinessCalendar::always();
      const auto times = clock_times(clock, calendar, now);
      const Instant end = clock.stopped_at.value_or(now);
      ASSERT_EQ(times.counted + times.paused + times.closed, end - clock.started_at) << clock.id;
      if (clock.breached_at) breached.insert(clock.id);
      ASSERT_EQ(clock.breached_at.has_value(), breached.count(clock.id) == 1)
          << clock.id << " was un-breached";
      ASSERT_EQ(clock.next.has_value() && clock.state != ClockState::kRunning, false) << clock.id;
    }
  });
}

TEST_P(History, EveryAlertHasItsOwnKey) {
  const auto sim = live([](auto&&...) {});
  std::set<std::string> keys;
  for (const auto& key : sim.notice_keys()) EXPECT_TRUE(keys.insert(key).second) << key;
  std::set<std::string> levels;  // clock, level and recipient: once, whatever the key is
  for (const auto& decision : sim.decisions) {
    for (const auto& effect : decision.effects) {
      const auto* notice = std::get_if<Notice>(&effect);
      if (notice == nullptr || notice->clock.empty()) continue;
      const auto& clocks = decision.next.clocks;
      const auto clock = std::find_if(clocks.rbegin(), clocks.rend(),
                                      [&](const auto& c) { return c.definition == notice->clock; });
      ASSERT_NE(clock, clocks.rend()) << notice->key;
      const auto said = clock->id.str() + " " + std::to_string(clock->level) + " " +
                        std::string(to_string(notice->kind)) + " " + notice->recipient.str();
      EXPECT_TRUE(levels.insert(said).second) << said;
    }
  }
  std::set<std::string> requests;
  for (const auto& effect : sim.effects) {
    if (const auto* request = std::get_if<OwnerRequest>(&effect)) {
      EXPECT_TRUE(requests.insert(request->key).second);
    }
  }
}

TEST_P(History, NoContactClockStopsWithoutEvidence) {
  std::set<ClockId> stopped;
  live([&](const PersonState&, const Event& event, Instant, const Decision&, const CoreSim& sim) {
    for (const auto& clock : sim.person.clocks) {
      if (clock.definition != "first_contact" || clock.state != ClockState::kStopped ||
          !stopped.insert(clock.id).second)
        continue;
      const auto& attempts = sim.lead().attempts;
      const auto by = std::find_if(attempts.begin(), attempts.end(), [&](const Attempt& a) {
        return a.evidence == clock.stopped_by;
      });
      ASSERT_NE(by, attempts.end()) << clock.id;
      ASSERT_FALSE(by->evidence.empty());
      ASSERT_NE(by->channel, "bot");
      ASSERT_TRUE(by->evidence_kind);
      const auto* feedback = std::get_if<SalesFeedback>(&event.body);
      ASSERT_NE(feedback, nullptr) << event.id;
      const auto said = to_form(*feedback);
      ASSERT_TRUE(said.actor.empty()) << "a " << said.actor << " stopped " << clock.id;
      ASSERT_NE(said.outcome, "auto_reply");
      ASSERT_TRUE(!said.evidence.empty() || !said.rep.empty() || said.via == "api")
          << "nothing shows it";
    }
  });
}

TEST_P(History, AnOpenHandoverHasAnOwnerAndAnOwnerlessLeadIsAskedFor) {
  live([](const PersonState&, const Event&, Instant, const Decision&, const CoreSim& sim) {
    const auto* lead = open_lead(sim.person);
    if (lead == nullptr || lead->stage != Stage::kMql) return;
    if (open_handover(*lead) != nullptr) {
      ASSERT_FALSE(lead->owner.empty());
    }
    if (lead->owner.empty()) {
      ASSERT_TRUE(!lead->open_request.empty() || lead->ask_again_at);
    }
  });
}

TEST_P(History, ProfileConsentAndScoreDoNotDependOnTheOrderOfArrival) {
  Random random(GetParam());
  const Instant now = at("2026-03-09T09:00:00Z");
  std::vector<Touch> touches;
  for (int i = 0; i < 30; ++i) {
    touches.push_back(random_touch(random, i, now));
    if (random.one_in(3)) touches.back().at = now - days(1);  // several at one instant
  }
  const auto arrive = [&] {
    CoreSim sim(policy());
    sim.answer_requests = false;
    for (const auto& touch : touches) sim.touch(now, touch);
    json::object seen{{"profile", to_json(sim.person.profile)},
                      {"objected", sim.person.objected_at.has_value()}};
    for (const auto& c : sim.person.consents) seen[c.purpose + "/" + c.channel] = c.granted;
    seen["score"] = {sim.person.score.fit, sim.person.score.engagement, sim.person.score.total};
    seen["grade"] = sim.person.score.grade;
    seen["last"] = sim.person.touches.back().id;
    return canonical(seen);
  };
  const auto first = arrive();
  for (int i = 0; i < 5; ++i) {
    std::shuffle(touches.begin(), touches.end(), random.engine);
    ASSERT_EQ(arrive(), first);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, History, testing::Range<std::uint64_t>(1, 26));

}  // namespace
}  // namespace baton
