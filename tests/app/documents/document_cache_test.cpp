#include "gateway/app/documents/document_cache.h"
#include "tests/support/ids.h"

#include <gmock/gmock.h>

namespace baton {
namespace {

OpenPerson person(const std::string& id, std::uint64_t version) {
  OpenPerson open;
  open.state.id = PersonId(id);
  open.version = version;
  return open;
}

constexpr std::int64_t kSecond = 1'000'000'000;

TEST(DocumentCache, GivesAPersonToOneTakerOnly) {
  DocumentCache cache;
  cache.put(person("anna", 3), 0);
  const auto taken = cache.take("anna"_person);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->version, 3U);
  EXPECT_FALSE(cache.take("anna"_person));
  EXPECT_FALSE(cache.take("nobody"_person));
}

TEST(DocumentCache, ShowsAPersonOfExactlyThatVersionAndKeepsThem) {
  DocumentCache cache;
  cache.put(person("anna", 2), 0);
  int seen = 0;
  const auto look = [&](const OpenPerson& shown) { seen += static_cast<int>(shown.version); };
  EXPECT_TRUE(cache.peek("anna"_person, 2, look));
  EXPECT_TRUE(cache.peek("anna"_person, 2, look));
  EXPECT_FALSE(cache.peek("anna"_person, 3, look));
  EXPECT_FALSE(cache.peek("berta"_person, 2, look));
  EXPECT_EQ(seen, 4);
  EXPECT_TRUE(cache.take("anna"_person));
}

TEST(DocumentCache, KeepsTheNewerOfTwoVersions) {
  DocumentCache cache;
  cache.put(person("anna", 3), 0);
  cache.put(person("anna", 2), 0);
  EXPECT_EQ(cache.take("anna"_person)->version, 3U);
  cache.put(person("anna", 3), 0);
  cache.put(person("anna", 4), 0);
  EXPECT_EQ(cache.take("anna"_person)->version, 4U);
}

TEST(DocumentCache, EvictsTheOldestPersonsWhenItIsFull) {
  DocumentCache cache(16 * 10'000);
  for (int i = 0; i < 1'000; ++i) cache.put(person(std::to_string(i), 1), i);
  int kept = 0;
  for (int i = 0; i < 1'000; ++i) kept += cache.take(PersonId(std::to_string(i))) ? 1 : 0;
  EXPECT_GT(kept, 0);
  EXPECT_LE(kept, 16 * 10'000 / 2'500);
}

TEST(DocumentCache, RefusesAPersonWhoIsTooLarge) {
  DocumentCache cache(16 * 10'000);
  auto big = person("anna", 1);
  big.state.touches.resize(200);
  cache.put(std::move(big), 0);
  EXPECT_FALSE(cache.take("anna"_person));
}

TEST(DocumentCache, EvictsPersonsUnusedForLong) {
  DocumentCache cache;
  for (int i = 0; i < 100; ++i) cache.put(person("old" + std::to_string(i), 1), 0);
  for (int i = 0; i < 100; ++i)
    cache.put(person("new" + std::to_string(i), 1), (DocumentCache::kSeconds + 1) * kSecond);
  int old = 0;
  for (int i = 0; i < 100; ++i) old += cache.take(PersonId("old" + std::to_string(i))) ? 1 : 0;
  EXPECT_LT(old, 20);  // only in shards without new persons
}

}  // namespace
}  // namespace baton
