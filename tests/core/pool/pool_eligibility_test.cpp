#include <random>

#include <gmock/gmock.h>

#include "gateway/core/calendar/local_day.h"
#include "mapping/json/json.h"
#include "tests/core/routing/routing_fixture.h"

namespace baton {
namespace {

// Monday to Friday 09:00 to 17:00 in Berlin, for every rep.
CalendarSet office() {
  BusinessCalendar::Spec spec;
  spec.name = "office";
  spec.zone = "Europe/Berlin";
  for (int day = 0; day < 5; ++day) spec.windows[day] = {{9 * 3600, 17 * 3600}};
  CalendarSet set;
  auto calendar = BusinessCalendar::make(spec);
  EXPECT_TRUE(calendar.has_value());
  if (calendar) set.calendars.emplace("office", std::move(*calendar));
  return set;
}

// An independent, plain statement of who may have a lead.
bool lawful(const RoutingPolicy& policy, const OwnerRequest& r, const std::string& id,
            Instant now) {
  const Rep& rep = *policy.rep(RepId(id));
  const auto lacks = [](const std::vector<std::string>& words, const std::string& w) {
    return !words.empty() && std::find(words.begin(), words.end(), w) == words.end();
  };
  if (!rep.active || lacks(rep.languages, r.language) || lacks(rep.countries, r.country))
    return false;
  if (std::find(r.excluded.begin(), r.excluded.end(), id) != r.excluded.end()) return false;
  const auto today = local_day(now, "Europe/Berlin");
  for (const auto& a : policy.absences) {
    if (a.rep == id && std::get<LocalDate>(a.from).day <= today &&
        today <= std::get<LocalDate>(a.until).day)
      return false;
  }
  return true;
}

RoutingPolicy random_policy(std::mt19937_64& random) {
  auto policy = pool_of({1, 2, 3, 1});
  policy.calendar = "office";
  const auto first_day = local_day(kMonday, "Europe/Berlin");
  for (auto& rep : policy.reps) {
    rep.active = random() % 6 != 0;
    if (random() % 2 == 0) rep.languages = {"de"};
    if (random() % 3 == 0) rep.countries = {"DE", "AT"};
    const auto from = first_day + static_cast<std::int32_t>(random() % 5);
    if (random() % 2 == 0)
      policy.absences.push_back(
          {rep.id, LocalDate{from}, LocalDate{from + static_cast<std::int32_t>(random() % 3)}});
  }
  auto& pool = policy.pools[0];
  for (auto& m : pool.members)
    m.caps = {static_cast<int>(random() % 4), static_cast<int>(random() % 9)};
  pool.respect_hours = random() % 2 == 0;
  pool.when_nobody = static_cast<WhenNobody>(random() % 3);
  pool.escalate_to = "r03"_rep;
  return policy;
}

OwnerRequest random_request(std::mt19937_64& random, std::size_t n) {
  auto r = request(n);
  r.language = random() % 3 == 0 ? "en" : "de";
  r.country = random() % 3 == 0 ? "FR" : "DE";
  r.hot = random() % 5 == 0;
  if (random() % 4 == 0) r.preferred = RepId(rep_name(random() % 4));
  if (random() % 4 == 0) r.excluded = {RepId(rep_name(random() % 4))};
  return r;
}

struct Counts {
  std::int32_t day = 0, week = 0;
  int in_day = 0, in_week = 0;
  void add(std::int32_t today) {
    if (day != today) in_day = 0;
    if (week != week_of(today)) in_week = 0;
    day = today;
    week = week_of(today);
    ++in_day;
    ++in_week;
  }
};

TEST(PoolEligibility, NoRepGetsALeadTheyMayNotHave) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    std::mt19937_64 random(seed);
    const auto policy = random_policy(random);
    const auto& pool = policy.pools[0];
    Stream stream{policy};
    stream.calendars = office();
    std::map<RepId, Counts> counts;
    for (std::size_t n = 0; n < 60; ++n) {
      stream.now = stream.now + minutes(static_cast<std::int64_t>(random() % 300));
      const auto r = random_request(random, n);
      const auto answer = stream.next(r);
      if (answer.rep.empty()) continue;
      const std::string by(find_reason(answer.reasons, "pool.picked")->facts.at("by").as_string());
      const auto where = fmt::format("seed {}, lead {}, {} by {}", seed, n, answer.rep.view(), by);
      ASSERT_TRUE(lawful(policy, r, answer.rep.str(), stream.now)) << where;
      auto& c = counts[answer.rep];
      c.add(local_day(stream.now, "Europe/Berlin"));
      if (by == "escalation") continue;
      const auto& caps = pool.member(answer.rep)->caps;
      const bool over =
          (caps.day > 0 && c.in_day > caps.day) || (caps.week > 0 && c.in_week > caps.week);
      ASSERT_EQ(over, find_reason(answer.reasons, "pool.cap_override").has_value()) << where;
      ASSERT_TRUE(!over || r.hot) << where;
      const bool open = stream.calendars.find("office")->is_open(stream.now);
      ASSERT_TRUE(open || !pool.respect_hours || by == "route_anyway") << where;
    }
  }
}

