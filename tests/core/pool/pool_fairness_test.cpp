#include <map>
#include <random>

#include <gmock/gmock.h>

#include "gateway/core/pool/pool_json.h"
#include "mapping/json/json.h"
#include "tests/core/routing/routing_fixture.h"

namespace baton {
namespace {

// |a/wa - b/wb| <= 1/min(wa, wb) over all members, without division: the hard rule 6 of fairness.
std::string unfair(const PoolState& state, const Pool& pool) {
  std::int64_t smallest = 1000;
  for (const auto& m : pool.members) smallest = std::min<std::int64_t>(smallest, m.weight);
  for (const auto& a : pool.members) {
    for (const auto& b : pool.members) {
      const auto ca = state.members.find(a.rep);
      const auto cb = state.members.find(b.rep);
      if (ca == state.members.end() || cb == state.members.end()) continue;
      const std::int64_t gap = std::abs(ca->second.count * b.weight - cb->second.count * a.weight);
      if (gap * smallest > static_cast<std::int64_t>(a.weight) * b.weight)
        return fmt::format("{} has {} at weight {}, {} has {} at weight {}", a.rep.view(),
                           ca->second.count, a.weight, b.rep.view(), cb->second.count, b.weight);
    }
  }
  return "";
}

TEST(PoolFairness, SharesStayWithinOneTurnAtEveryMomentForAnyWeights) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    std::mt19937_64 random(seed);
    std::vector<int> weights(2 + random() % 6);
    const int highest = seed % 3 == 0 ? 1000 : 9;
    for (auto& w : weights)
      w = 1 + static_cast<int>(random() % static_cast<std::uint64_t>(highest));
    const auto policy = pool_of(weights);
    Stream stream{policy};
    for (int i = 0; i < 200; ++i) {
      ASSERT_FALSE(stream.next(request(random())).rep.empty());
      ASSERT_EQ(unfair(stream.state, policy.pools[0]), "") << "seed " << seed << ", lead " << i;
    }
  }
}

TEST(PoolFairness, SharesStayExactOverManyLeadsWithWeightsThatDoNotDivideATurn) {
  const auto policy = pool_of({3, 7, 11});
  Stream stream{policy};
  for (int i = 0; i < 2100; ++i) stream.next();
  EXPECT_EQ(stream.state.members["r00"_rep].count, 300);
  EXPECT_EQ(stream.state.members["r01"_rep].count, 700);
  EXPECT_EQ(stream.state.members["r02"_rep].count, 1100);
}

TEST(PoolFairness, ScoreMassIsSharedWithinOneLeadOfTheGreatestScore) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random(seed);
    auto policy = pool_of({1, 2, 3});
    policy.pools[0].mode = PoolMode::kScoreMass;
    Stream stream{policy};
    std::int64_t greatest = 0;
    for (int i = 0; i < 300; ++i) {
      auto r = request(random());
      r.score_mass = 1000 + static_cast<std::int64_t>(random() % 200'000);
      greatest = std::max(greatest, r.score_mass);
      stream.next(r);
    }
    auto& m = stream.state.members;
    EXPECT_LE(std::abs(m["r00"_rep].mass * 2 - m["r01"_rep].mass), greatest * 2) << "seed " << seed;
    EXPECT_LE(std::abs(m["r00"_rep].mass * 3 - m["r02"_rep].mass), greatest * 3) << "seed " << seed;
  }
}

TEST(PoolFairness, ThirtyLeadsNeverAllGoToOneMember) {
  const auto policy = pool_of({1, 1, 1, 1});
  Stream stream{policy};
  for (int i = 0; i < 30; ++i) stream.next();
  for (const auto& [rep, m] : stream.state.members) {
    EXPECT_GE(m.count, 7) << rep;
    EXPECT_LE(m.count, 8) << rep;
  }
}

TEST(PoolFairness, TiesFavourNoName) {
  const auto policy = pool_of({1, 1, 1, 1});
  std::map<RepId, int> first;
  for (std::size_t lead = 0; lead < 4000; ++lead) {
    Stream fresh{policy};
    ++first[fresh.next(request(lead)).rep];
  }
  for (const auto& [rep, count] : first) {
    EXPECT_GT(count, 870) << rep;  // 1000 expected, sigma 27
    EXPECT_LT(count, 1130) << rep;
  }
}

