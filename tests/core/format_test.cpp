#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "gateway/core/event_codec.h"
#include "mapping/json.h"
#include "tests/core/core_sim.h"

// What is stored today has to be read tomorrow. tests/golden/formats holds documents and log records
// of each format as they were written; BATON_UPDATE_GOLDENS=1 writes those of the current one anew,
// which is right only together with a new format version.

namespace baton {
namespace {

namespace fs = std::filesystem;

const Instant kNow = at("2026-03-09T09:00:00Z");

fs::path golden(std::string_view name) { return fs::path(BATON_SOURCE_DIR) / "tests/golden/formats" / name; }

std::string read_file(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

void expect_golden(std::string_view name, const std::string& text) {
  if (std::getenv("BATON_UPDATE_GOLDENS") != nullptr) std::ofstream(golden(name)) << text;
  EXPECT_EQ(read_file(golden(name)), text) << name;
}

// Packed bytes as hexadecimal digits, 32 bytes a line.
std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
    if (i % 32 == 31 || i + 1 == bytes.size()) out += '\n';
  }
  return out;
}

std::string from_hex(const std::string& text) {
  std::string out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    for (std::size_t i = 0; i + 1 < line.size(); i += 2) out += static_cast<char>(std::stoi(line.substr(i, 2), nullptr, 16));
  }
  return out;
}

// A life with something of everything.
CoreSim lived() {
  CoreSim sim(template_policy());
  auto first = demo_request("t1", kNow);
  first.consent.push_back({"marketing", "email", true, "express", "v3"});
  first.attribution = {"search", false, "search", "cpc", "spring", {}, {}, "https://www.example.com/", {}, {}};
  first.person.external_ids["hubspot"] = "4711";
  first.properties["plan"] = "team";
  sim.touch(kNow, first);
  auto attempt = says(FeedbackKind::kAttempt, "f1", sim.lead().owner);
  attempt.channel = "phone";
  attempt.note = "Ruft zurück";
  sim.feedback(kNow + minutes(2), attempt);
  auto recycle = says(FeedbackKind::kRecycle, "f2", sim.lead().owner);
  recycle.reason = "later";
  recycle.wake_at = kNow + days(9);
  sim.feedback(kNow + minutes(3), recycle);
  sim.event(kNow + minutes(4), Event{"d1", EffectOutcome{"push", "hubspot", true, "4711", {}}});
  sim.touch(kNow + days(1), demo_request("t2", kNow + days(1)));
  sim.person.sums.push_back({20'000, TouchType::kPageView, 3});
  sim.person.folded = {1, 0xFFFF'FFFF'FFFF'FFFFULL};
  sim.person.claims = {"hmac:1"};
  return sim;
}

TEST(Format, DocumentsStayAsTheyAreAndAreReadBack) {
  const auto sim = lived();
  expect_golden("person.v2.hex", hex(pack(sim.person)));
  const auto read = read_person(from_hex(read_file(golden("person.v2.hex"))));
  ASSERT_TRUE(read);
  EXPECT_EQ(canonical(to_json(*read)), canonical(to_json(sim.person)));
}

TEST(Format, ADocumentOfFormatOneBecomesTheSamePerson) {
  const auto sim = lived();
  expect_golden("person.v1.json", canonical(to_json(sim.person)) + "\n");
  const auto read = read_person(read_file(golden("person.v1.json")));
  ASSERT_TRUE(read);
  EXPECT_EQ(pack(*read), pack(sim.person));
}

TEST(Format, RecordsStayAsTheyAreAndAreReadBack) {
  std::string all;
  for (const auto& record : lived().written) all += record.plain + "\n" + hex(record.personal);
  expect_golden("records.v2.txt", all);
}

// Records of format 1: plain part and personal part, both JSON, one after the other.
TEST(Format, RecordsOfFormatOneAreRead) {
  std::istringstream in(read_file(golden("records.v1.jsonl")));
  std::vector<DecisionRecord> records;
  for (std::string plain, personal; std::getline(in, plain) && std::getline(in, personal);) {
    const auto record = read_record(plain, personal);
    ASSERT_TRUE(record) << plain;
    records.push_back(*record);
  }
  ASSERT_EQ(records.size(), 3U);
  const auto& touches = std::get<TouchesArrived>(records[0].event.body).touches;
  ASSERT_EQ(touches.size(), 1U);
  EXPECT_EQ(touches[0].person.email, "erika.beispiel@example.com");
  EXPECT_EQ(records[0].reasons.at(0).code, "touch.recorded");
  EXPECT_EQ(text(records[0].reasons.at(0).facts, "type"), "demo_request");
  EXPECT_EQ(std::get<OwnerPicked>(records[1].event.body).reasons.code(0), "pool.picked");
  EXPECT_EQ(records[1].reasons.at(0).rule, "routing.pools.sales");
  EXPECT_EQ(std::get<SalesFeedback>(records[2].event.body).note, "Ruft zurück");
}

// Stored by number: one that moves changes what is stored.
TEST(Format, NumbersOfEnumerationsNeverChange) {
  std::string all;
  for (int i = 0; i < kTouchTypes; ++i) all += std::string(to_string(static_cast<TouchType>(i))) + "\n";
  for (int i = 0; i <= static_cast<int>(Intent::kTransactional); ++i) all += std::string(to_string(static_cast<Intent>(i))) + "\n";
  for (int i = 0; i <= static_cast<int>(Stage::kErased); ++i) all += std::string(to_string(static_cast<Stage>(i))) + "\n";
  for (int i = 0; i <= static_cast<int>(WorkStatus::kMeetingBooked); ++i) all += std::string(to_string(static_cast<WorkStatus>(i))) + "\n";
  for (int i = 0; i <= static_cast<int>(HandoverState::kSuperseded); ++i) all += std::string(to_string(static_cast<HandoverState>(i))) + "\n";
  for (int i = 0; i <= static_cast<int>(ClockState::kCancelled); ++i) all += std::string(to_string(static_cast<ClockState>(i))) + "\n";
  expect_golden("numbers.txt", all);
}

}  // namespace
}  // namespace baton
