#include "gateway/core/pool/pool.h"
#include "gateway/core/pool/pool_credit.h"
#include "gateway/core/pool/pool_json.h"

#include <random>

#include <gmock/gmock.h>

#include "mapping/json/json.h"
#include "tests/core/routing/routing_fixture.h"

namespace baton {
namespace {

TEST(Pool, ARepeatedRequestGetsTheStoredAnswerAndChangesNothing) {
  const auto policy = pool_of({1, 1, 1});
  Stream stream{policy};
  std::vector<RepId> answers;
  for (std::size_t i = 0; i < 50; ++i) answers.push_back(stream.next(request(i)).rep);
  const auto before = canonical(to_json(stream.state));
  for (std::size_t i = 0; i < 50; ++i) {
    const auto again = stream.next(request(i));
    EXPECT_TRUE(again.repeated);
    EXPECT_EQ(again.rep, answers[i]);
  }
  EXPECT_EQ(canonical(to_json(stream.state)), before);
}

TEST(Pool, TheDocumentIsTheSameAfterWritingAndReading) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    std::mt19937_64 random(seed);
    auto policy = pool_of({3, 1, 7});
    Stream stream{policy};
    for (std::size_t i = 0; i < 700; ++i) {
      policy.reps[random() % 3].active = random() % 4 != 0;
      auto r = request(i);
      r.preferred = RepId(random() % 5 == 0 ? "r01" : "");
      stream.next(r);
    }
    const auto json = to_json(stream.state);
    const auto back = pool_from_json(json);
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(to_json(*back), json) << "seed " << seed;
    EXPECT_EQ(back->recent.size(), kKeptPicks);
  }
}

TEST(Pool, ADocumentOfANewerFormatIsRejected) {
  EXPECT_FALSE(pool_from_json(json::value{{"format", 2}}).has_value());
  EXPECT_FALSE(pool_from_json(json::value("text")).has_value());
  EXPECT_TRUE(pool_from_json(json::value{{"format", 1}, {"new", "member"}}).has_value());
}

TEST(Pool, ThePreferredRepComesFirstAndUsesNoTurn) {
  const auto policy = pool_of({1, 1, 1});
  Stream stream{policy};
  for (std::size_t i = 0; i < 20; ++i) {
    auto r = request(i);
    r.preferred = "r02"_rep;
    const auto answer = stream.next(r);
    EXPECT_EQ(answer.rep, "r02");
    EXPECT_EQ(find_reason(answer.reasons, "pool.picked")->facts.at("by"), "preferred");
  }
  EXPECT_EQ(stream.state.members["r02"_rep].owned, 20);
  for (int i = 0; i < 30; ++i) stream.next();
  EXPECT_EQ(stream.state.members["r02"_rep].count, 10);
}

TEST(Pool, OwnerMatchesUseTurnsIfThePoolSaysSo) {
  auto policy = pool_of({1, 1, 1});
  policy.pools[0].owner_matches_count = true;
  Stream stream{policy};
  for (std::size_t i = 0; i < 10; ++i) {
    auto r = request(i);
    r.preferred = "r02"_rep;
    stream.next(r);
  }
  for (int i = 0; i < 20; ++i) EXPECT_NE(stream.next().rep, "r02");
  EXPECT_EQ(stream.state.members["r02"_rep].count, 10);
}

TEST(Pool, APreferredRepWhoIsAwayIsPassedOverWithTheReason) {
  auto policy = pool_of({1, 1});
  Rep outside;
  outside.id = "zoe"_rep;
  policy.reps.push_back(outside);
  policy.absences.push_back({"zoe"_rep, at("2026-03-01T00:00:00Z"), at("2026-04-01T00:00:00Z")});
  Stream stream{policy};
  auto r = request(1);
  r.preferred = "zoe"_rep;
  const auto answer = stream.next(r);
  EXPECT_NE(answer.rep, "zoe");
  const auto why = find_reason(answer.reasons, "pool.excluded", "zoe");
  ASSERT_TRUE(why.has_value());
  EXPECT_EQ(why->facts.at("why"), "absent");
  EXPECT_EQ(why->facts.at("until"), "2026-04-01T00:00:00Z");
}