TEST(PoolEligibility, OutsideHoursThePoolHoldsAndNamesTheNextFreeTime) {
  auto policy = pool_of({1, 1});
  policy.calendar = "office";
  policy.pools[0].respect_hours = true;
  Stream stream{policy};
  stream.calendars = office();
  stream.now = at("2026-03-13T17:30:00Z");  // Friday evening in Berlin
  const auto held = stream.next();
  EXPECT_EQ(held.rep, "");
  ASSERT_TRUE(held.retry_at.has_value());
  EXPECT_EQ(to_rfc3339(*held.retry_at), "2026-03-16T08:00:00Z");
  EXPECT_EQ(find_reason(held.reasons, "pool.excluded", "r01")->facts.at("why"), "outside_hours");
  stream.now = *held.retry_at;
  EXPECT_FALSE(stream.next().rep.empty());
}

TEST(PoolEligibility, RouteAnywayWaivesHoursOnly) {
  auto policy = pool_of({1, 1});
  policy.calendar = "office";
  policy.pools[0].respect_hours = true;
  policy.pools[0].when_nobody = WhenNobody::kRouteAnyway;
  policy.reps[0].active = false;
  Stream stream{policy};
  stream.calendars = office();
  stream.now = at("2026-03-15T12:00:00Z");  // Sunday
  const auto answer = stream.next();
  EXPECT_EQ(answer.rep, "r01");
  EXPECT_EQ(find_reason(answer.reasons, "pool.picked")->facts.at("by"), "route_anyway");
}

TEST(PoolEligibility, AbsencesByDateCoverBothDaysInTheRepsZoneAndJoinIfTheyTouch) {
  auto policy = pool_of({1});
  policy.calendar = "office";
  const auto day = local_day(at("2026-03-09T12:00:00Z"), "Europe/Berlin");
  policy.absences = {{"r00"_rep, LocalDate{day}, LocalDate{day}},
                     {"r00"_rep, LocalDate{day + 1}, LocalDate{day + 2}}};
  Stream stream{policy};
  stream.calendars = office();
  stream.now = at("2026-03-08T22:59:59Z");
  EXPECT_EQ(stream.next().rep, "r00");
  stream.now = at("2026-03-08T23:00:00Z");
  const auto away = stream.next();
  EXPECT_EQ(away.rep, "");
  EXPECT_EQ(to_rfc3339(away.retry_at.value_or(Instant{})), "2026-03-11T23:00:00Z");
  stream.now = at("2026-03-11T23:00:00Z");
  EXPECT_EQ(stream.next().rep, "r00");
}

