#include "gateway/core/pool/pool_ledger.h"
#include "gateway/core/pool/pool_credit.h"

#include <gmock/gmock.h>

#include "mapping/json/json.h"
#include "tests/core/routing/routing_fixture.h"

namespace baton {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(PoolLedger, SharesOfRepsWhoAreNeverAwayDoNotDeviate) {
  const auto policy = pool_of({2, 1, 1});
  Stream stream{policy};
  for (int i = 0; i < 40; ++i) stream.next();
  const auto rows = ledger_of(policy.pools[0], stream.state, stream.loads, policy);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].target, 500);
  EXPECT_EQ(rows[0].share, 500);
  EXPECT_EQ(rows[0].expected, 20);
  EXPECT_EQ(rows[0].open, 20);
  for (const auto& row : rows) {
    EXPECT_EQ(row.deviation, 0) << row.rep;
    EXPECT_EQ(row.forgone, 0) << row.rep;
    EXPECT_THAT(row.because, IsEmpty()) << row.rep;
  }
}

TEST(PoolLedger, NamesTheTurnsThatAReturningRepLost) {
  auto policy = pool_of({1, 1, 1, 1});
  Stream stream{policy};
  for (int i = 0; i < 100; ++i) stream.next();
  policy.reps[0].active = false;
  for (int i = 0; i < 90; ++i) stream.next();
  policy.reps[0].active = true;
  for (int i = 0; i < 100; ++i) stream.next();
  const auto rows = ledger_of(policy.pools[0], stream.state, stream.loads, policy);
  EXPECT_GE(rows[0].forgone, 27);  // 30 missed, two of them caught up
  EXPECT_LE(rows[0].forgone, 29);
  EXPECT_LT(rows[0].deviation, -15);
  EXPECT_THAT(rows[0].because, ElementsAre("forgone"));
  EXPECT_EQ(rows[1].forgone, 0);
}

TEST(PoolLedger, NamesCreditsOwnersAndDebts) {
  auto policy = pool_of({1});
  policy.pools[0].members[0].caps.day = 2;
  Stream stream{policy};
  auto owned = request(1);
  owned.preferred = "r00"_rep;
  stream.next(owned);
  stream.next(request(2));
  auto hot = request(7);
  hot.hot = true;
  stream.next(hot);
  stream.state =
      give_back(std::move(stream.state), {"c", "r00"_rep, hot.key, "clerical"}, policy.pools[0])
          .first;
  const auto rows = ledger_of(policy.pools[0], stream.state, stream.loads, policy);
  EXPECT_THAT(rows[0].because, ElementsAre("credits", "owner_matches", "over_cap"));
  EXPECT_EQ(rows[0].turns.rejected, 1);
}

TEST(PoolLedger, KeepsRepsWhoHaveLeft) {
  const auto policy = pool_of({1, 1});
  Stream stream{policy};
  for (int i = 0; i < 10; ++i) stream.next();
  auto fewer = policy;
  fewer.pools[0].members.resize(1);
  const auto rows = ledger_of(fewer.pools[0], stream.state, stream.loads, fewer);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].weight, 0);
  EXPECT_THAT(rows[1].because, testing::Contains("not_member"));
}

}  // namespace
}  // namespace baton