TEST(Pool, CapsApplyToTheLocalDayAndHotLeadsOverThemCountAsDebt) {
  auto policy = pool_of({1, 1});
  for (auto& m : policy.pools[0].members) m.caps = {3, 0};
  Stream stream{policy};
  for (int i = 0; i < 6; ++i) EXPECT_FALSE(stream.next().rep.empty());
  const auto full = stream.next();
  EXPECT_EQ(full.rep, "");
  EXPECT_EQ(find_reason(full.reasons, "pool.excluded", "r00")->facts.at("why"), "cap_day");
  ASSERT_TRUE(full.retry_at.has_value());
  EXPECT_EQ(to_rfc3339(*full.retry_at), "2026-03-10T00:00:00Z");

  auto hot = request(100);
  hot.hot = true;
  const auto over = stream.next(hot);
  ASSERT_FALSE(over.rep.empty());
  EXPECT_EQ(stream.state.members[over.rep].debt, 1);
  EXPECT_TRUE(find_reason(over.reasons, "pool.cap_override").has_value());

  stream.now = at("2026-03-10T00:00:00Z");
  EXPECT_FALSE(stream.next(request(101)).rep.empty());
}

TEST(Pool, CapsOfAWeekEndOnMonday) {
  auto policy = pool_of({1});
  policy.pools[0].members[0].caps = {0, 2};
  Stream stream{policy};
  stream.next();
  stream.next();
  const auto full = stream.next();
  EXPECT_EQ(find_reason(full.reasons, "pool.excluded", "r00")->facts.at("why"), "cap_week");
  EXPECT_EQ(to_rfc3339(*full.retry_at), "2026-03-16T00:00:00Z");
}

TEST(Pool, AnAnswerWithoutARepIsStoredToo) {
  auto policy = pool_of({1});
  policy.reps[0].active = false;
  Stream stream{policy};
  EXPECT_EQ(stream.next(request(1)).rep, "");
  policy.reps[0].active = true;
  EXPECT_EQ(stream.next(request(1)).rep, "");
  EXPECT_EQ(stream.next(request(2)).rep, "r00");
  EXPECT_EQ(stream.state.nobody, 1);
}

TEST(Pool, EscalationAsksTheLeadThenTheHeadAndUsesNoTurn) {
  auto policy = pool_of({1, 1, 1});
  policy.teams.push_back({"team", "Team", "r01"_rep, "r02"_rep});
  policy.pools[0].members.resize(1);
  policy.pools[0].team = "team";
  policy.pools[0].when_nobody = WhenNobody::kEscalate;
  policy.reps[0].active = false;
  Stream stream{policy};
  EXPECT_EQ(stream.next().rep, "r01");
  policy.reps[1].active = false;
  EXPECT_EQ(stream.next().rep, "r02");
  EXPECT_EQ(stream.state.members["r02"_rep].count, 0);
  policy.reps[2].active = false;
  EXPECT_EQ(stream.next().rep, "");
}

TEST(Pool, AnUnknownPoolPicksNoRep) {
  const auto policy = pool_of({1});
  Stream stream{policy};
  auto r = request(1);
  r.pool = "gone";
  const auto answer = stream.next(r);
  EXPECT_EQ(answer.rep, "");
  EXPECT_TRUE(find_reason(answer.reasons, "pool.unknown").has_value());
}

TEST(Pool, ATurnIsGivenBackOnce) {
  const auto policy = pool_of({2, 1});
  Stream stream{policy};
  const auto rep = stream.next(request(1)).rep;
  for (std::size_t i = 2; i < 20; ++i) stream.next(request(i));
  const auto before = stream.state.members[rep];
  const Credit credit{"c1", rep, "p1:1:1"};
  auto [once, reasons] = give_back(stream.state, credit, policy.pools[0]);
  EXPECT_EQ(reasons.size(), 1U);
  EXPECT_EQ(once.members[rep].count, before.count - 1);
  EXPECT_LT(once.members[rep].pass, before.pass);
  EXPECT_EQ(once.members[rep].in_day, before.in_day - 1);
  EXPECT_TRUE(give_back(once, credit, policy.pools[0]).second.empty());
  EXPECT_TRUE(give_back(once, {"another key", rep, "p1:1:1"}, policy.pools[0]).second.empty());
  EXPECT_TRUE(give_back(once, {"c2", "nobody"_rep, "p1:1:1"}, policy.pools[0]).second.empty());
}

TEST(Pool, ARequestAfterAWrongRouteGivesTheTurnBackFirst) {
  const auto policy = pool_of({1, 1});
  Stream stream{policy};
  auto first = request(1);
  const auto rep = stream.next(first).rep;
  auto second = request(1);
  second.key = "p1:1:2";
  second.credit_to = rep;
  second.credit_pool = "sales";
  second.excluded = {rep};
  const auto answer = stream.next(second);
  EXPECT_NE(answer.rep, rep);
  EXPECT_TRUE(find_reason(answer.reasons, "pool.credit", rep.view()).has_value());
  EXPECT_EQ(stream.state.members[rep].count, 0);
  EXPECT_EQ(stream.state.members[answer.rep].count, 1);
}

}  // namespace
}  // namespace baton
