#include "gateway/core/receipt.h"

#include <gtest/gtest.h>

#include "mapping/json.h"
#include "tests/core/core_sim.h"

namespace baton {
namespace {

const Instant kNow = at("2026-03-09T09:00:00Z");

// What a decision put into its log.
Receipt logged() {
  CoreSim sim(template_policy());
  auto touch = demo_request("t1", kNow);
  touch.consent.push_back({"marketing", "email", true, "express", "\"v3\"\n"});
  touch.person.company.size = "51-200";
  touch.person.job_function = "Größe \\ \x1f";
  sim.touch(kNow, touch);
  for (const auto& record : sim.log) {
    for (const auto& reason : record.reasons) {
      if (reason.code == "handover.receipt")
        return {canonical(reason.facts.at("snapshot")), reason.facts.at("hash").as_string().c_str()};
    }
  }
  ADD_FAILURE() << "nothing was handed over";
  return {};
}

TEST(Receipt, IsCanonicalWhereADecisionWritesIt) {
  const Receipt receipt = logged();
  EXPECT_TRUE(verify_receipt(receipt.canonical_json, receipt.hash));
  EXPECT_EQ(receipt.hash.size(), 64U);
}

TEST(Receipt, VerifiesOnlyTheTextItWasMadeOf) {
  const Receipt receipt = make_receipt(logged().canonical_json);
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
