#include "gateway/core/receipt.h"

#include <gtest/gtest.h>

#include "mapping/json.h"

namespace baton {
namespace {

json::object snapshot() {
  return {{"version", 1},
          {"rep", "rep-7"},
          {"lead", "p1.1"},
          {"due", {{"accept", "2026-03-09T13:00:00Z"}}}};
}

TEST(Receipt, IsCanonicalWhateverTheOrderOfMembers) {
  const json::object other{{"due", {{"accept", "2026-03-09T13:00:00Z"}}},
                           {"lead", "p1.1"},
                           {"rep", "rep-7"},
                           {"version", 1}};
  const Receipt receipt = make_receipt(snapshot());
  EXPECT_EQ(receipt.canonical_json,
            R"({"due":{"accept":"2026-03-09T13:00:00Z"},"lead":"p1.1","rep":"rep-7","version":1})");
  EXPECT_EQ(receipt.hash, make_receipt(other).hash);
  EXPECT_EQ(receipt.hash.size(), 64U);
}

TEST(Receipt, VerifiesOnlyTheTextItWasMadeOf) {
  const Receipt receipt = make_receipt(snapshot());
  EXPECT_TRUE(verify_receipt(receipt.canonical_json, receipt.hash));
  for (std::size_t i = 0; i < receipt.canonical_json.size(); ++i) {
    std::string changed = receipt.canonical_json;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(verify_receipt(changed, receipt.hash)) << i;
  }
  EXPECT_FALSE(verify_receipt(receipt.canonical_json, ""));
}

}  // namespace
}  // namespace baton
