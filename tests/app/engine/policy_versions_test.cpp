#include "gateway/app/engine/policy_versions.h"

#include <gtest/gtest.h>

#include "gateway/app/engine/applier.h"
#include "gateway/app/engine/runtime.h"
#include "gateway/core/sla/sla_clock.h"
#include "gateway/store/memory/memory_store.h"
#include "tests/support/ids.h"
#include "tests/support/policy_files.h"
#include "tests/support/temp_folder.h"

namespace baton {
namespace {

const Instant kNow = parse_rfc3339("2026-03-09T09:00:00Z").value();

// A gateway with a lead whose clocks run while the SLA policy changes.
class ClockRulesBookTest : public ::testing::Test {
 protected:
  ClockRulesBookTest()
      : database_(std::make_shared<MemoryDatabase>(4, kNow)), store_(make_memory_store(database_)) {
    runtime_.access.open(Keyring::open(folder_.path(), std::string(64, 'a')).value());
    runtime_.stores.open = [this] {
      return Result<std::unique_ptr<Store>>(make_memory_store(database_));
    };
    runtime_.node.settings.partitions = 4;
    runtime_.configuration.destinations.store(std::make_shared<Names>());
    take("new_only", "80h");
    Touch touch;
    touch.id = "t1";
    touch.source = "forms";
    touch.type = TouchType::kDemoRequest;
    touch.intent = Intent::kHandRaiser;
    touch.at = kNow;
    touch.person.email = "erika.beispiel@example.com";
    apply({"d1", TouchesReceived{{touch}}});
  }

  void take(const std::string& mode, const std::string& budget) {
    runtime_.configuration.policy.store(
        policy_with("sla", {{"on_change: new_only", "on_change: " + mode},
                            {"budget: 24h ", "budget: " + budget + " "},
                            {"hand_raiser: 5m", "hand_raiser: " + budget}}));
  }
  void apply(Event event) {
    const Work work{"p1"_person, std::move(event), database_->now(), {}};
    ASSERT_TRUE(Applier(runtime_.applier(), *store_).apply({&work, 1}).front().status);
  }
  ClockInstance contact() {
    const std::string id = "p1";
    const auto person = runtime_.access.documents->load(*store_, {&id, 1}).value().front().state;
    for (const auto& clock : person.clocks) {
      if (clock.definition == "first_contact") return clock;
    }
    return {};
  }
  void sweep() {
    ASSERT_TRUE(runtime_.rules.ensure(runtime_.configuration, *store_));
    while (runtime_.rules.is_sweep_wanted())
      ASSERT_TRUE(runtime_.rules.sweep(runtime_.applier(), *store_));
  }

  const TempFolder folder_;
  std::shared_ptr<MemoryDatabase> database_;
  std::unique_ptr<Store> store_;
  Runtime runtime_;
};

TEST_F(ClockRulesBookTest, AClockKeepsTheRulesOfItsStartEvenOnANodeThatStartsLater) {
  const auto before = contact();
  take("new_only", "8h");
  sweep();
  EXPECT_EQ(contact().due, before.due);
  const auto policy = runtime_.configuration.policy.load();
  ASSERT_EQ(policy->earlier.size(), 1U);
  EXPECT_EQ(policy->earlier[0].id, before.policy);
  EXPECT_EQ(policy->rules_of(before)->sla->find("first_contact")->budgets[0], hours(80));
}

TEST_F(ClockRulesBookTest, ARetroactiveChangeReachesClocksWithoutAnyOtherEvent) {
  const auto before = contact();
  take("retroactive", "8h");
  sweep();
  EXPECT_LT(contact().due, before.due);
  EXPECT_EQ(contact().budget, hours(8));
  const auto due = store_->due_timers(std::vector<PartitionId>{0, 1, 2, 3}, 100).value();
  EXPECT_TRUE(due.next && *due.next <= contact().due);
}

TEST_F(ClockRulesBookTest, APreviewCountsWhatAChangeWouldMoveAndChangesNothing) {
  const auto before = contact();
  const auto policy = runtime_.configuration.policy.load();
  const auto next = policy_with("sla", {{"hand_raiser: 5m", "hand_raiser: 8h"}});
  const ClockRules rules{next->rules, next->sla, {next, &next->calendars}};
  PolicyPreview preview;
  const std::string id = "p1";
  const auto person = runtime_.access.documents->load(*store_, {&id, 1}).value().front().state;
  preview_clocks(person, *with_rules(policy, rules, OnChange::kFromNow),
                 *with_rules(policy, rules, OnChange::kRetroactive), kNow, preview);
  EXPECT_GE(preview.clocks, 1U);
  EXPECT_EQ(preview.retroactive.earlier, 1U);
  EXPECT_EQ(preview.retroactive.over, 0U);
  EXPECT_EQ(contact().due, before.due);
}

}  // namespace
}  // namespace baton
