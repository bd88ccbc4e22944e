#include "gateway/core/sla/forecast.h"

#include <random>

#include <gtest/gtest.h>

#include "tests/core/sim/core_sim.h"

namespace baton {
namespace {

const Instant kMonday = at("2026-03-09T08:00:00Z");  // 09:00 in Berlin

const BusinessCalendar& office() {
  static const auto calendar = [] {
    BusinessCalendar::Spec spec;
    spec.name = "office";
    spec.zone = "Europe/Berlin";
    for (int day = 0; day < 5; ++day) spec.windows[day] = {{9 * 3600, 17 * 3600}};
    return BusinessCalendar::make(std::move(spec));
  }();
  return *calendar;
}

std::vector<ForecastLead> waiting(int leads, Instant due) {
  std::vector<ForecastLead> out;
  for (int i = 0; i < leads; ++i)
    out.push_back({LeadId("p" + std::to_string(i) + ".1"), "first_contact", due, {}});
  return out;
}

TEST(Forecast, OfAnEmptyQueueIsEmpty) {
  const auto f = forecast({{}, {{&office(), {}}}, minutes(20)}, kMonday, kMonday + days(1));
  EXPECT_EQ(f.open, 0);
  EXPECT_TRUE(f.late.empty());
}

TEST(Forecast, NamesTheLateLeadsAndWhenTheirTurnEnds) {
  // Two reps call six leads an hour; eight are due within it.
  const ForecastPool pool{
      waiting(8, kMonday + hours(1)), {{&office(), {}}, {&office(), {}}}, minutes(20)};
  const auto f = forecast(pool, kMonday, kMonday + hours(4));
  EXPECT_EQ(f.open, 8);
  ASSERT_EQ(f.late.size(), 2U);
  EXPECT_EQ(f.late[0].expected, kMonday + minutes(80));
}

TEST(Forecast, WithoutRepsAllLeadsAreLate) {
  const auto f =
      forecast({waiting(3, kMonday + hours(1)), {}, minutes(20)}, kMonday, kMonday + hours(4));
  ASSERT_EQ(f.late.size(), 3U);
  EXPECT_FALSE(f.late[0].expected);
}

TEST(Forecast, IgnoresLeadsDueAfterItsEnd) {
  EXPECT_TRUE(
      forecast({waiting(3, kMonday + hours(5)), {}, minutes(20)}, kMonday, kMonday + hours(4))
          .late.empty());
}

TEST(Forecast, CountsNeitherNightsNorAbsences) {
  // No rep is on duty until noon, then one is.
  ForecastPool pool{waiting(1, kMonday + hours(2)),
                    {{&office(), {{kMonday - days(1), kMonday + hours(3)}}}},
                    minutes(20)};
  auto f = forecast(pool, kMonday, kMonday + hours(8));
  ASSERT_EQ(f.late.size(), 1U);
  EXPECT_EQ(f.late[0].expected, kMonday + hours(3) + minutes(20));
  // A call of twenty minutes that starts ten minutes before closing time ends the next morning.
  pool = {waiting(1, kMonday + hours(9)), {{&office(), {}}}, minutes(20)};
  f = forecast(pool, kMonday + hours(7) + minutes(50), kMonday + days(1));
  ASSERT_EQ(f.late.size(), 1U);
  EXPECT_EQ(f.late[0].expected, kMonday + days(1) + minutes(10));
}

TEST(Forecast, UsesTheMedianIfEnoughContactsWereMeasured) {
  EXPECT_EQ(usual_handling({minutes(1), minutes(2)}, minutes(20)), minutes(20));
  EXPECT_EQ(
      usual_handling({minutes(30), minutes(5), minutes(90), minutes(7), minutes(10)}, minutes(20)),
      minutes(10));
  EXPECT_EQ(usual_handling({{}, {}, {}, {}, {}}, minutes(20)), minutes(1));
}

struct Drawn {
  ForecastPool pool;
  Instant now, until;
};

Drawn draw(std::mt19937_64& random) {
  const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random() % n); };
  Drawn d;
  d.now = kMonday + minutes(below(7 * 24 * 60));
  d.until = d.now + hours(1 + below(30));
  d.pool.handling = minutes(1 + below(120));
  for (auto n = below(30); n > 0; --n)
    d.pool.queue.push_back({LeadId("p" + std::to_string(n)),
                            "first_contact",
                            d.now + minutes(below(40 * 60) - 60),
                            {}});
  for (auto n = below(5); n > 0; --n) {
    ForecastRep rep{below(3) == 0 ? nullptr : &office(), {}};
    Instant from = d.now - hours(below(10));
    for (auto m = below(3); m > 0; --m) {
      const Instant to = from + hours(1 + below(20));
      rep.away.emplace_back(from, to);
      from = to + minutes(1 + below(600));
    }
    d.pool.reps.push_back(std::move(rep));
  }
  return d;
}

TEST(ForecastProperty, MoreCapacityNeverForecastsMoreBreaches) {
  const std::uint64_t seed = 20260309;
  std::mt19937_64 random(seed);
  for (int i = 0; i < 400; ++i) {
    const auto d = draw(random);
    const auto before = forecast(d.pool, d.now, d.until);
    ASSERT_EQ(before.open, static_cast<int>(d.pool.queue.size()));
    auto more = d.pool;
    more.reps.push_back({&office(), {}});
    ASSERT_LE(forecast(more, d.now, d.until).late.size(), before.late.size())
        << "seed " << seed << ", a rep more, case " << i;
    auto faster = d.pool;
    faster.handling = d.pool.handling - minutes(1);
    ASSERT_LE(forecast(faster, d.now, d.until).late.size(), before.late.size())
        << "seed " << seed << ", faster, case " << i;
    auto there = d.pool;
    for (auto& rep : there.reps) rep.away.clear();
    ASSERT_LE(forecast(there, d.now, d.until).late.size(), before.late.size())
        << "seed " << seed << ", nobody away, case " << i;
    auto fewer = d.pool;
    if (!fewer.queue.empty()) fewer.queue.pop_back();
    ASSERT_LE(forecast(fewer, d.now, d.until).late.size(), before.late.size())
        << "seed " << seed << ", a lead less, case " << i;
  }
}

TEST(ForecastProperty, TimeOnDutyAddsUp) {
  std::mt19937_64 random(4711);
  for (int i = 0; i < 300; ++i) {
    const auto d = draw(random);
    for (const auto& rep : d.pool.reps) {
      const auto half = on_duty(rep, d.now, minutes(30));
      const auto whole = on_duty(rep, d.now, minutes(60));
      ASSERT_TRUE(half && whole);
      ASSERT_EQ(on_duty(rep, *half, minutes(30)), whole) << "case " << i;
      for (const auto& [from, to] : rep.away)
        ASSERT_FALSE(*half > from && *half < to) << "case " << i;
    }
  }
}

TEST(Forecast, IncludesThePoolsRepsWithTheirAbsences) {
  const auto policy = template_policy();
  const RepContext context{*policy->routing, policy->calendars, kMonday};
  for (const auto& pool : policy->routing->pools) {
    const auto reps = reps_of(context, pool);
    EXPECT_EQ(reps.size(), pool.members.size());
    for (const auto& rep : reps) EXPECT_NE(rep.calendar, nullptr);
  }
}

}  // namespace
}  // namespace baton
