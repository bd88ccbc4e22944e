// Forecast, periods and digest over the memory store: two gateways at once, restarts, a silent CRM.
#include "gateway/app/reports/report_worker.h"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>

#include "adapters/engine/crm/crm_feedback.h"
#include "gateway/app/delivery/deliveries.h"
#include "gateway/app/engine/applier.h"
#include "gateway/app/workers/pool_assigner.h"
#include "gateway/core/model/feedback_form.h"
#include "gateway/store/memory/memory_store.h"
#include "tests/support/ids.h"
#include "tests/support/source_dir.h"
#include "tests/support/temp_folder.h"

namespace baton {
namespace {

using ::testing::HasSubstr;

const Instant kNow = *parse_rfc3339("2026-03-09T09:00:00Z");  // a Monday, 10:00 in Berlin

std::string template_of(const std::string& kind) {
  std::ifstream file(source_dir() + "/gateway/cli/templates/policy/" + kind + ".yaml");
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::shared_ptr<const Policy> policy_with(const std::string& more_sla) {
  std::map<std::string, YamlDocument> documents;
  Findings findings;
  for (const std::string kind : {"calendars", "lifecycle", "routing", "scoring", "sla"})
    documents.emplace(kind, parse_yaml(template_of(kind) + (kind == "sla" ? more_sla : ""),
                                       kind + ".yaml", findings));
  auto policy = load_policy(documents, findings);
  EXPECT_TRUE(policy) << (findings.empty() ? "" : to_string(findings.front()));
  return policy;
}

class SettableClock final : public Clock {
 public:
  Instant now() const override { return {wall.ms}; }
  std::int64_t steady_ns() const override { return steady; }
  Instant wall = kNow;
  std::int64_t steady = 1'000'000'000;
  void pass(Duration d) { wall = wall + d, steady += d.ms * 1'000'000; }
};

// A CRM that is polled and does not answer.
class SilentFeedback final : public CrmFeedback {
 public:
  const FeedbackOptions& options() const override { return options_; }
  std::size_t batch_size() const override { return 1; }
  CrmCall render(std::span<const CrmRecord>) const override { return {}; }
  FeedbackAnswer interpret(const CrmCall&, const HttpResult&, Instant) const override { return {}; }

 private:
  FeedbackOptions options_;
};

class SilentCrm final : public Crm {
 public:
  const std::string& name() const override { return name_; }
  Mode mode() const override { return Mode::kLive; }
  std::size_t batch_size() const override { return 1; }
  Repeat repeat() const override { return Repeat::kKeyed; }
  const HttpOptions& http() const override { return http_; }
  std::vector<CrmCall> render(std::span<const CrmRecord>) const override { return {}; }
  std::vector<Outcome> interpret(const CrmCall&, const HttpResult&) const override { return {}; }
  Budget budget(const HttpResponse&) const override { return {}; }
  std::optional<HttpRequest> read_back(const CrmRecord&) const override { return std::nullopt; }
  Outcome interpret_read_back(const CrmRecord&, const HttpResult&) const override { return {}; }
  std::optional<HttpRequest> credential_test() const override { return std::nullopt; }
  const CrmFeedback* feedback() const override { return &asked_; }

 private:
  const SilentFeedback asked_{};
  std::string name_ = "crm";
  HttpOptions http_;
};

ReportWorker worker_of(Runtime& runtime) {
  return {runtime.engine(), runtime.leases, runtime.node.clock_health};
}

class Reports : public ::testing::Test {
 protected:
  Reports()
      : database_(std::make_shared<MemoryDatabase>(4, kNow)), store_(make_memory_store(database_)) {
    for (Runtime* r : {&one_, &two_}) {
      r->access.open(Keyring::open(folder_.path(), std::string(64, 'a')).value());
      r->configuration.policy.store(
          policy_with("\nperiods:\n  volume: {label: {en: MQLs, de: MQLs}, measure: volume, every: "
                      "week, target: 100, to: [lena]}\n"));
      r->stores.open = [this] {
        return Result<std::unique_ptr<Store>>(make_memory_store(database_));
      };
      r->node.clock = &clock_;
      r->node.settings.partitions = 4;
      r->leases.set_held({0, 1, 2, 3}, Instant{INT64_MAX / 2});
      ReportSettings settings;
      settings.digest = {17 * 3600 + 30 * 60, {"erika", "lena"}, "sales", {}, false};
      settings.operators = {{"lena"}, "ops"};
      r->configuration.reports.store(std::make_shared<ReportSettings>(settings));
    }
    one_.node.name = "one";
    two_.node.name = "two";
  }

  void pass_to(const char* at) {
    const Instant to = *parse_rfc3339(at);
    clock_.pass(to - database_->now());
    database_->set_now(to);
  }

  // Hands over a lead that asks for a call.
  void lead(const std::string& person) {
    Touch touch;
    touch.id = "t-" + person;
    touch.source = "web";
    touch.type = TouchType::kDemoRequest;
    touch.intent = Intent::kHandRaiser;
    touch.at = database_->now();
    touch.person.email = person + "@example.com";
    touch.person.full_name = "Erika Beispiel " + person;
    touch.person.company.name = "Beispiel GmbH";
    apply({PersonId(person), {"d-" + person, TouchesReceived{{touch}}}, database_->now(), {}});
    const auto opened = one_.access.documents->load(*store_, {&person, 1}).value();
    OwnerPicked picked;
    picked.request = opened.front().state.lead->open_request;
    picked.pool = "sales";
    picked.rep = "max"_rep;
    apply({PersonId(person), {picked.request, picked}, database_->now(), {}});
  }
  void says(const std::string& person, FeedbackKind kind, const std::string& reason = {}) {
    FeedbackForm f;
    f.kind = kind;
    f.id = "f-" + person;
    f.via = "api";
    f.reason = reason;
    f.at = database_->now();
    apply({PersonId(person), {f.id, to_feedback(f)}, database_->now(), {}});
  }
  void apply(Work work) {
    const auto results = Applier(one_.applier(), *store_).apply({&work, 1});
    ASSERT_TRUE(results.front().status) << results.front().status.error().message;
  }

  std::vector<std::string> keys(const std::string& prefix) {
    std::vector<std::string> out;
    const auto queued = store_->queued(Store::Queue::kOutbox, "notify", 1000).value();
    for (const auto& entry : queued) {
      if (entry.item.starts_with(prefix)) out.push_back(entry.item);
    }
    return out;
  }
  Message message(const std::string& key) { return outgoing(key).message; }
  OutgoingMessage outgoing(const std::string& key) {
    const std::vector<PartitionId> all{0, 1, 2, 3};
    const auto due = store_->due_outbox(all, "notify", 1000).value();
    for (const auto& entry : due.items) {
      if (entry.item.key != key) continue;
      Deliveries deliveries(one_);
      auto answers = deliveries.ports().messages.prepare_messages({&entry, 1});
      EXPECT_TRUE(answers && answers->front() && *answers->front());
      return **answers->front();
    }
    ADD_FAILURE() << "no " << key;
    return {};
  }

  const TempFolder folder_;
  std::shared_ptr<MemoryDatabase> database_;
  std::unique_ptr<Store> store_;
  SettableClock clock_;
  Runtime one_, two_;
};

TEST_F(Reports, TheDigestGoesToEachRecipientOnceADayForAnyNodesAndRestarts) {
  lead("p1"), lead("p2"), lead("p3");
  says("p1", FeedbackKind::kAccept);
  says("p2", FeedbackKind::kReject, "not_ready");
  ReportWorker first = worker_of(one_), second = worker_of(two_);
  pass_to("2026-03-09T16:29:00Z");
  ASSERT_TRUE(first.tick(*store_));
  EXPECT_TRUE(keys("digest:").empty());
  pass_to("2026-03-09T16:30:00Z");
  ASSERT_TRUE(first.tick(*store_));
  ASSERT_TRUE(second.tick(*store_));
  ASSERT_TRUE(worker_of(one_).tick(*store_));
  EXPECT_THAT(keys("digest:"),
              ::testing::UnorderedElementsAre("digest:2026-03-09:erika", "digest:2026-03-09:lena"));
  const auto digest = message("digest:2026-03-09:lena");
  EXPECT_THAT(digest.headline, HasSubstr("3"));
  EXPECT_THAT(json::serialize(digest.data),
              HasSubstr(R"("accepted":1,"untouched":1,"rejected":1,"reasons":{"not_ready":1})"));
  EXPECT_EQ(digest.kind, "digest");
  pass_to("2026-03-10T16:30:30Z");
  ASSERT_TRUE(second.tick(*store_));
  EXPECT_EQ(keys("digest:2026-03-10").size(), 2U);
}

TEST_F(Reports, ALateDigestWaitsForTheHoursOfItsReaders) {
  ReportSettings settings;
  settings.digest = {15 * 3600, {"lena"}, "sales", {}, false};
  one_.configuration.reports.store(std::make_shared<ReportSettings>(settings));
  pass_to("2026-03-09T14:30:00Z");
  ASSERT_TRUE(worker_of(one_).tick(*store_));
  EXPECT_FALSE(outgoing("digest:2026-03-09:lena").not_before);
  pass_to("2026-03-10T22:00:00Z");  // due at 15:00 while no gateway ran
  ASSERT_TRUE(worker_of(one_).tick(*store_));
  EXPECT_EQ(outgoing("digest:2026-03-10:lena").not_before, parse_rfc3339("2026-03-11T08:00:00Z"));
}

TEST_F(Reports, TheDigestSaysSinceWhenTheCrmIsSilent) {
  one_.feedback.watch({std::make_shared<SilentCrm>()});
  const auto notes = [&](const char* day) {
    std::vector<std::string> out;
    for (const char* reader : {"erika", "lena"}) {
      for (const auto& [label, value] :
           message(std::string("digest:") + day + ":" + reader).facts) {
        if (value.find("CRM") != std::string::npos) out.push_back(value);
      }
    }
    return out;
  };
  one_.feedback.note_feedback("crm", *parse_rfc3339("2026-03-09T16:29:30Z"));
  pass_to("2026-03-09T16:30:00Z");
  ASSERT_TRUE(worker_of(one_).tick(*store_));
  EXPECT_TRUE(notes("2026-03-09").empty());
  pass_to("2026-03-10T16:30:00Z");
  ASSERT_TRUE(worker_of(one_).tick(*store_));
  const auto told = notes("2026-03-10");
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0], told[1]);
  EXPECT_THAT(told[0], HasSubstr("17:29"));
}

TEST_F(Reports, TheDigestListsUntouchedLeadsAndNoReps) {
  lead("p1");
  pass_to("2026-03-09T16:30:00Z");
  ASSERT_TRUE(worker_of(one_).tick(*store_));
  const auto digest = message("digest:2026-03-09:erika");
  std::string all;
  for (const auto& [label, value] : digest.facts) all += label + ": " + value + "\n";
  EXPECT_THAT(all, HasSubstr("Erika Beispiel p1 (Beispiel GmbH)"));
  EXPECT_THAT(all, ::testing::Not(HasSubstr("Max")));
}

TEST_F(Reports, TheDigestWaitsForAWorkingDayAndCoversAllDaysSinceTheLast) {
  pass_to("2026-03-13T16:30:00Z");  // Friday
  ReportWorker worker = worker_of(one_);
  ASSERT_TRUE(worker.tick(*store_));
  pass_to("2026-03-14T10:00:00Z");
  lead("p1");
  pass_to("2026-03-14T17:00:00Z");
  ASSERT_TRUE(worker.tick(*store_));
  EXPECT_TRUE(keys("digest:2026-03-14").empty());
  pass_to("2026-03-16T16:31:00Z");
  ASSERT_TRUE(worker.tick(*store_));
  EXPECT_THAT(json::serialize(message("digest:2026-03-16:lena").data),
              HasSubstr(R"("handed_over":1)"));
}

TEST_F(Reports, AForecastReachesTheTeamLeadOnceAnHourAndTheApiEveryMinute) {
  for (int i = 0; i < 30; ++i) lead("p" + std::to_string(i));
  ReportWorker worker = worker_of(one_);
  ASSERT_TRUE(worker.tick(*store_));
  ASSERT_TRUE(worker.tick(*store_));
  const auto told = keys("forecast:");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0], "forecast:sales:2026-03-09T09:lena");
  EXPECT_THAT(message(told[0]).headline, HasSubstr("30"));
  const auto view = store_->get_value(kReportsValue).value();
  EXPECT_THAT(view, HasSubstr(R"("pool":"sales")"));
  EXPECT_THAT(view, HasSubstr(R"("open":30)"));
  EXPECT_THAT(view, ::testing::Not(HasSubstr("Erika")));
  // All clocks have stopped, so that no deadline is ahead.
  for (int i = 0; i < 30; ++i)
    says("p" + std::to_string(i), FeedbackKind::kDisqualify, "competitor");
  ASSERT_TRUE(worker.tick(*store_));
  EXPECT_THAT(store_->get_value(kReportsValue).value(), HasSubstr(R"("open":0)"));
}

