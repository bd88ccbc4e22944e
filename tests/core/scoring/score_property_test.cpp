#include <fmt/format.h>
#include <fstream>
#include <random>

#include "score_support.h"
#include "tests/support/source_dir.h"

namespace baton {
namespace {

using score_test::day;
using score_test::policy_of;
using score_test::touch;

using Random = std::mt19937_64;
constexpr std::uint64_t kSeed = 20'260'310;

std::int64_t pick(Random& random, std::int64_t from, std::int64_t to) {
  return std::uniform_int_distribution<std::int64_t>(from, to)(random);
}

std::shared_ptr<const ScoringPolicy> standard_policy() {
  std::ifstream in(source_dir() + "/gateway/cli/templates/policy/scoring.yaml");
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  return policy_of(text + "\nthresholds: {interested: 25, ready: 65}\n");
}

PersonState random_person(Random& random) {
  PersonState p;
  p.id = "p"_person;
  p.profile.job_level = pick(random, 0, 1) == 0 ? "director" : "";
  p.profile.country = pick(random, 0, 1) == 0 ? "DE" : "FR";
  const std::int64_t count = pick(random, 0, 30);
  for (std::int64_t i = 0; i < count; ++i) {
    auto t =
        touch("t" + std::to_string(i), static_cast<TouchType>(pick(random, 0, kTouchTypes - 1)),
              day(0) + milliseconds(pick(random, 0, days(60).ms)),
              "a" + std::to_string(pick(random, 0, 3)), static_cast<int>(pick(random, 0, 120)));
    if (pick(random, 0, 2) == 0) t.type = TouchType::kProductPageView;
    if (pick(random, 0, 3) == 0) t.type = TouchType::kEmailClick;
    if (pick(random, 0, 12) == 0) t.type = TouchType::kEmailUnsubscribe;
    p.touches.push_back(std::move(t));
  }
  const auto before = [](const KeptTouch& a, const KeptTouch& b) {
    return a.at != b.at ? a.at < b.at : a.id < b.id;
  };
  std::sort(p.touches.begin(), p.touches.end(), before);
  if (pick(random, 0, 3) == 0)
    p.sums.push_back(
        {20'440, TouchType::kEmailClick, static_cast<std::int32_t>(pick(random, 1, 5))});
  return p;
}

std::string shown(const ScoreResult& r) {
  std::string text =
      fmt::format("{} {} {} {}", r.snapshot.fit, r.snapshot.engagement, r.snapshot.grade,
                  r.snapshot.next_crossing ? r.snapshot.next_crossing->ms : 0);
  for (const auto& l : r.lines)
    text += fmt::format("\n{} {} {} {} {}", l.rule, l.touch, l.points, l.decayed, l.cut);
  return text;
}

TEST(ScoreProperty, DoesNotDependOnTheOrderOfTouches) {
  Random random(kSeed);
  const auto policy = standard_policy();
  for (int i = 0; i < 1'000; ++i) {
    PersonState p = random_person(random);
    const auto first = score(p, *policy, day(61));
    std::shuffle(p.touches.begin(), p.touches.end(), random);
    ASSERT_EQ(shown(score(p, *policy, day(61))), shown(first)) << "seed " << kSeed << " case " << i;
  }
}

TEST(ScoreProperty, UnscorableTouchesChangeNothingAndAnObjectionEndsScoring) {
  Random random(kSeed + 1);
  const auto policy = standard_policy();
  for (int i = 0; i < 500; ++i) {
    PersonState p = random_person(random);
    const auto first = score(p, *policy, day(61));
    auto extra = touch("tracked", TouchType::kDemoRequest, day(60));
    extra.scorable = false;
    p.touches.push_back(extra);
    ASSERT_EQ(shown(score(p, *policy, day(61))), shown(first))
        << "seed " << kSeed + 1 << " case " << i;
    p.objected_at = day(60);
    const auto none = score(p, *policy, day(61));
    ASSERT_EQ(none.snapshot.total, 0);
    ASSERT_TRUE(none.lines.empty() && !none.snapshot.next_crossing);
  }
}

TEST(ScoreProperty, LinesAddUpToTheirAxis) {
  Random random(kSeed + 2);
  const auto policy = standard_policy();
  for (int i = 0; i < 1'000; ++i) {
    const auto result = score(random_person(random), *policy, day(61));
    std::int64_t fit = 0, engaged = 0;
    for (const auto& line : result.lines) (line.axis == "fit" ? fit : engaged) += line.points;
    ASSERT_EQ(fit, result.snapshot.fit) << "seed " << kSeed + 2 << " case " << i;
    ASSERT_EQ(engaged, result.snapshot.engagement) << "seed " << kSeed + 2 << " case " << i;
  }
}

// The grade, and the number of named thresholds reached.
std::string kind(const PersonState& p, const ScoringPolicy& policy, Instant at) {
  const auto s = score(p, policy, at).snapshot;
  const auto reached = std::count_if(policy.totals.begin(), policy.totals.end(),
                                     [&](auto t) { return t <= s.total; });
  return s.grade + std::to_string(reached);
}

TEST(ScoreProperty, TheNextCrossingIsTheFirstSecondWithAnotherGrade) {
  Random random(kSeed + 3);
  const auto policy = standard_policy();
  int crossings = 0;
  for (int i = 0; i < 400; ++i) {
    PersonState p = random_person(random);
    Instant now = day(30) + milliseconds(pick(random, 0, days(40).ms));
    std::erase_if(p.touches, [&](const KeptTouch& t) { return t.at > now; });
    p.score = score(p, *policy, now).snapshot;
    const auto crossing = p.score.next_crossing;
    const std::string before = kind(p, *policy, now);
    const Instant end = crossing ? *crossing : now + days(400);
    for (int k = 0; k < 40; ++k) {
      const Instant between =
          now + milliseconds(pick(random, 0, std::max<std::int64_t>((end - now).ms - 1000, 0)));
      ASSERT_EQ(kind(p, *policy, between), before)
          << "seed " << kSeed + 3 << " case " << i << " at " << to_rfc3339(between);
    }
    if (!crossing) continue;
    ++crossings;
    ASSERT_GE(*crossing, now + seconds(1));
    ASSERT_NE(kind(p, *policy, *crossing), before) << "seed " << kSeed + 3 << " case " << i;
    const Instant last = std::max(now, *crossing - seconds(1));
    ASSERT_EQ(kind(p, *policy, last), before) << "seed " << kSeed + 3 << " case " << i;
  }
  EXPECT_GT(crossings, 200);
}

}  // namespace
}  // namespace baton
