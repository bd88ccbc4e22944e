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

bool updating() { return std::getenv("BATON_UPDATE_GOLDENS") != nullptr; }

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += kDigits[static_cast<unsigned char>(c) >> 4];
    out += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

std::string from_hex(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) out += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
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

TEST(Format, ADocumentIsReadAndWrittenAsItWas) {
  if (updating()) std::ofstream(golden("person.v2.hex")) << hex(write_person(lived().person)) << "\n";
  const auto packed = from_hex(read_file(golden("person.v2.hex")));
  const auto read = read_person(packed);
  ASSERT_TRUE(read);
  EXPECT_EQ(write_person(*read), packed);
  EXPECT_EQ(read->profile.email, "erika.beispiel@example.com");
  ASSERT_TRUE(read->lead.has_value());
  EXPECT_EQ(read->lead->cycle, 2);
  EXPECT_EQ(read->past.at(0).stage, Stage::kNurture);
  EXPECT_EQ(read->folded.back(), 0xFFFF'FFFF'FFFF'FFFFULL);
}

TEST(Format, ADocumentOfFormatOneBecomesTheSamePerson) {
  if (updating()) std::ofstream(golden("person.v1.json")) << canonical(to_json(lived().person)) << "\n";
  const auto read = read_person(read_file(golden("person.v1.json")));
  ASSERT_TRUE(read);
  EXPECT_EQ(hex(write_person(*read)) + "\n", read_file(golden("person.v2.hex")));
}

// A line of the plain part, a line of the personal one.
TEST(Format, ARecordIsReadAsItWas) {
  if (updating()) {
    std::ofstream out(golden("records.v2.txt"));
    for (const auto& record : lived().written) out << record.plain << "\n" << hex(record.personal) << "\n";
  }
  std::istringstream in(read_file(golden("records.v2.txt")));
  std::vector<DecisionRecord> records;
  for (std::string plain, personal; std::getline(in, plain) && std::getline(in, personal);) {
    const auto record = read_record(plain, from_hex(personal));
    ASSERT_TRUE(record) << plain;
    EXPECT_EQ(hex(personal_part(record->event)), personal);
    records.push_back(*record);
  }
  ASSERT_EQ(records.size(), 7U);
  EXPECT_EQ(std::get<TouchesArrived>(records[0].event.body).touches.at(0).properties.at("plan"), "team");
  EXPECT_EQ(std::get<OwnerPicked>(records[1].event.body).reasons.size(), 3U);
  EXPECT_EQ(std::get<SalesFeedback>(records[2].event.body).note, "Ruft zurück");
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
  if (updating()) std::ofstream(golden("numbers.txt")) << all;
  EXPECT_EQ(read_file(golden("numbers.txt")), all);
}

}  // namespace
}  // namespace baton
