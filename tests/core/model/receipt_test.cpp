#include "gateway/core/model/receipt.h"

#include <random>

#include <gtest/gtest.h>

#include "mapping/json/json.h"
#include "tests/core/model/receipt_support.h"
#include "tests/core/sim/core_sim.h"

namespace baton {
namespace {

const Instant kNow = at("2026-03-09T09:00:00Z");

// Offered, seen by the first owner and let lapse; handed on, delivered, accepted, qualified.
CoreSim handed_on() {
  CoreSim sim(template_policy());
  auto touch = demo_request("t1", kNow);
  touch.consent.push_back({"marketing", "email", true, "express", "\"v3\"\n"});
  touch.person.company.size = "51-200";
  touch.person.job_function = "Größe \\ \x1f";
  sim.touch(kNow, touch);
  sim.feedback(kNow + seconds(30), says(FeedbackKind::kSeen, "f1", sim.lead().owner.str()));
  sim.run_until(kNow + hours(5));
  sim.event(kNow + hours(5), Event{"d1", EffectOutcome{"push", "hubspot", true, "4711", {}}});
  sim.feedback(kNow + hours(5), says(FeedbackKind::kAccept, "f2", sim.lead().owner.str()));
  return sim;
}

std::vector<std::string> states_of(const std::vector<LoggedReceipt>& receipts) {
  std::vector<std::string> states;
  for (const auto& r : receipts) states.emplace_back(text(r.receipt, "state"));
  return states;
}

std::vector<std::string> split(const std::string& lines) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < lines.size();) {
    const auto end = lines.find('\n', at);
    out.push_back(lines.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

std::string join(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += line + "\n";
  return out;
}

TEST(Receipt, EveryStateOfAHandoverMakesOne) {
  const auto sim = handed_on();
  EXPECT_EQ(states_of(receipts_of(sim.log)),
            (std::vector<std::string>{"drafted", "offered", "seen", "expired", "drafted", "offered",
                                      "delivered", "accepted"}));
}

TEST(Receipt, EachNamesTheOneBeforeAndAHandOnGoesOnWithTheChain) {
  const auto sim = handed_on();
  const auto receipts = receipts_of(sim.log);
  std::string before;
  for (const auto& r : receipts) {
    EXPECT_EQ(text(r.receipt, "previous"), before);
    before = r.hash;
  }
  EXPECT_EQ(newest_receipt(sim.lead()), before);
  EXPECT_EQ(sim.lead().handovers.back().receipt, before);
}

TEST(Receipt, OfAnOfferHoldsWhatADisputeWouldBeAbout) {
  const auto offered = receipts_of(handed_on().log).at(1).receipt;
  for (const auto* key :
       {"at", "consent", "due", "score", "to", "who", "why", "policy", "trigger_at"})
    EXPECT_TRUE(offered.contains(key)) << key;
  EXPECT_EQ(text(offered.at("consent").at(0).as_object(), "basis"), "express");
  EXPECT_FALSE(offered.at("due").as_object().empty());
  EXPECT_FALSE(offered.at("score").at("lines").as_array().empty());
  EXPECT_EQ(json::serialize(offered).find("erika"), std::string::npos);
}

TEST(Receipt, OfADeliveryNamesTheRecordInTheCrm) {
  const auto delivered = receipts_of(handed_on().log).at(6).receipt;
  EXPECT_EQ(text(delivered, "destination"), "hubspot");
  EXPECT_EQ(text(delivered, "ref"), "4711");
}

TEST(Receipt, ADraftThatNoRepTookIsWithdrawnWithTheLead) {
  CoreSim sim(template_policy());
  sim.answer_requests = false;
  sim.touch(kNow, demo_request("t1", kNow));
  auto lost = says(FeedbackKind::kDisqualify, "f1", "");
  lost.reason = "competitor";
  sim.feedback(kNow + minutes(1), lost);
  EXPECT_EQ(states_of(receipts_of(sim.log)), (std::vector<std::string>{"drafted", "withdrawn"}));
  EXPECT_TRUE(verify_receipts(lines_of(sim.log, test_key()), nullptr).problem.empty());
}

TEST(Receipt, AWholeChainIsVerified) {
  const auto key = test_key();
  const auto lines = lines_of(handed_on().log, key);
  for (const auto* with : {&key, static_cast<const ReceiptKey*>(nullptr)}) {
    const auto verdict = verify_receipts(lines, with);
    EXPECT_EQ(verdict.problem, "");
    EXPECT_EQ(verdict.receipts, 8U);
  }
  const auto other = test_key("another");
  const auto verdict = verify_receipts(lines, &other);
  EXPECT_EQ(verdict.line, 1U);
  EXPECT_NE(verdict.problem.find("sealed by key"), std::string::npos) << verdict.problem;
}

TEST(Receipt, AnyByteThatIsFlippedIsFound) {
  const auto key = test_key();
  const auto lines = lines_of(handed_on().log, key);
  std::mt19937_64 random(7);
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {  // the last break may go
    auto changed = lines;
    const int bit = static_cast<int>(random() % 8);
    changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
    const auto verdict = verify_receipts(changed, &key);
    const auto line = static_cast<std::size_t>(std::count(
                          lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(i), '\n')) +
                      1;
    ASSERT_FALSE(verdict.problem.empty()) << "byte " << i << " bit " << bit;
    ASSERT_EQ(verdict.line, line) << "byte " << i << " bit " << bit << ": " << verdict.problem;
  }
}

TEST(Receipt, AnyReceiptThatIsDroppedDoubledOrSwappedIsFoundWithoutAKey) {
  const auto lines = split(lines_of(handed_on().log, test_key()));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto dropped = lines;
    dropped.erase(dropped.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(verify_receipts(join(dropped), nullptr).problem.empty()) << "without line " << i;
    auto doubled = lines;
    doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
    EXPECT_FALSE(verify_receipts(join(doubled), nullptr).problem.empty())
        << "line " << i << " twice";
    for (std::size_t j = i + 1; j < lines.size(); ++j) {
      auto swapped = lines;
      std::swap(swapped[i], swapped[j]);
      EXPECT_FALSE(verify_receipts(join(swapped), nullptr).problem.empty()) << i << " and " << j;
    }
  }
}

// A forger who changes a receipt and computes all hashes again has no key.
TEST(Receipt, AForgedChainHasNoSeals) {
  const auto key = test_key();
  auto log = handed_on().log;
  const auto forged = lines_of(log, test_key("a guess"), key.id);
  const auto verdict = verify_receipts(forged, &key);
  EXPECT_EQ(verdict.line, 1U);
  EXPECT_NE(verdict.problem.find("seal"), std::string::npos) << verdict.problem;
  EXPECT_TRUE(verify_receipts(forged, nullptr).problem.empty());
}

TEST(Receipt, AnythingButAChainIsRefused) {
  for (const auto* text :
       {"", "\n", "{}\n", "[]\n", "null\n", R"({"chain":{},"receipt":{}})",
        R"({"receipt":{"version":9},"hash":""})", R"({"chain":{"count":1e300}})"})
    EXPECT_FALSE(verify_receipts(text, nullptr).problem.empty()) << text;
}

TEST(Receipt, OneOfTheFirstFormatMayOpenAChain) {
  const auto first = make_receipt(canonical(json::object{{"lead", "p1.1"}, {"version", 1}}));
  const auto next = make_receipt(canonical(json::object{
      {"lead", "p1.1"}, {"previous", first.hash}, {"state", "accepted"}, {"version", 2}}));
  const auto key = test_key();
  auto lines =
      canonical(receipt_line(parse_json(first.canonical_json)->as_object(), first.hash, {}, {})) +
      "\n" +
      canonical(receipt_line(parse_json(next.canonical_json)->as_object(), next.hash, key.id,
                             seal_receipt(key, next.hash))) +
      "\n";
  lines += canonical(closing_line({{"count", 2}, {"head", next.hash}, {"lead", "p1.1"}}, key));
  const auto verdict = verify_receipts(lines, &key);
  EXPECT_EQ(verdict.problem, "");
  EXPECT_EQ(verdict.unsealed, 1U);
}

}  // namespace
}  // namespace baton