TEST_F(Reports, ASlowPaceIsReportedAtEachCheckAndABreachAtTheEnd) {
  ReportWorker worker = worker_of(one_);
  ASSERT_TRUE(worker.tick(*store_));
  lead("p1");
  pass_to("2026-03-11T17:00:00Z");
  ASSERT_TRUE(worker.tick(*store_));
  EXPECT_THAT(keys("period:"), ::testing::ElementsAre("period:volume:2026-03-08:50:lena"));
  pass_to("2026-03-16T08:00:00Z");
  ASSERT_TRUE(worker.tick(*store_));
  ASSERT_TRUE(worker_of(two_).tick(*store_));
  EXPECT_THAT(keys("period:"),
              ::testing::UnorderedElementsAre("period:volume:2026-03-08:50:lena",
                                              "period:volume:2026-03-08:100:lena"));
  EXPECT_THAT(message("period:volume:2026-03-08:100:lena").headline, HasSubstr("1 "));
}

TEST_F(Reports, ANodeWithoutTheFirstPartitionSendsNoReports) {
  one_.leases.set_held({1, 2, 3}, Instant{INT64_MAX / 2});
  pass_to("2026-03-09T16:30:00Z");
  ASSERT_TRUE(worker_of(one_).tick(*store_));
  EXPECT_TRUE(keys("").empty());
}