// Four equal reps, one away for 100 of 300 leads. On return the rep gets two turns over their
// share: not the 34 in a row of full catching up, and not zero, as joining at the lowest pass
// gives.
TEST(PoolFairness, AReturningRepCatchesUpTwoTurnsAndNoMore) {
  auto policy = pool_of({1, 1, 1, 1});
  Stream stream{policy};
  for (int i = 0; i < 100; ++i) stream.next();
  policy.reps[0].active = false;
  for (int i = 0; i < 100; ++i) ASSERT_NE(stream.next().rep, "r00");
  policy.reps[0].active = true;
  int longest = 0, run = 0;
  const auto before = stream.state.members["r00"_rep].count;
  for (int i = 0; i < 100; ++i) {
    run = stream.next().rep == "r00" ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const auto gained = stream.state.members["r00"_rep].count - before;
  EXPECT_GE(gained, 26);
  EXPECT_LE(gained, 28);
  EXPECT_LE(longest, 4);  // two to catch up, then the end of one round and the start of the next
}

TEST(PoolFairness, AReturningRepWhoMayNotCatchUpStartsLevelWithTheOthers) {
  auto policy = pool_of({1, 1, 1, 1});
  policy.pools[0].catch_up_turns = 0;
  Stream stream{policy};
  for (int i = 0; i < 40; ++i) stream.next();
  policy.reps[0].active = false;
  for (int i = 0; i < 99; ++i) stream.next();
  policy.reps[0].active = true;
  for (int i = 0; i < 40; ++i) stream.next();
  EXPECT_EQ(stream.state.members["r00"_rep].count, 20);
}

TEST(PoolFairness, CatchingUpHappensOncePerReturnForAnyAbsences) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random(seed);
    auto policy = pool_of({1, 1, 1});
    Stream stream{policy};
    int returns = 0;
    for (int i = 0; i < 400; ++i) {
      if (random() % 25 == 0) {
        policy.reps[0].active = !policy.reps[0].active;
        returns += policy.reps[0].active ? 1 : 0;
      }
      const auto others =
          std::min(stream.state.members["r01"_rep].count, stream.state.members["r02"_rep].count);
      ASSERT_LE(stream.state.members["r00"_rep].count, others + 2 * returns + 1)
          << "seed " << seed << ", lead " << i;
      stream.next();
    }
  }
}

TEST(PoolFairness, ANewMemberStartsLevelWithTheOthers) {
  auto policy = pool_of({1, 1});
  Stream stream{policy};
  for (int i = 0; i < 100; ++i) stream.next();
  policy = pool_of({1, 1, 1});
  for (int i = 0; i < 30; ++i) stream.next();
  EXPECT_EQ(stream.state.members["r02"_rep].count, 10);
}

TEST(PoolFairness, SpeakersOfARareLanguageAlsoGetTheirShareOfOtherLeads) {
  auto policy = pool_of({1, 1});
  policy.reps[0].languages = {"de", "en"};
  policy.reps[1].languages = {"de"};
  Stream stream{policy};
  for (std::size_t i = 0; i < 200; ++i) {
    auto r = request(i);
    r.language = i % 2 == 0 ? "en" : "de";
    stream.next(r);
  }
  EXPECT_LE(std::abs(stream.state.members["r00"_rep].count - stream.state.members["r01"_rep].count),
            2);
}

TEST(PoolFairness, SameStateAndRequestGiveTheSameBytes) {
  const auto policy = pool_of({1, 2, 2});
  Stream one{policy}, two{policy};
  for (int i = 0; i < 100; ++i) {
    const auto a = one.next();
    const auto b = two.next();
    ASSERT_EQ(a.rep, b.rep);
    ASSERT_EQ(canonical(to_json(one.state)), canonical(to_json(two.state)));
    ASSERT_EQ(a.reasons.text(), b.reasons.text());
  }
}

}  // namespace
}  // namespace baton
