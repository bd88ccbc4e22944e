#include "gateway/core/pool/rep_load.h"

#include <gmock/gmock.h>

#include "mapping/json/json.h"
#include "tests/core/routing/routing_fixture.h"

namespace baton {
namespace {

std::string why_not(const Pick& answer, std::string_view rep) {
  const auto reason = find_reason(answer.reasons, "pool.excluded", rep);
  return reason ? std::string(text(reason->facts, "why")) : "";
}

std::string retry(const Pick& answer) {
  return answer.retry_at ? to_rfc3339(*answer.retry_at) : "";
}

TEST(PoolCaps, OfAMonthEndWithTheLocalMonth) {
  auto policy = pool_of({1});
  policy.pools[0].members[0].caps.month = 2;
  Stream stream{policy};
  stream.next();
  stream.now = at("2026-03-31T23:59:59Z");
  stream.next();
  const auto full = stream.next();
  EXPECT_EQ(why_not(full, "r00"), "cap_month");
  EXPECT_EQ(retry(full), "2026-04-01T00:00:00Z");
  stream.now = at("2026-04-01T00:00:00Z");
  EXPECT_EQ(stream.next().rep, "r00");
}

TEST(PoolCaps, OfTwentyFourHoursFollowTheLeads) {
  auto policy = pool_of({1});
  policy.pools[0].members[0].caps.rolling_24h = 2;
  Stream stream{policy};
  stream.now = at("2026-03-09T22:00:00Z");
  stream.next();
  stream.now = at("2026-03-09T23:30:00Z");
  stream.next();
  stream.now = at("2026-03-10T00:30:00Z");  // a day cap would start again
  const auto full = stream.next();
  EXPECT_EQ(why_not(full, "r00"), "cap_24h");
  EXPECT_EQ(retry(full), "2026-03-10T22:00:00Z");
  stream.now = at("2026-03-10T22:00:00Z");
  EXPECT_EQ(stream.next().rep, "r00");
  EXPECT_EQ(retry(stream.next()), "2026-03-10T23:30:00Z");
}

TEST(PoolCaps, OfTheRepApplyBesideThePoolsAndTheTighterOneIsNamed) {
  auto policy = pool_of({1});
  policy.reps[0].caps.day = 1;
  policy.pools[0].members[0].caps.day = 5;
  Stream stream{policy};
  stream.next();
  const auto full = stream.next();
  const auto reason = find_reason(full.reasons, "pool.excluded", "r00");
  ASSERT_TRUE(reason);
  EXPECT_EQ(reason->rule, "routing.reps.r00.cap.day");
  EXPECT_EQ(integer(reason->facts, "count"), 1);
  EXPECT_EQ(integer(reason->facts, "cap"), 1);
}

TEST(PoolCaps, CountTheLeadsOfAllPools) {
  auto policy = pool_of({1, 1});
  auto north = policy.pools[0];
  north.id = "north";
  north.members.resize(1);
  for (auto* pool : {&policy.pools[0], &north}) {
    for (auto& m : pool->members) m.caps.day = 2;
  }
  policy.pools.insert(policy.pools.begin(), north);
  Stream stream{policy};
  PoolState of_north;
  for (std::size_t i = 0; i < 2; ++i) {
    auto r = request(100 + i);
    r.pool = "north";
    auto [state, answer] =
        pick(std::move(of_north), r, policy, stream.calendars, stream.now, stream.loads);
    of_north = std::move(state);
    ASSERT_EQ(answer.rep, "r00");
  }
  EXPECT_EQ(stream.next().rep, "r01");
  EXPECT_EQ(stream.next().rep, "r01");
  const auto full = stream.next();
  EXPECT_EQ(why_not(full, "r00"), "cap_day");
  EXPECT_EQ(why_not(full, "r01"), "cap_day");
}

TEST(PoolBacklog, ARepGetsNoLeadWhileTooManyUntouchedOnesWait) {
  auto policy = pool_of({1, 1});
  for (auto& m : policy.pools[0].members) m.caps.untouched = 2;
  Stream stream{policy};
  for (int i = 0; i < 4; ++i) ASSERT_FALSE(stream.next().rep.empty());
  const auto full = stream.next();
  EXPECT_EQ(why_not(full, "r00"), "backlog");
  EXPECT_EQ(why_not(full, "r01"), "backlog");
  EXPECT_FALSE(full.retry_at.has_value());

  const auto touched = stream.loads["r01"_rep].leads.begin()->first;
  note_work(stream.loads["r01"_rep], "r01"_rep, PersonId(person_behind(touched)),
            LeadWork{touched, "r01"_rep, false}, stream.now);
  EXPECT_EQ(stream.next().rep, "r01");
  EXPECT_EQ(stream.loads["r01"_rep].leads.size(), 3U);
  EXPECT_EQ(stream.loads["r01"_rep].untouched(), 2);
}

TEST(PoolBacklog, AHotLeadExceedsItAndCountsAsDebt) {
  auto policy = pool_of({1});
  policy.pools[0].members[0].caps.untouched = 1;
  Stream stream{policy};
  stream.next();
  auto hot = request(50);
  hot.hot = true;
  EXPECT_EQ(stream.next(hot).rep, "r00");
  EXPECT_EQ(stream.state.members["r00"_rep].debt, 1);
}

TEST(PoolLeastLoaded, TheRepWithTheFewestOpenLeadsPerWeightComesFirst) {
  auto policy = pool_of({2, 1, 1});
  policy.pools[0].mode = PoolMode::kLeastLoaded;
  Stream stream{policy};
  for (int i = 0; i < 8; ++i) stream.next();
  EXPECT_EQ(stream.loads["r00"_rep].leads.size(), 4U);
  EXPECT_EQ(stream.loads["r01"_rep].leads.size(), 2U);
  EXPECT_EQ(stream.loads["r02"_rep].leads.size(), 2U);

  stream.loads["r02"_rep].leads.clear();  // all done
  EXPECT_EQ(stream.next().rep, "r02");
  const auto answer = stream.next();
  EXPECT_EQ(answer.rep, "r02");
  EXPECT_TRUE(find_reason(answer.reasons, "pool.open_work"));
}

TEST(RepLoad, ARequestAnsweredAgainIsRemovedFromItsFormerRep) {
  RepLoad load;
  take(load, "p1:1:1", "p1.1"_lead, "UTC", kMonday);
  take(load, "p2:1:1", "p2.1"_lead, "UTC", kMonday);
  untake(load, "p1:1:1", "p1.1"_lead);
  EXPECT_EQ(load.in_day, 1);
  EXPECT_EQ(load.in_month, 1);
  EXPECT_EQ(load.leads.size(), 1U);
  untake(load, "p1:1:1", "p1.1"_lead);
  EXPECT_EQ(load.in_day, 1);
}

TEST(RepLoad, ThePersonsDocumentReplacesAllEarlierWork) {
  RepLoad load;
  take(load, "p1:1:1", "p1.1"_lead, "UTC", kMonday);
  take(load, "p12:1:1", "p12.1"_lead, "UTC", kMonday);
  note_work(load, "r00"_rep, "p1"_person, LeadWork{"p1.2"_lead, "r00"_rep, false}, kMonday);
  ASSERT_TRUE(load.leads.contains("p1.2"));
  EXPECT_FALSE(load.leads.contains("p1.1"));
  EXPECT_TRUE(load.leads.contains("p12.1"));
  note_work(load, "r00"_rep, "p1"_person, LeadWork{"p1.2"_lead, "r01"_rep, true}, kMonday);
  EXPECT_FALSE(load.leads.contains("p1.2"));
  note_work(load, "r00"_rep, "p12"_person, std::nullopt, kMonday);
  EXPECT_TRUE(load.leads.empty());
}

TEST(RepLoad, IsTheSameAfterWritingAndReading) {
  RepLoad load;
  take(load, "p1:1:1", "p1.1"_lead, "Europe/Berlin", kMonday);
  take(load, "p2:1:1", "p2.1"_lead, "Europe/Berlin", kMonday + hours(1));
  note_work(load, "r00"_rep, "p2"_person, LeadWork{"p2.1"_lead, "r00"_rep, false},
            kMonday + hours(2));
  const auto back = rep_load_from_json(to_json(load));
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, load);
  EXPECT_FALSE(rep_load_from_json(json::object{{"format", 2}}));
}

TEST(PoolTurns, SharedByTwoPoolsGiveARepInBothOneShare) {
  auto policy = pool_of({1, 1, 1});
  auto north = policy.pools[0];
  north.id = "north";
  north.turns_with = "sales";
  north.members = {policy.pools[0].members[0], policy.pools[0].members[1]};  // r00, r01
  policy.pools[0].members.erase(policy.pools[0].members.begin() + 1);        // r00, r02
  policy.pools.insert(policy.pools.begin(), north);
  Stream stream{policy};
  for (std::size_t i = 0; i < 300; ++i) {
    auto r = request(i);
    if (i % 2 == 0) r.pool = "north";
    ASSERT_FALSE(stream.next(r).rep.empty());
  }
  for (const auto& [rep, m] : stream.state.members) {
    EXPECT_GE(m.count, 99) << rep;
    EXPECT_LE(m.count, 101) << rep;
  }
}

TEST(PoolSticky, ThePreferredRepGetsItOverTheirCapAsDebt) {
  auto policy = pool_of({1, 1});
  policy.pools[0].members[0].caps.day = 1;
  Stream stream{policy};
  auto r = request(1);
  r.preferred = "r00"_rep;
  EXPECT_EQ(stream.next(r).rep, "r00");
  r = request(2);
  r.preferred = "r00"_rep;
  EXPECT_EQ(stream.next(r).rep, "r01");
  r = request(3);
  r.preferred = "r00"_rep;
  r.sticky = true;
  EXPECT_EQ(stream.next(r).rep, "r00");
  EXPECT_EQ(stream.state.members["r00"_rep].debt, 1);
  policy.reps[0].active = false;
  r = request(4);
  r.preferred = "r00"_rep;
  r.sticky = true;
  EXPECT_EQ(stream.next(r).rep, "r01");
}

}  // namespace
}  // namespace baton