TEST_F(Reports, AWallClockThatJumpsIsReportedToTheOperators) {
  ReportWorker worker = worker_of(one_);
  ASSERT_TRUE(worker.tick(*store_));
  clock_.wall = clock_.wall + hours(1);  // the steady clock does not move
  ASSERT_TRUE(worker.tick(*store_));
  EXPECT_EQ(keys("clocks:one:jump").size(), 1U);
  EXPECT_EQ(keys("clocks:one:skew").size(), 1U) << "Redis is behind now";
  const auto view = one_.node.clock_health.view(minutes(5));
  EXPECT_FALSE(boolean(view, "agree"));
  EXPECT_FALSE(boolean(view, "firing"));
  EXPECT_EQ(integer(view, "last_jump_ms"), hours(1).ms);
  clock_.wall = clock_.wall - hours(1);
  ASSERT_TRUE(worker.tick(*store_));
  EXPECT_EQ(integer(one_.node.clock_health.view(minutes(5)), "jumps"), 2);
  EXPECT_TRUE(boolean(one_.node.clock_health.view(minutes(5)), "agree"));
}

TEST_F(Reports, TheOutcomeOfAReportIsRecordedInNoPersonsLog) {
  pass_to("2026-03-09T16:30:00Z");
  ASSERT_TRUE(worker_of(one_).tick(*store_));
  Deliveries deliveries(one_);
  const EffectReport report{{'o', std::string(kReportsDocument)},
                            {"digest:2026-03-09:lena", "sales", false, {}, "gone"}};
  deliveries.ports().outcomes.commit_outcomes({&report, 1});
  EXPECT_TRUE(store_->recent_persons(0, 10).value().empty());
}

}  // namespace
}  // namespace baton
