#include <algorithm>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "gateway/core/lifecycle/contact_basis.h"
#include "gateway/core/lifecycle/lifecycle_policy.h"
#include "mapping/json/json.h"
#include "tests/core/sim/core_sim.h"

// Invariants of work (one open task of a kind, evidence, N15, Art. 21 GDPR), over random histories
// of touches, consents, tasks, calls and appointments.

namespace baton {
namespace {

struct Random {
  std::mt19937_64 engine;
  std::int64_t below(std::int64_t n) {
    return static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(n));
  }
  bool one_in(std::int64_t n) { return below(n) == 0; }
  template <class T>
  const T& of(const std::vector<T>& all) {
    return all[static_cast<std::size_t>(below(static_cast<std::int64_t>(all.size())))];
  }
};

const std::vector<std::string> kReps = {"erika", "max", "chris", "lena", "stranger", ""};

Touch random_touch(Random& random, int number, Instant now) {
  static const std::vector<TouchType> kTypes = {
      TouchType::kContentDownload,  TouchType::kDemoRequest,    TouchType::kNewsletterSubscribe,
      TouchType::kMeetingBooked,    TouchType::kMeetingNoShow,  TouchType::kMeetingHeld,
      TouchType::kMeetingCancelled, TouchType::kConsentChanged, TouchType::kCrmLost,
      TouchType::kCrmRejected,      TouchType::kEmailReply};
  const auto type = random.of(kTypes);
  auto touch = make_touch("t" + std::to_string(number), type, default_intent(type),
                          now - minutes(random.below(300)));
  if (random.one_in(3)) touch.person.company = {};
  if (random.one_in(3)) touch.person.email = "erika.beispiel@gmail.com";
  static const std::vector<std::string> kChannels = {"phone", "email", "phone", "email", "all"};
  if (type == TouchType::kConsentChanged || random.one_in(5)) {
    const auto& channel = random.of(kChannels);
    touch.consent.push_back({"marketing", channel,
                             channel == "all" ? !random.one_in(4) : random.one_in(2), "express",
                             "v1"});
  }
  if (type >= TouchType::kMeetingBooked && type <= TouchType::kMeetingCancelled) {
    touch.properties["meeting_uri"] = "cal/" + std::to_string(random.below(3));
    touch.properties["meeting_start"] = to_rfc3339(now + hours(random.below(60) - 2));
    touch.properties["meeting_host"] =
        random.one_in(3) ? "nobody@example.com" : "chris.sample@example.com";
  }
  if (random.one_in(2)) touch.properties["reason"] = "price";
  return touch;
}

FeedbackForm random_feedback(Random& random, int number, const CoreSim& sim, Instant now) {
  static const std::vector<FeedbackKind> kKinds = {
      FeedbackKind::kAccept,  FeedbackKind::kAccept,     FeedbackKind::kAttempt,
      FeedbackKind::kAttempt, FeedbackKind::kAttempt,    FeedbackKind::kReject,
      FeedbackKind::kTask,    FeedbackKind::kTask,       FeedbackKind::kMeeting,
      FeedbackKind::kRecycle, FeedbackKind::kReason,     FeedbackKind::kReopen,
      FeedbackKind::kReached, FeedbackKind::kDisqualify, FeedbackKind::kStage};
  static const std::vector<std::string> kOutcomes = {"no_answer", "no_answer", "callback",  "fit",
                                                     "unfit",     "unclear",   "booked",    "moved",
                                                     "held",      "no_show",   "cancelled", ""};
  static const std::vector<std::string> kReasons = {
      "price", "not_ready", "data_missing", "wrong_territory", "later", "no_need", ""};
  FeedbackForm f;
  f.kind = random.of(kKinds);
  f.id = "f" + std::to_string(number);
  f.via = random.one_in(3) ? "action_page" : "api";
  f.rep = sim.person.lead && random.one_in(2) ? sim.person.lead->owner.str() : random.of(kReps);
  f.host = random.one_in(2) ? "" : random.of(kReps);
  f.outcome = random.of(kOutcomes);
  f.channel = random.one_in(4) ? "bot" : random.one_in(2) ? "phone" : "email";
  f.reason = random.of(kReasons);
  f.stage = random.one_in(2) ? "lost" : "opportunity";
  if (random.one_in(2)) f.evidence = "call-" + std::to_string(number);
  if (random.one_in(2)) f.wake_at = now + hours(random.below(100));
  if (random.one_in(3)) f.facts.job_title = "Leitung " + std::to_string(random.below(4));
  f.at = now - minutes(random.below(90));
  return f;
}

class Work : public testing::TestWithParam<std::uint64_t> {
 protected:
  static std::shared_ptr<const Policy> policy() {
    static const auto kPolicy = [] {
      auto text = template_text("lifecycle");
      text.replace(text.find("types: []"), 9, "types: [newsletter_subscribe]");
      return template_policy({{"lifecycle", text}});
    }();
    return kPolicy;
  }