TEST(PoolEligibility, SkillsSeniorityAndPostalCodesExclude) {
  auto policy = pool_of({1, 1, 1});
  policy.pools[0].needs_skills = {"cloud"};
  policy.pools[0].needs_seniority = {"senior"};
  for (auto& rep : policy.reps) rep.skills = {"cloud"};
  for (auto& rep : policy.reps) rep.seniority = "senior";
  policy.reps[0].skills = {};
  policy.reps[1].seniority = "junior";
  policy.reps[2].postal_codes = {"8"};
  Stream stream{policy};
  auto r = request(1);
  r.postal_code = "10115";
  const auto answer = stream.next(r);
  EXPECT_EQ(find_reason(answer.reasons, "pool.excluded", "r00")->facts.at("why"), "skills");
  EXPECT_EQ(find_reason(answer.reasons, "pool.excluded", "r01")->facts.at("why"), "seniority");
  EXPECT_EQ(find_reason(answer.reasons, "pool.excluded", "r02")->facts.at("why"), "postal_code");
  EXPECT_FALSE(answer.retry_at.has_value());
}

TEST(LocalDay, FollowsTheZoneAcrossClockChanges) {
  EXPECT_EQ(to_rfc3339(start_of_day(local_day(at("2026-03-29T10:00:00Z"), "Europe/Berlin"),
                                    "Europe/Berlin")),
            "2026-03-28T23:00:00Z");
  EXPECT_EQ(to_rfc3339(start_of_day(local_day(at("2026-03-30T10:00:00Z"), "Europe/Berlin"),
                                    "Europe/Berlin")),
            "2026-03-29T22:00:00Z");
  EXPECT_EQ(local_day(at("2026-03-08T23:00:00Z"), "Europe/Berlin"),
            local_day(at("2026-03-09T22:59:59Z"), "Europe/Berlin"));
}

// Every day begins when the local day number changes, even in zones far from UTC and if midnight is
// skipped (Beirut springs forward at 00:00).
TEST(LocalDay, BeginsWhenTheDayNumberChanges) {
  for (const char* zone : {"Europe/Berlin", "UTC", "Pacific/Kiritimati", "Pacific/Honolulu",
                           "Asia/Beirut", "Asia/Kolkata"}) {
    for (std::int32_t day = 19'000; day < 21'000; ++day) {
      const auto start = start_of_day(day, zone);
      ASSERT_EQ(local_day(start, zone), day) << zone;
      ASSERT_EQ(local_day(start - milliseconds(1), zone), day - 1) << zone;
    }
  }
}

TEST(LocalDay, WeeksBeginOnMonday) {
  const auto monday = local_day(at("2026-03-09T00:00:00Z"), "UTC");
  EXPECT_EQ(first_day_of_week(week_of(monday)), monday);
  EXPECT_EQ(week_of(monday + 6), week_of(monday));
  EXPECT_EQ(week_of(monday - 1), week_of(monday) - 1);
  EXPECT_EQ(week_of(-4), -1);
}

TEST(LocalDay, ALocalTimeIsAnInstantEvenWhenClocksChange) {
  const auto when = [](std::string_view day, int minute) {
    return to_rfc3339(
        instant_of(local_day(at(day), "Europe/Berlin"), minute * 60, "Europe/Berlin"));
  };
  EXPECT_EQ(when("2026-03-09T12:00:00Z", 17 * 60 + 30), "2026-03-09T16:30:00Z");
  EXPECT_EQ(when("2026-07-09T12:00:00Z", 17 * 60 + 30), "2026-07-09T15:30:00Z");
  EXPECT_EQ(when("2026-03-29T12:00:00Z", 17 * 60 + 30),
            "2026-03-29T15:30:00Z");  // the day of the change
  EXPECT_EQ(when("2026-03-29T12:00:00Z", 2 * 60 + 30), "2026-03-29T01:30:00Z");  // skipped: 03:30
  EXPECT_EQ(when("2026-10-25T12:00:00Z", 2 * 60 + 30), "2026-10-25T01:30:00Z");  // repeated
}

}  // namespace
}  // namespace baton
