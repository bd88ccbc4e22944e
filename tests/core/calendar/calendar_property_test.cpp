#include <cstdlib>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "calendar_reference.h"
#include "gateway/core/calendar/calendar.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

using Random = std::mt19937_64;

std::uint64_t seed() {
  const char* text = std::getenv("BATON_TEST_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : 20'260'309;
}

std::int64_t pick(Random& random, std::int64_t from, std::int64_t to) {
  return std::uniform_int_distribution<std::int64_t>(from, to)(random);
}
bool chance(Random& random, int percent) { return pick(random, 1, 100) <= percent; }

template <class T>
const T& any(Random& random, const std::vector<T>& list) {
  return list[static_cast<std::size_t>(
      pick(random, 0, static_cast<std::int64_t>(list.size()) - 1))];
}

struct Case {
  reference::Calendar calendar;
  std::int64_t start_ms = 0, budget_ms = 0;
};

// A time of day at which changes happen: midnight, around the clock change, office hours.
int edge(Random& random) {
  if (chance(random, 25))
    return static_cast<int>(pick(random, 0, 4)) * 3600 + (chance(random, 50) ? 1800 : 0);
  if (chance(random, 10)) return 86'400;
  if (chance(random, 15)) return static_cast<int>(pick(random, 0, 86'400));
  return static_cast<int>(pick(random, 0, 96)) * 900;
}

std::vector<reference::Window> windows(Random& random) {
  std::vector<int> edges;
  for (std::int64_t i = pick(random, 1, 3) * 2; i > 0; --i) edges.push_back(edge(random));
  std::sort(edges.begin(), edges.end());
  std::vector<reference::Window> result;
  for (std::size_t i = 0; i < edges.size(); i += 2) {
    if (edges[i] < edges[i + 1]) result.push_back({edges[i], edges[i + 1]});
  }
  return result;
}

reference::Calendar random_calendar(Random& random) {
  reference::Calendar calendar;
  calendar.zone = any(random, reference::zones());
  calendar.region = any(random, reference::regions());
  const bool same = chance(random, 50);
  const auto every = windows(random);
  for (int day = 0; day < 7; ++day) {
    if (day < 5 || chance(random, 40)) calendar.windows[day] = same ? every : windows(random);
  }
  if (chance(random, 30)) calendar.windows[6] = {{0, 86'400}};
  int open = 0;
  for (const auto& day : calendar.windows) {
    for (const auto& w : day) open += w.close_s - w.open_s;
  }
  if (open < 3600) calendar.windows[2] = {{9 * 3600, 86'400}};
  return calendar;
}

Case random_case(Random& random) {
  constexpr std::int64_t kFrom = 1'420'070'400, kTo = 2'082'758'400;  // 2015-01-01, 2036-01-01
  Case c;
  c.calendar = random_calendar(random);
  std::int64_t start = pick(random, kFrom, kTo - 1);
  const auto changes =
      reference::changes(c.calendar.zone, static_cast<int>(pick(random, 2015, 2035)));
  if (chance(random, 35) && !changes.empty())
    start = any(random, changes) + pick(random, -3 * 86'400, 7'200);
  if (chance(random, 40)) start -= start % 900;
  c.start_ms = start * 1000 + (chance(random, 20) ? pick(random, 0, 999) : 0);
  c.budget_ms = pick(random, 0, 40 * 3600) * 1000;
  if (chance(random, 40)) c.budget_ms = pick(random, 0, 16) * 900'000;
  if (chance(random, 10)) c.budget_ms += pick(random, 0, 999);
  if (chance(random, 15)) c.calendar.closed.push_back(to_rfc3339({c.start_ms}).substr(0, 10));
  return c;
}

BusinessCalendar::Spec spec_of(const reference::Calendar& calendar) {
  BusinessCalendar::Spec spec;
  spec.zone = calendar.zone;
  spec.region = calendar.region;
  for (int day = 0; day < 7; ++day) {
    for (const auto& w : calendar.windows[day]) spec.windows[day].push_back({w.open_s, w.close_s});
  }
  for (const auto& date : calendar.closed) {
    spec.closed_days.insert(
        static_cast<std::int32_t>(parse_rfc3339(date + "T00:00:00Z")->ms / days(1).ms));
  }
  return spec;
}

std::string clock(int s) { return fmt::format("{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60); }

// The case as a line for `baton calendar due --stdin`.
std::string line_of(const Case& c) {
  static const char* kDays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  json::object windows;
  for (int day = 0; day < 7; ++day) {
    json::array list;
    for (const auto& w : c.calendar.windows[day])
      list.push_back(json::array{clock(w.open_s), clock(w.close_s)});
    if (!list.empty()) windows.emplace(kDays[day], std::move(list));
  }
  json::object line{{"zone", c.calendar.zone}, {"windows", windows}, {"holidays", nullptr}};
  if (!c.calendar.region.empty()) line["holidays"] = c.calendar.region;
  json::array closed(c.calendar.closed.begin(), c.calendar.closed.end());
  if (!closed.empty()) line["closed"] = closed;
  line["start"] = to_rfc3339({c.start_ms});
  line["budget_s"] = static_cast<double>(c.budget_ms) / 1000;
  return json::serialize(line);
}

std::string shown(std::optional<std::int64_t> ms) { return ms ? to_rfc3339({*ms}) : "none"; }

TEST(CalendarProperty, TenThousandCasesAgreeWithTheReference) {
  Random random(seed());
  for (int i = 0; i < 10'000; ++i) {
    const Case c = random_case(random);
    const auto expected = reference::due(c.calendar, c.start_ms, c.budget_ms);
    if (!expected) continue;  // beyond the reference's years
    const auto calendar = BusinessCalendar::make(spec_of(c.calendar));
    ASSERT_TRUE(calendar.has_value()) << calendar.error().message << '\n' << line_of(c);
    const auto due = calendar->add({c.start_ms}, {c.budget_ms});
    ASSERT_EQ(due ? to_rfc3339(*due) : "none", shown(expected))
        << "seed " << seed() << " case " << i << '\n'
        << line_of(c);
  }
}

TEST(CalendarProperty, OpenSecondsAgreeWithTheReferenceAroundEveryChange) {
  Random random(seed() + 1);
  for (int i = 0; i < 300; ++i) {
    const Case c = random_case(random);
    const auto calendar = *BusinessCalendar::make(spec_of(c.calendar));
    for (const std::int64_t change :
         reference::changes(c.calendar.zone, static_cast<int>(pick(random, 2015, 2035)))) {
      for (std::int64_t t = change - 7200; t < change + 7200; t += 97) {
        ASSERT_EQ(calendar.is_open({t * 1000}), reference::is_open(c.calendar, t))
            << "seed " << seed() + 1 << " at " << to_rfc3339({t * 1000}) << '\n'
            << line_of(c);
      }
    }
  }
}

TEST(CalendarProperty, DueIsMonotoneInTheBudgetAndBetweenReturnsTheBudget) {
  Random random(seed() + 2);
  for (int i = 0; i < 2'000; ++i) {
    const Case c = random_case(random);
    const auto calendar = *BusinessCalendar::make(spec_of(c.calendar));
    const Instant start{c.start_ms};
    std::optional<Instant> before;
    for (int step = 0; step < 5; ++step) {
      const Duration budget{c.budget_ms + step * 1'234'567};
      const auto due = calendar.add(start, budget);
      ASSERT_TRUE(due) << line_of(c);
      ASSERT_EQ(calendar.between(start, *due), budget) << "seed " << seed() + 2 << '\n'
                                                       << line_of(c);
      ASSERT_TRUE(!before || *before < *due || budget.ms == 0) << line_of(c);
      ASSERT_GE(*due, start);
      before = due;
    }
  }
}

TEST(CalendarProperty, AClosedDayNeverMakesADeadlineEarlier) {
  Random random(seed() + 3);
  for (int i = 0; i < 2'000; ++i) {
    const Case c = random_case(random);
    auto spec = spec_of(c.calendar);
    const auto open = *BusinessCalendar::make(spec);
    const auto due = open.add({c.start_ms}, {c.budget_ms});
    spec.closed_days.insert(
        static_cast<std::int32_t>(c.start_ms / days(1).ms + pick(random, -1, 12)));
    const auto later = BusinessCalendar::make(spec)->add({c.start_ms}, {c.budget_ms});
    ASSERT_TRUE(due && later);
    ASSERT_GE(*later, *due) << "seed " << seed() + 3 << '\n' << line_of(c);
  }
}

TEST(CalendarProperty, NextOpenIsTheFirstOpenInstant) {
  Random random(seed() + 4);
  for (int i = 0; i < 2'000; ++i) {
    const Case c = random_case(random);
    const auto calendar = *BusinessCalendar::make(spec_of(c.calendar));
    const Instant start{c.start_ms};
    const auto open = calendar.next_open(start);
    ASSERT_TRUE(open);
    ASSERT_TRUE(calendar.is_open(*open)) << "seed " << seed() + 4 << '\n' << line_of(c);
    ASSERT_EQ(calendar.between(start, *open), Duration{});
    ASSERT_EQ(calendar.why_closed(start).empty(), *open == start);
    ASSERT_TRUE(*open == start || !calendar.is_open(*open - milliseconds(1)));
  }
}

}  // namespace
}  // namespace baton
