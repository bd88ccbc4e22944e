#include <random>

#include "gateway/app/dispatch/feedback_freshness.h"
#include "tests/app/dispatch/feedback_support.h"

namespace baton::testing_dispatcher {
namespace {

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

const auto kFine = [](const HttpRequest&, std::size_t) { return std::optional(answered(200)); };

// One random run: when persons were polled, and when any call was made.
struct Run {
  std::map<std::string, std::vector<Instant>>
      visits;  // of persons with contact clocks; the first is the start of the clock
  std::vector<Instant> calls;
};

Run random_run(std::mt19937_64& random, Polling& p, std::size_t contacts, std::size_t leads,
               Duration length) {
  Run run;
  std::size_t seen = 0, begun = 0;
  std::size_t pushes = 0;
  for (std::size_t i = 0; i < leads; ++i) p.mark("lead" + std::to_string(i), FeedbackQueue::kLead);
  const Instant until = p.bench.database->now() + length;
  while (p.bench.database->now() < until) {
    const Instant now = p.bench.database->now();
    while (begun < contacts && random() % 4 == 0) {
      const auto person = "c" + std::to_string(begun++);
      p.mark(person, FeedbackQueue::kContact);
      run.visits[person].push_back(now);
    }
    if (random() % 64 == 0 && p.lane.enter(now)) {
      run.calls.push_back(now);
      ++pushes;
    }
    while (pushes > 0 && random() % 2 == 0) p.lane.leave(), --pushes;
    const Duration wait = p.step();
    const auto calls = p.bench.wire.calls();
    for (; seen < calls.size(); ++seen) {
      run.calls.push_back(now);
      for (const auto& person : split(calls[seen].body)) {
        if (run.visits.contains(person)) run.visits[person].push_back(now);
      }
    }
    p.bench.database->advance(std::clamp(wait, milliseconds(20), milliseconds(400)));
  }
  while (pushes > 0) p.lane.leave(), --pushes;
  for (auto& [person, visits] : run.visits) visits.push_back(p.bench.database->now());
  return run;
}

TEST(FeedbackPoll, KeepsItsBudgetAndPollsEveryContactClockInTimeIfTheBudgetSuffices) {
  std::size_t sufficient = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937_64 random(seed);
    Polling p(kFine);
    auto& feedback = p.crm->feedback_part;
    feedback.batch = 1 + random() % 20;
    feedback.settings.calls = static_cast<int>(2 + random() % 20);
    const std::size_t contacts = 1 + random() % 120;
    p.start();
    const auto run = random_run(random, p, contacts, random() % 100, minutes(4));
    for (std::size_t i = 0; i < run.calls.size(); ++i) {
      std::size_t within = 1;
      while (i + within < run.calls.size() &&
             run.calls[i + within] - run.calls[i] < feedback.settings.per)
        ++within;
      // A push may exceed what reads have used. A read never exceeds what pushes have used.
      ASSERT_LE(within, static_cast<std::size_t>(feedback.settings.calls) + 8);
    }
    const auto needed = (contacts + feedback.batch - 1) / feedback.batch + 6;
    if (static_cast<std::size_t>(feedback.settings.calls) * 2 < 2 * needed) continue;
    ++sufficient;
    for (const auto& [person, visits] : run.visits) {
      for (std::size_t i = 1; i < visits.size(); ++i)
        ASSERT_LE((visits[i] - visits[i - 1]).ms, seconds(30).ms) << person;
    }
  }
  EXPECT_GE(sufficient, 3u);
}

TEST(FeedbackPoll, ReadsAloneKeepExactlyWithinTheBudget) {
  Polling p(kFine);
  p.crm->feedback_part.batch = 1;
  p.crm->feedback_part.settings.calls = 5;
  p.start();
  for (int i = 0; i < 40; ++i) p.mark("c" + std::to_string(i), FeedbackQueue::kContact);
  std::vector<Instant> at;
  const Instant until = p.bench.database->now() + minutes(2);
  while (p.bench.database->now() < until) {
    const auto wait = p.step();
    while (at.size() < p.bench.wire.calls().size()) at.push_back(p.bench.database->now());
    p.bench.database->advance(std::clamp(wait, milliseconds(20), milliseconds(400)));
  }
  for (std::size_t i = 5; i < at.size(); ++i) ASSERT_GE(at[i] - at[i - 5], seconds(10));
  // The budget is used up, and every person had a turn.
  EXPECT_GE(at.size(), 50u);
  std::set<std::string> visited;
  for (const auto& call : p.bench.wire.calls()) visited.insert(call.body);
  EXPECT_EQ(visited.size(), 40u);
}

TEST(FeedbackPoll, ContactClocksGoFirst) {
  Polling p(kFine);
  p.crm->feedback_part.batch = 1;
  p.crm->feedback_part.settings.calls = 2;
  p.start();
  for (int i = 0; i < 5; ++i) p.mark("lead" + std::to_string(i), FeedbackQueue::kLead);
  p.mark("c1", FeedbackQueue::kContact);
  p.mark("c2", FeedbackQueue::kContact);
  p.step();
  const auto calls = p.bench.wire.calls();
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_EQ(calls[0].body.substr(0, 1) + calls[1].body.substr(0, 1), "cc");
}

TEST(FeedbackPoll, CommitsATouchOnceUnlessTheCommitFailed) {
  Polling p([](const HttpRequest&, std::size_t) { return std::optional(answered(200, "c1")); });
  p.start();
  p.commits = false;
  p.mark("c1", FeedbackQueue::kContact);
  p.run_for(seconds(40));
  EXPECT_GE(p.touches.size(), 2u);
  p.commits = true;
  p.run_for(seconds(30));
  const auto told = p.touches.size();
  p.run_for(minutes(3));
  EXPECT_EQ(p.touches.size(), told);
  EXPECT_FALSE(p.answers.empty());
}

TEST(FeedbackPoll, APersonNoLongerAtSalesIsNotPolled) {
  Polling p(kFine);
  p.start();
  p.mark("c1", FeedbackQueue::kContact);
  p.run_for(seconds(2));
  ASSERT_EQ(p.bench.wire.calls().size(), 1u);
  p.persons["c1"] = FeedbackQueue::kNone;
  p.run_for(minutes(2));
  EXPECT_EQ(p.bench.wire.calls().size(), 1u);
  EXPECT_TRUE(p.bench.store->queued(Store::Queue::kPush, "crm?contact", 10).value().empty());
}

TEST(FeedbackPoll, ABadRecordIsPolledAloneAndFailsNoOther) {
  Polling p([](const HttpRequest& request, std::size_t) {
    return std::optional(answered(request.body.find("bad") != std::string::npos ? 400 : 200));
  });
  p.start();
  for (const auto* person : {"good1", "bad", "good2"}) p.mark(person, FeedbackQueue::kContact);
  p.run_for(seconds(20));
  std::set<std::string> alone;
  for (const auto& call : p.bench.wire.calls()) alone.insert(call.body);
  EXPECT_TRUE(alone.contains("good1") && alone.contains("good2") && alone.contains("bad"));
  EXPECT_FALSE(p.answers.empty());
}

TEST(FeedbackPoll, ACrmThatRefusesReadsIsPausedAndStillGetsPushes) {
  Polling p([](const HttpRequest&, std::size_t) { return std::optional(answered(500)); });
  p.start();
  p.mark("c1", FeedbackQueue::kContact);
  p.run_for(minutes(10));
  EXPECT_LT(p.bench.wire.calls().size(), 20u);
  EXPECT_TRUE(p.answers.empty());
  EXPECT_FALSE(p.lane.held_until(p.time.now()).has_value());
}

// An answer to a probe is no feedback.
TEST(FeedbackPoll, AProbeIsNoFeedbackWhileReadsFail) {
  for (const auto how : {FeedbackQueue::kContact, FeedbackQueue::kLead}) {
    Polling p([](const HttpRequest& request, std::size_t) {
      return std::optional(answered(request.url == "https://crm/probe" ? 200 : 500));
    });
    p.start();
    p.mark("c1", how);
    p.run_for(hours(1));
    EXPECT_TRUE(p.answers.empty());
  }
}

TEST(FeedbackPoll, OverBudgetEverythingWaits) {
  Polling p([](const HttpRequest&, std::size_t call) {
    return std::optional(answered(call == 1 ? 429 : 200));
  });
  p.start();
  p.mark("c1", FeedbackQueue::kContact);
  p.run_for(seconds(55));
  EXPECT_EQ(p.bench.wire.calls().size(), 1u);
  EXPECT_TRUE(p.lane.held_until(p.time.now()).has_value());
  p.run_for(seconds(20));
  EXPECT_EQ(p.bench.wire.calls().size(), 2u);
}

TEST(FeedbackPoll, ProbesIfNoPersonIsDue) {
  Polling p(kFine);
  p.start();
  p.run_for(minutes(12));
  ASSERT_EQ(p.bench.wire.calls().size(), 2u);
  EXPECT_EQ(p.bench.wire.calls()[0].url, "https://crm/probe");
  EXPECT_EQ(p.answers.size(), 2u);
}

TEST(FeedbackFreshness, ASilenceIsStaleFromItsLimitAndSurvivesARestart) {
  const auto database = std::make_shared<MemoryDatabase>();
  const auto store = make_memory_store(database);
  const std::vector<std::shared_ptr<const Crm>> crms{std::make_shared<PolledCrm>()};
  const Instant begin = database->now();
  FeedbackFreshness news;
  news.watch(crms);
  EXPECT_FALSE(news.stale_since(begin + hours(1)).has_value());  // nothing is known yet
  ASSERT_TRUE(news.restore(*store));
  EXPECT_FALSE(news.stale_since(begin + minutes(15) - milliseconds(1)).has_value());
  EXPECT_EQ(news.stale_since(begin + minutes(15)), begin);
  news.note_feedback("crm", begin + minutes(10));
  news.note_feedback("crm", begin + minutes(5));  // late; the last instant stays
  EXPECT_EQ(news.stale_since(begin + minutes(26)), begin + minutes(10));
  ASSERT_TRUE(store->put_value(feedback_value("crm"), std::to_string((begin + minutes(10)).ms)));
  database->advance(hours(2));
  FeedbackFreshness after;
  after.watch(crms);
  ASSERT_TRUE(after.restore(*store));
  EXPECT_EQ(after.stale_since(database->now()), begin + minutes(10));
  after.note_feedback("other", database->now());
  EXPECT_TRUE(after.stale_since(database->now()).has_value());
  after.watch(crms);  // a reload forgets nothing
  after.note_feedback_of_source("", database->now());
  EXPECT_FALSE(after.stale_since(database->now()).has_value());
  after.watch({});
  EXPECT_FALSE(after.stale_since(database->now() + hours(5)).has_value());
}

}  // namespace
}  // namespace baton::testing_dispatcher
