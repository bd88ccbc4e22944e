#include <map>
#include <random>

#include <gmock/gmock.h>

#include "gateway/core/calendar/local_day.h"
#include "mapping/json/json.h"
#include "tests/core/routing/routing_fixture.h"

// The hard rules 6 and 7 of routing, over random rosters, calendars and histories.

namespace baton {
namespace {

struct Random {
  std::mt19937_64 engine;
  explicit Random(std::uint64_t seed) : engine(seed) {}
  int below(int n) { return static_cast<int>(engine() % static_cast<std::uint64_t>(n)); }
  bool one_in(int n) { return below(n) == 0; }
};

constexpr const char* kZones[] = {"Europe/Berlin", "America/New_York", "Asia/Tokyo"};

// Offices in three zones, each with its hours and regional holidays.
CalendarSet random_calendars(Random& random) {
  CalendarSet set;
  for (int i = 0; i < 3; ++i) {
    BusinessCalendar::Spec spec;
    spec.name = fmt::format("office{}", i);
    spec.zone = kZones[i];
    if (i == 0 && random.one_in(2)) spec.region = "DE-BY";
    for (int day = 0; day < 7; ++day) {
      if (day >= 5 && !random.one_in(3)) continue;
      const int open = 7 + random.below(4);
      spec.windows[day].push_back({open * 3600, (open + 2 + random.below(8)) * 3600});
    }
    set.calendars.emplace(spec.name, std::move(*BusinessCalendar::make(spec)));
  }
  return set;
}

Caps random_caps(Random& random) {
  Caps caps;
  if (random.one_in(3)) caps.day = 1 + random.below(4);
  if (random.one_in(4)) caps.week = 2 + random.below(8);
  if (random.one_in(5)) caps.month = 3 + random.below(12);
  if (random.one_in(3)) caps.rolling_24h = 1 + random.below(4);
  if (random.one_in(3)) caps.untouched = 1 + random.below(4);
  return caps;
}

RoutingPolicy random_roster(Random& random) {
  auto policy = pool_of({1, 2, 3, 1, 5});
  const auto first = local_day(kMonday, "UTC");
  for (auto& rep : policy.reps) {
    rep.calendar = fmt::format("office{}", random.below(3));
    rep.active = !random.one_in(7);
    if (random.one_in(3)) rep.languages = {"de"};
    if (random.one_in(4)) rep.countries = {"DE", "AT"};
    if (random.one_in(4)) rep.postal_codes = {"8", "10000..19999", "AT:6"};
    if (random.one_in(2)) rep.skills = {"cloud"};
    rep.seniority = random.one_in(2) ? "senior" : "junior";
    if (random.one_in(6)) rep.until = LocalDate{first + random.below(8)};
    if (random.one_in(6)) rep.from = LocalDate{first + random.below(4)};
    rep.caps = random_caps(random);
    for (int n = random.below(3); n > 0; --n) {
      const auto from = first + random.below(10);
      policy.absences.push_back({rep.id, LocalDate{from}, LocalDate{from + random.below(3)}});
    }
  }
  auto& pool = policy.pools[0];
  for (auto& m : pool.members) m.caps = random_caps(random);
  pool.respect_hours = random.one_in(2);
  pool.when_nobody = static_cast<WhenNobody>(random.below(3));
  pool.mode = static_cast<PoolMode>(random.below(3));
  pool.on_return = static_cast<OnReturn>(random.below(3));
  if (random.one_in(4)) pool.needs_skills = {"cloud"};
  pool.escalate_to = "r03"_rep;
  return policy;
}

OwnerRequest random_lead(Random& random, std::size_t n) {
  auto r = request(n);
  if (!random.one_in(4)) r.language = random.one_in(3) ? "en" : "de";
  if (!random.one_in(4)) r.country = random.one_in(3) ? "AT" : "DE";
  if (random.one_in(3)) r.postal_code = random.one_in(2) ? "80331" : "10115";
  if (random.one_in(6)) r.seniority = {"senior"};
  if (random.one_in(4)) r.preferred = RepId(rep_name(static_cast<std::size_t>(random.below(5))));
  if (random.one_in(5)) r.excluded = {RepId(rep_name(static_cast<std::size_t>(random.below(5))))};
  r.sticky = random.one_in(5);
  r.hot = random.one_in(5);
  r.score_mass = random.below(90'000);
  return r;
}

bool within(const std::vector<std::string>& words, const std::string& word) {
  return words.empty() || word.empty() ||
         std::find(words.begin(), words.end(), word) != words.end();
}

// An independent, plain statement of the hard reasons; "" if the rep may have the lead.
std::string unlawful(const RoutingPolicy& policy, const CalendarSet& calendars,
                     const OwnerRequest& r, const Rep& rep, Instant now) {
  const auto today = local_day(now, calendars.find(rep.calendar)->spec().zone);
  if (!rep.active || (rep.until && today > rep.until->day) || (rep.from && today < rep.from->day))
    return "not employed";
  for (const auto& a : policy.absences) {
    if (a.rep == rep.id && std::get<LocalDate>(a.from).day <= today &&
        today <= std::get<LocalDate>(a.until).day)
      return "absent";
  }
  if (std::find(r.excluded.begin(), r.excluded.end(), rep.id) != r.excluded.end()) return "had it";
  if (!within(rep.languages, r.language) || !within(rep.countries, r.country))
    return "language or country";
  if (rep.postal_codes.empty() || r.postal_code.empty()) return "";
  const bool south = r.postal_code == "80331";  // the lists contain "8", and 10115 is in the range
  return south || r.postal_code == "10115" ? "" : "postal code";
}

// Every lead of a rep, in a plain list. The windows are counted from scratch each time.
struct Book {
  std::vector<Instant> taken;
  int untouched = 0;

  std::string over(const Caps& caps, Instant now, const std::string& zone) const {
    int day = 0, week = 0, month = 0, last = 0;
    const auto today = local_day(now, zone);
    for (const auto at : taken) {
      const auto then = local_day(at, zone);
      day += then == today ? 1 : 0;
      week += week_of(then) == week_of(today) ? 1 : 0;
      month += month_of(then) == month_of(today) ? 1 : 0;
      last += at + hours(24) > now ? 1 : 0;
    }
    if (caps.day > 0 && day >= caps.day) return "day";
    if (caps.week > 0 && week >= caps.week) return "week";
    if (caps.month > 0 && month >= caps.month) return "month";
    if (caps.rolling_24h > 0 && last >= caps.rolling_24h) return "24 hours";
    return caps.untouched > 0 && untouched >= caps.untouched ? "untouched" : "";
  }
};

TEST(RoutingRules, NoSettingGivesARepALeadTheyMayNotHave) {
  for (std::uint64_t seed = 1; seed <= 80; ++seed) {
    Random random(seed);
    const auto policy = random_roster(random);
    const auto& pool = policy.pools[0];
    Stream stream{policy};
    stream.calendars = random_calendars(random);
    std::map<RepId, Book> books;
    for (std::size_t n = 0; n < 80; ++n) {
      stream.now = stream.now + minutes(random.below(400));
      const auto r = random_lead(random, n);
      const auto answer = stream.next(r);
      if (answer.rep.empty()) continue;
      const Rep& rep = *policy.rep(answer.rep);
      const std::string by(find_reason(answer.reasons, "pool.picked")->facts.at("by").as_string());
      const auto where = fmt::format("seed {}, lead {}, {} by {}", seed, n, answer.rep.view(), by);
      ASSERT_EQ(unlawful(policy, stream.calendars, r, rep, stream.now), "") << where;
      auto& book = books[answer.rep];
      const auto* calendar = stream.calendars.find(rep.calendar);
      if (by != "escalation") {
        const auto over =
            book.over(rep.caps, stream.now, calendar->spec().zone) +
            book.over(pool.member(answer.rep)->caps, stream.now, calendar->spec().zone);
        const bool forced = r.hot || (by == "preferred" && r.sticky);
        ASSERT_EQ(!over.empty(), find_reason(answer.reasons, "pool.cap_override").has_value())
            << where << ": " << over;
        ASSERT_TRUE(over.empty() || forced) << where << ": " << over;
        const bool waived =
            by == "route_anyway" || (by == "preferred" && r.sticky) || !pool.respect_hours;
        ASSERT_TRUE(waived || calendar->is_open(stream.now)) << where;
      }
      book.taken.push_back(stream.now);
      ++book.untouched;
      if (!random.one_in(3)) continue;
      note_work(stream.loads[answer.rep], answer.rep, r.person,
                LeadWork{r.tie_break, answer.rep, false}, stream.now);
      --book.untouched;
    }
  }
}

// Two reps who are always free never differ by more than a turn of the lighter one, while others
// come and go.
TEST(RoutingRules, RepsWhoStayEligibleStayWithinOneTurnWhileOthersComeAndGo) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Random random(seed);
    std::vector<int> weights;
    for (int i = 0; i < 5; ++i) weights.push_back(1 + random.below(9));
    auto policy = pool_of(weights);
    policy.pools[0].on_return = static_cast<OnReturn>(random.below(3));
    Stream stream{policy};
    for (int i = 0; i < 300; ++i) {
      for (std::size_t other = 2; other < 5; ++other)
        if (random.one_in(20)) policy.reps[other].active = !policy.reps[other].active;
      ASSERT_FALSE(stream.next(request(random.engine())).rep.empty());
      const auto a = stream.state.members["r00"_rep].count * weights[1];
      const auto b = stream.state.members["r01"_rep].count * weights[0];
      ASSERT_LE(std::abs(a - b), std::max(weights[0], weights[1]))
          << "seed " << seed << ", lead " << i;
    }
  }
}

}  // namespace
}  // namespace baton