  template <class Check>
  CoreSim live(Check check) {
    Random random{std::mt19937_64(GetParam())};
    CoreSim sim(policy());
    Instant now = at("2026-03-02T07:00:00Z");
    for (int i = 0; i < 60; ++i) {
      now = now + (random.one_in(5) ? hours(random.below(100)) : minutes(random.below(90)));
      const auto id = "e" + std::to_string(i);
      const auto first = sim.decisions.size();
      if (random.one_in(2)) {
        sim.event(now, {id, to_feedback(random_feedback(random, i, sim, now))});
      } else {
        sim.event(now, {id, TouchesReceived{{random_touch(random, i, now)}}});
      }
      for (auto d = first; d < sim.decisions.size(); ++d) check(sim.decisions[d]);
      if (HasFatalFailure()) break;
    }
    return sim;
  }
};

ContactBasis basis_of(const PersonState& person, const Policy& policy) {
  return contact_basis(person, policy.lifecycle->work.contact, person.last_now);
}

TEST_P(Work, WithoutABasisThereIsNoCallTaskAndNoNumber) {
  live([](const Decision& decision) {
    if (!decision.changed) return;
    const auto& person = decision.next;
    const bool may_call = basis_of(person, *policy()).allows("phone");
    for (const auto& effect : decision.effects) {
      const auto* notice = std::get_if<Notice>(&effect);
      ASSERT_TRUE(notice == nullptr || !notice->data.contains("phone") || may_call) << notice->key;
    }
    const auto* lead = open_lead(person);
    if (lead == nullptr) return;
    for (const auto& task : lead->tasks) {
      if (task.state == TaskState::kOpen && task.kind == TaskKind::kConnect) {
        ASSERT_TRUE(basis_of(person, *policy()).allows(task.channel))
            << task.id << " " << task.channel;
      }
    }
    const bool asked = lead->stage == Stage::kMql || lead->stage == Stage::kSal;
    ASSERT_TRUE(!asked || person.objected_at || lead->blocked.empty() == may_call);
  });
}

TEST_P(Work, AtMostOneHandoverOneAppointmentAndOneTaskOfAKindAreOpen) {
  live([](const Decision& decision) {
    if (!decision.next.lead) return;
    const auto& lead = *decision.next.lead;
    std::multiset<std::string> open;
    std::set<std::string> ids;
    for (const auto& handover : lead.handovers) {
      if (is_open(handover.state)) open.insert("handover");
    }
    for (const auto& meeting : lead.meetings) {
      if (meeting.state == MeetingState::kBooked) open.insert("meeting");
    }
    for (const auto& task : lead.tasks) {
      if (task.state == TaskState::kOpen || task.state == TaskState::kBlocked)
        open.insert(std::string(to_string(task.kind)));
      ASSERT_TRUE(ids.insert(task.id).second) << task.id;
    }
    for (const auto& what : open) {
      ASSERT_EQ(open.count(what), 1U) << what;
      ASSERT_TRUE(is_open(lead.stage)) << what << " of a lead that is " << to_string(lead.stage);
    }
  });
}

TEST_P(Work, AfterAnObjectionNothingRuns) {
  live([](const Decision& decision) {
    const auto& person = decision.next;
    if (!person.objected_at) return;
    for (const auto& clock : person.clocks)
      ASSERT_TRUE(clock.state == ClockState::kStopped || clock.state == ClockState::kCancelled)
          << clock.id;
    for (const auto& effect : decision.effects) {
      const auto* notice = std::get_if<Notice>(&effect);
      const bool asks = notice != nullptr &&
                        (notice->kind == NoticeKind::kOffer || notice->kind == NoticeKind::kTask);
      ASSERT_FALSE(asks) << notice->key;
    }
    if (!person.lead) return;
    for (const auto& task : person.lead->tasks)
      ASSERT_TRUE(task.state == TaskState::kDone || task.state == TaskState::kCancelled);
    for (const auto& meeting : person.lead->meetings)
      ASSERT_NE(meeting.state, MeetingState::kBooked);
    ASSERT_EQ(person.score.total, 0);
  });
}

// Rule 12: what stopped the first contact is an attempt, or an appointment, that is on record.
TEST_P(Work, AContactClockStopsByEvidenceOnly) {
  live([](const Decision& decision) {
    const auto& person = decision.next;
    if (!person.lead) return;
    for (const auto& clock : person.clocks) {
      if (clock.definition != "first_contact" || clock.state != ClockState::kStopped) continue;
      const auto& lead = *person.lead;
      const auto by = [&](const Attempt& a) { return a.evidence == clock.stopped_by; };
      const bool called = std::any_of(lead.attempts.begin(), lead.attempts.end(), by);
      const bool agreed = clock.stopped_by.starts_with("cal/") ||
                          clock.stopped_by.starts_with("attested:f") ||
                          clock.stopped_by.starts_with("call-");
      ASSERT_FALSE(clock.stopped_by.empty());
      ASSERT_TRUE(called || agreed) << clock.stopped_by;
    }
  });
}

TEST_P(Work, ADecisionIsStoredAndReadBackWhole) {
  const auto sim = live([](const Decision& decision) {
    const auto read = read_person(write_person(decision.next));
    ASSERT_TRUE(read);
    ASSERT_EQ(canonical(to_json(*read)), canonical(to_json(decision.next)));
  });
  PersonState person;
  person.id = sim.person.id;
  for (const auto& record : sim.written) {
    const auto stored = read_record(record.plain, record.personal);
    ASSERT_TRUE(stored);
    const auto again = decide(person, stored->event, *sim.policy, stored->now);
    ASSERT_EQ(write_record(stored->event, again, *sim.policy, stored->now).plain, record.plain);
    person = again.next;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Work, testing::Range<std::uint64_t>(1, 41));

}  // namespace
}  // namespace baton
