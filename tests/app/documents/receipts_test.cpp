// Receipts from the log to the line that closes the chain, as the API returns them.
#include "gateway/app/documents/receipts.h"

#include <gtest/gtest.h>

#include "gateway/store/seal/keyring.h"
#include "tests/support/ids.h"
#include "tests/support/temp_folder.h"

namespace baton {
namespace {

const Instant kNow = *parse_rfc3339("2026-03-09T12:00:00Z");

// A log of two handovers of one lead, and the person's document.
struct Story {
  Story() {
    add("", R"("request":"p1:1:1","state":"drafted")");
    add("p1.1/1", R"("state":"offered")");
    add("p1.1/1", R"("state":"expired")");
    person.lead->handovers.push_back({.id = "p1.1/1"_handover, .receipt = newest});
    add("", R"("request":"p1:1:2","state":"drafted")");
    add("p1.1/2", R"("state":"offered")");
    person.lead->handovers.push_back({.id = "p1.1/2"_handover, .receipt = newest});
  }

  void add(const std::string& handover, const std::string& members) {
    auto receipt = parse_json("{" + members + R"(,"lead":"p1.1","version":2})")->as_object();
    put(receipt, "handover", handover);
    put(receipt, "previous", newest);
    newest = content_hash(receipt);
    DecisionRecord record;
    record.reasons.push_back({"handover.receipt", {}, {{"hash", newest}, {"snapshot", receipt}}});
    record.sealed_by = key.id;
    record.seals = {seal_receipt(key, newest)};
    log.push_back(std::move(record));
  }

  std::string lines(const HandoverId& handover = {}) const {
    auto chain = receipt_chain(person, log, "p1.1"_lead, handover, key, kNow);
    EXPECT_TRUE(chain);
    if (!chain) return {};
    std::string out;
    for (const auto& item : chain->at("items").as_array()) out += canonical(item) + "\n";
    return out + canonical(chain->at("chain")) + "\n";
  }

  TempFolder folder;
  std::unique_ptr<Keyring> keys = Keyring::open(folder.path(), std::string(64, 'a')).value();
  ReceiptKey key = receipt_key(keys->subkey("receipts"));
  PersonState person = [] {
    PersonState p;
    p.id = "p1"_person;
    p.lead.emplace();
    p.lead->id = "p1.1"_lead;
    return p;
  }();
  std::vector<DecisionRecord> log;
  std::string newest;
};

TEST(Receipts, OfALeadFormAChainThatVerifies) {
  const Story story;
  const auto verdict = verify_receipts(story.lines(), &story.key);
  EXPECT_EQ(verdict.problem, "");
  EXPECT_EQ(verdict.receipts, 5U);
}

TEST(Receipts, OfOneHandoverBeginWithItsDraftAndFollowThePreviousHandover) {
  const Story story;
  const auto lines = story.lines("p1.1/2"_handover);
  const auto verdict = verify_receipts(lines, &story.key);
  EXPECT_EQ(verdict.problem, "");
  EXPECT_EQ(verdict.receipts, 2U);
  EXPECT_NE(lines.find("\"after\":\"" + story.person.lead->handovers[0].receipt), std::string::npos)
      << lines;
  EXPECT_EQ(verify_receipts(story.lines("p1.1/1"_handover), &story.key).receipts, 3U);
}

// The log in Redis is readable. The document is sealed and names the newest receipt.
TEST(Receipts, ThatAreMissingInTheLogAreFoundByTheDocument) {
  Story story;
  story.log.pop_back();
  const auto verdict = verify_receipts(story.lines(), nullptr);
  EXPECT_EQ(verdict.line, 5U);
  EXPECT_NE(verdict.problem.find("the newest receipt is"), std::string::npos) << verdict.problem;
}

TEST(Receipts, ThatWereChangedInTheLogHaveNoValidSeal) {
  Story story;
  auto& reason = story.log.back().reasons.back();
  auto& receipt = reason.facts.at("snapshot").as_object();
  receipt["state"] = "accepted";
  reason.facts["hash"] = content_hash(receipt);
  story.person.lead.reset();  // the document does not show it either
  const auto verdict = verify_receipts(story.lines(), &story.key);
  EXPECT_EQ(verdict.line, 5U);
  EXPECT_NE(verdict.problem.find("seal"), std::string::npos) << verdict.problem;
}

TEST(Receipts, DoNotExistForALeadThatWasNeverHandedOver) {
  const Story story;
  EXPECT_EQ(receipt_chain(story.person, {}, "p1.7"_lead, {}, story.key, kNow).error().code,
            Errc::kNotFound);
  EXPECT_EQ(receipt_chain(story.person, story.log, "p1.1"_lead, "p1.1/9"_handover, story.key, kNow)
                .error()
                .code,
            Errc::kNotFound);
}

TEST(Receipts, AKeyIsParsedAsItIsPrinted) {
  const Story story;
  const auto read = receipt_key_from_text(receipt_key_text(story.keys->subkey("receipts")) + "\n");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->id, story.key.id);
  EXPECT_EQ(read->hmac("x"), story.key.hmac("x"));
  EXPECT_FALSE(receipt_key_from_text(std::string(62, 'a')));
  EXPECT_FALSE(receipt_key_from_text(std::string(64, 'g')));
}

}  // namespace
}  // namespace baton
