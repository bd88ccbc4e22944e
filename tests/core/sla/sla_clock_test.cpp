#include "gateway/core/sla/sla_clock.h"

#include <random>

#include <gtest/gtest.h>

#include "tests/core/sim/core_sim.h"

namespace baton {
namespace {

BusinessCalendar weekdays(int open_hour, int close_hour) {
  BusinessCalendar::Spec spec;
  spec.name = "office";
  spec.zone = "Europe/Berlin";
  for (int day = 0; day < 5; ++day)
    spec.windows[day].push_back({open_hour * 3600, close_hour * 3600});
  auto made = BusinessCalendar::make(std::move(spec));
  EXPECT_TRUE(made);
  return std::move(*made);
}

ClockDefinition definition(std::vector<int> warnings = {}, std::vector<int> escalations = {}) {
  ClockDefinition d;
  d.id = "contact";
  d.calendar = "office";
  for (const int percent : warnings) d.steps.push_back({percent, {}, {"owner"}});
  d.steps.push_back({100, {}, {"owner"}});
  for (const int percent : escalations) d.steps.push_back({percent, {}, {"head"}});
  return d;
}

ClockInstance started(const ClockDefinition& d, Duration budget, std::string_view when,
                      const BusinessCalendar& c) {
  return start_clock(d, 1, budget, at(when), c, d.calendar, at(when));
}

TEST(Clock, AWarningForADeadlineAfterTheNightComesTheNextMorning) {
  const auto calendar = weekdays(8, 18);  // V10: Monday 17:00, four hours, warned an hour before
  const auto clock = started(definition({75}), hours(4), "2026-03-09T16:00:00Z", calendar);
  EXPECT_EQ(to_rfc3339(clock.due), "2026-03-10T10:00:00Z");
  ASSERT_TRUE(clock.next);
  EXPECT_EQ(to_rfc3339(*clock.next), "2026-03-10T09:00:00Z");
}

TEST(Clock, APauseMovesTheDueTimeByTheOpenTimeItTook) {
  const auto calendar = weekdays(9, 17);
  const auto d = definition();
  auto clock = started(d, hours(2), "2026-03-09T08:00:00Z", calendar);
  pause_clock(clock, at("2026-03-09T09:00:00Z"));
  EXPECT_FALSE(clock.next);
  resume_clock(clock, d, calendar, at("2026-03-09T12:00:00Z"));
  EXPECT_EQ(to_rfc3339(clock.due), "2026-03-09T13:00:00Z");
  const auto times = clock_times(clock, calendar, at("2026-03-09T12:30:00Z"));
  EXPECT_EQ(times.counted, minutes(90));
  EXPECT_EQ(times.paused, hours(3));
  EXPECT_EQ(times.closed, Duration{});
}

TEST(Clock, APauseOverNightDoesNotMoveTheDueTime) {
  const auto calendar = weekdays(9, 17);
  const auto d = definition();
  auto clock = started(d, hours(2), "2026-03-09T15:00:00Z", calendar);
  const auto due = clock.due;
  pause_clock(clock, at("2026-03-09T17:00:00Z"));
  resume_clock(clock, d, calendar, at("2026-03-10T07:00:00Z"));
  EXPECT_EQ(clock.due, due);
}

TEST(Clock, StepsRunInOrderToTheLastEscalation) {
  const auto calendar = weekdays(9, 17);
  const auto d = definition({50, 75}, {200});
  auto clock = started(d, hours(4), "2026-03-09T08:00:00Z", calendar);
  std::vector<std::string> seen;
  while (clock.next) {
    seen.push_back(to_rfc3339(*clock.next));
    advance_clock(clock, d, calendar, *next_step(clock, d));
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"2026-03-09T10:00:00Z", "2026-03-09T11:00:00Z",
                                            "2026-03-09T12:00:00Z", "2026-03-09T16:00:00Z"}));
}

TEST(Clock, WallTimeIncludesWeekends) {
  const auto calendar = weekdays(9, 17);
  auto d = definition();
  d.working_time = false;
  const auto clock = started(d, hours(4), "2026-03-07T14:00:00Z", calendar);
  EXPECT_EQ(to_rfc3339(clock.due), "2026-03-07T18:00:00Z");
}

TEST(Clock, AnEndBeforeAPauseRemovesThePause) {
  const auto calendar = weekdays(9, 17);
  const auto d = definition();
  auto clock = started(d, hours(2), "2026-03-09T08:00:00Z", calendar);
  pause_clock(clock, at("2026-03-09T09:00:00Z"));
  end_clock(clock, at("2026-03-09T08:30:00Z"), ClockState::kStopped, "call-1");
  ASSERT_EQ(clock.segments.size(), 1U);
  EXPECT_EQ(clock_times(clock, calendar, at("2026-03-10T08:30:00Z")).counted, minutes(30));
}

