#include "gateway/core/model/transitions.h"

#include <gtest/gtest.h>

namespace baton {
namespace {

constexpr Stage kAll[] = {Stage::kCaptured, Stage::kLead,         Stage::kMql,    Stage::kSal,
                          Stage::kSql,      Stage::kOpportunity,  Stage::kWon,    Stage::kLost,
                          Stage::kNurture,  Stage::kDisqualified, Stage::kMerged, Stage::kErased};

TEST(Lifecycle, NothingLeadsBackUpTheFunnel) {
  for (const auto& t : stage_changes()) {
    if (funnel_rank(t.from) > 0 && funnel_rank(t.to) > 0) {
      EXPECT_LE(funnel_rank(t.from), funnel_rank(t.to)) << to_string(t.transition);
    }
  }
}

TEST(Lifecycle, FromTheEndsOfAnEpisodeOnlyTheNamedWaysLeadOn) {
  for (const auto to : kAll) {
    EXPECT_FALSE(is_legal(Stage::kWon, to));
    EXPECT_EQ(is_legal(Stage::kLost, to), to == Stage::kNurture);       // T16
    EXPECT_EQ(is_legal(Stage::kDisqualified, to), to == Stage::kLead);  // T18
  }
}

TEST(Lifecycle, EveryOpenStageHasAWayOut) {
  for (const auto from : kAll) {
    if (!is_open(from)) continue;
    bool out = false;
    for (const auto to : kAll) out |= !is_open(to) && is_legal(from, to);
    EXPECT_TRUE(out) << to_string(from);
  }
}

TEST(Lifecycle, TheStepsDownTheFunnelAreLegalAndEndAtTheOpportunity) {
  Stage stage = Stage::kLead;
  int steps = 0;
  for (const auto* next = next_step_down(stage); next != nullptr;
       next = next_step_down(stage), ++steps) {
    EXPECT_TRUE(is_legal(stage, next->to));
    stage = next->to;
  }
  EXPECT_EQ(stage, Stage::kOpportunity);
  EXPECT_EQ(steps, 4);
}

TEST(Lifecycle, StageNamesRoundTrip) {
  for (const auto stage : kAll) EXPECT_EQ(parse_stage(to_string(stage)), stage);
  EXPECT_FALSE(parse_stage("customer"));
}

}  // namespace
}  // namespace baton