TEST(Clock, AStepIsAShareOfTheBudgetToTheMillisecond) {
  const auto clock =
      started(definition(), milliseconds(333), "2026-03-09T08:00:00Z", weekdays(9, 17));
  const auto calendar = weekdays(9, 17);
  EXPECT_EQ(*step_instant(clock, calendar, {75, {}, {}}) - clock.started_at, milliseconds(249));
}

TEST(Clock, AStepMayBeATimeBeforeOrAfterTheEnd) {
  const auto calendar = weekdays(9, 17);
  auto d = definition({75});
  d.steps.push_back({0, Duration{-minutes(30).ms}, {"team_lead"}});
  d.steps.push_back({0, hours(2), {"head"}});
  auto clock =
      started(d, hours(4), "2026-03-09T14:00:00Z", calendar);  // Monday 15:00, due Tuesday 11:00
  std::vector<std::string> seen;
  for (const auto* step = next_step(clock, d); step != nullptr; step = next_step(clock, d)) {
    seen.push_back(step->name() + " " + to_rfc3339(*clock.next));
    advance_clock(clock, d, calendar, *step);
  }
  EXPECT_EQ(seen,
            (std::vector<std::string>{"75 2026-03-10T09:00:00Z", "30m left 2026-03-10T09:30:00Z",
                                      "100 2026-03-10T10:00:00Z", "2h over 2026-03-10T12:00:00Z"}));
  EXPECT_EQ(clock.level, 150);
}

TEST(Clock, AWarningThatNeedsMoreThanTheBudgetIsSkipped) {
  const auto calendar = weekdays(9, 17);
  auto d = definition();
  d.steps.push_back({0, Duration{-minutes(30).ms}, {"owner"}});
  const auto clock = started(d, minutes(5), "2026-03-09T08:00:00Z", calendar);
  EXPECT_EQ(clock.next, clock.due);
}

TEST(Clock, NewRulesFromNowKeepTheCountedTimeAndRetroactiveOnesRecountIt) {
  const auto before = weekdays(9, 17);
  const auto after = weekdays(13, 17);
  const auto d = definition({75});
  auto clock = started(d, hours(4), "2026-03-09T08:00:00Z", before);
  auto again = clock;
  const auto now = at("2026-03-09T10:00:00Z");  // two hours have counted
  retime_clock(clock, d, hours(4), before, after, now, false);
  EXPECT_EQ(to_rfc3339(clock.due), "2026-03-09T14:00:00Z");  // 13:00 to 15:00 local
  EXPECT_EQ(clock_times(clock, after, at("2026-03-09T13:00:00Z")).counted, hours(3));
  retime_clock(again, d, hours(4), before, after, now, true);
  EXPECT_EQ(to_rfc3339(again.due), "2026-03-09T16:00:00Z");  // none of the morning counts any more
}

// Hard rules 9 and 10, over random lives of random clocks.
class ClockLife : public testing::TestWithParam<std::uint64_t> {};

TEST_P(ClockLife, TimesAddUpAndDueTimesAreMonotone) {
  std::mt19937_64 random(GetParam());
  const auto pick = [&](std::int64_t below) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(below));
  };
  const auto calendar = weekdays(8 + static_cast<int>(pick(3)), 14 + static_cast<int>(pick(6)));
  for (int round = 0; round < 50; ++round) {
    const auto d = definition({75});
    const Instant start = at("2026-03-01T00:00:00Z") + seconds(pick(60 * 86'400));
    const Duration budget = minutes(1 + pick(2'400));
    auto clock = start_clock(d, 1, budget, start, calendar, d.calendar, start);
    auto longer =
        start_clock(d, 1, budget + minutes(pick(600)), start, calendar, d.calendar, start);
    ASSERT_LE(clock.due, longer.due);
    auto unpaused = clock;
    auto once_less = clock;  // the same life without its first pause
    bool paused_before = false;
    Instant now = start;
    for (int i = 0; i < 6; ++i) {
      now = now + minutes(pick(3'000));
      const bool pauses = clock.state == ClockState::kRunning && now < clock.due;
      if (pauses && paused_before) pause_clock(once_less, now);
      if (!pauses) resume_clock(once_less, d, calendar, now);
      paused_before = paused_before || pauses;
      const auto before = clock.due;
      if (pauses) {
        pause_clock(clock, now);
      } else {
        resume_clock(clock, d, calendar, now);
      }
      ASSERT_GE(clock.due, before) << "a pause made it due earlier";
      const auto times = clock_times(clock, calendar, now);
      ASSERT_EQ((times.counted + times.paused + times.closed), now - start);
    }
    resume_clock(clock, d, calendar, now);
    resume_clock(once_less, d, calendar, now);
    ASSERT_GE(clock.due, once_less.due) << "removing a pause made it later";
    ASSERT_GE(clock.due, unpaused.due) << "removing pauses made it later";
    end_clock(clock, now - minutes(pick(500)), ClockState::kStopped, "x");
    const auto times = clock_times(clock, calendar, now);
    ASSERT_EQ((times.counted + times.paused + times.closed), *clock.stopped_at - start);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ClockLife, testing::Range<std::uint64_t>(1, 21));

}  // namespace
}  // namespace baton
