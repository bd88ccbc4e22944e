#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include <gtest/gtest.h>

#include "gateway/core/model/event_codec.h"
#include "gateway/core/model/person_codec.h"
#include "mapping/json/json.h"
#include "tests/core/sim/core_sim.h"
#include "tests/support/source_dir.h"

// Later versions have to read the stored formats of earlier ones. tests/golden/formats holds
// documents and log records of each format as they were written; BATON_UPDATE_GOLDENS=1 writes
// those of the current one again, which is right only together with a new format version.

namespace baton {
namespace {

namespace fs = std::filesystem;

const Instant kNow = at("2026-03-09T09:00:00Z");

fs::path golden(std::string_view name) {
  return fs::path(source_dir()) / "tests/golden/formats" / name;
}

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
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    out += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
  return out;
}

// A life with something of everything.
CoreSim lived() {
  CoreSim sim(template_policy());
  auto first = demo_request("t1", kNow);
  first.consent.push_back({"marketing", "email", true, "express", "v3"});
  first.attribution = {
      "search", false, "search", "cpc", "spring", {}, {}, "https://www.example.com/", {}, {}};
  first.person.external_ids["hubspot"] = "4711";
  first.properties["plan"] = "team";
  sim.touch(kNow, first);
  auto attempt = says(FeedbackKind::kAttempt, "f1", sim.lead().owner.str());
  attempt.channel = "phone";
  attempt.note = "Ruft zurück";
  sim.feedback(kNow + minutes(2), attempt);
  auto recycle = says(FeedbackKind::kRecycle, "f2", sim.lead().owner.str());
  recycle.reason = "later";
  recycle.wake_at = kNow + days(9);
  sim.feedback(kNow + minutes(3), recycle);
  sim.event(kNow + minutes(4), Event{"d1", EffectOutcome{"push", "hubspot", true, "4711", {}}});
  sim.touch(kNow + days(1), demo_request("t2", kNow + days(1)));
  sim.person.sums.push_back({20'000, TouchType::kPageView, 3});
  sim.person.archived_touch_hashes = {1, 0xFFFF'FFFF'FFFF'FFFFULL};
  sim.person.claims = {"hmac:1"};
  return sim;
}

TEST(Format, ADocumentIsReadAndWrittenAsItWas) {
  if (updating())
    std::ofstream(golden("person.v2.hex")) << hex(write_person(lived().person)) << "\n";
  const auto packed = from_hex(read_file(golden("person.v2.hex")));
  const auto read = read_person(packed);
  ASSERT_TRUE(read);
  EXPECT_EQ(write_person(*read), packed);
  EXPECT_EQ(read->profile.email, "erika.beispiel@example.com");
  ASSERT_TRUE(read->lead.has_value());
  EXPECT_EQ(read->lead->cycle, 2);
  EXPECT_EQ(read->past.at(0).stage, Stage::kNurture);
  EXPECT_EQ(read->archived_touch_hashes.back(), 0xFFFF'FFFF'FFFF'FFFFULL);
}

// A line of the stem, a line of the document.
TEST(Format, ADocumentOnAStemIsReadAndWrittenAsItWas) {
  if (updating()) {
    const auto sim = lived();
    const auto stem = personal_part(sim.log.front().event);
    std::ofstream(golden("person.v3.hex")) << hex(stem) << "\n"
                                           << hex(write_person(sim.person, stem)) << "\n";
  }
  std::istringstream in(read_file(golden("person.v3.hex")));
  std::string stem, packed;
  ASSERT_TRUE(std::getline(in, stem) && std::getline(in, packed));
  stem = from_hex(stem), packed = from_hex(packed);
  const auto read = read_person(packed, stem);
  ASSERT_TRUE(read);
  EXPECT_EQ(write_person(*read, stem), packed);
  EXPECT_EQ(read->profile.email, "erika.beispiel@example.com");
  EXPECT_LT(packed.size() + 100, write_person(*read).size());
  EXPECT_FALSE(read_person(packed));  // without it
}

// The document and each personal part on the stem say the same as alone, in less.
TEST(Format, TextsOnAStemSayTheSame) {
  const auto sim = lived();
  const auto stem = personal_part(sim.log.front().event);
  EXPECT_EQ(hex(write_person(read_person(write_person(sim.person, stem), stem).value())),
            hex(write_person(sim.person)));
  int shorter = 0;
  for (const auto& record : sim.log) {
    const auto alone = personal_part(record.event), on_stem = personal_part(record.event, stem);
    auto event = record.event;
    ASSERT_EQ(alone.empty(), on_stem.empty());
    if (alone.empty()) continue;
    ASSERT_TRUE(add_personal(event, on_stem, stem));
    EXPECT_EQ(hex(personal_part(event)), hex(alone));
    EXPECT_FALSE(add_personal(event, on_stem));
    shorter += static_cast<int>(on_stem.size() < alone.size() / 2);
  }
  EXPECT_GE(shorter, 2);
  auto event = sim.log.front().event;
  ASSERT_TRUE(add_personal(event, kIsStem, stem));
  EXPECT_EQ(hex(personal_part(event)), hex(stem));
  EXPECT_FALSE(add_personal(event, kIsStem));
}

TEST(Format, ADamagedStemOrDocumentIsNoCrash) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  const auto sim = lived();
  const auto stem = personal_part(sim.log.front().event), packed = write_person(sim.person, stem);
  for (int i = 0; i < 3'000; ++i) {
    auto broken_stem = stem, broken = packed;
    (i % 2 == 0 ? broken_stem : broken)[random() % (i % 2 == 0 ? stem : packed).size()] =
        static_cast<char>(random());
    if (const auto read = read_person(broken, broken_stem)) write_person(*read, broken_stem);
  }
}

TEST(Format, ADocumentOfFormatOneBecomesTheSamePerson) {
  if (updating())
    std::ofstream(golden("person.v1.json")) << canonical(to_json(lived().person)) << "\n";
  const auto read = read_person(read_file(golden("person.v1.json")));
  ASSERT_TRUE(read);
  EXPECT_EQ(hex(write_person(*read)) + "\n", read_file(golden("person.v2.hex")));
}

// A line of the plain part, a line of the personal one.
TEST(Format, ARecordIsReadAsItWas) {
  if (updating()) {
    std::ofstream out(golden("records.v2.txt"));
    for (const auto& record : lived().written)
      out << record.plain << "\n" << hex(record.personal) << "\n";
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
  EXPECT_EQ(std::get<TouchesReceived>(records[0].event.body).touches.at(0).properties.at("plan"),
            "team");
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
  const auto& touches = std::get<TouchesReceived>(records[0].event.body).touches;
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
  for (int i = 0; i < kTouchTypes; ++i)
    all += std::string(to_string(static_cast<TouchType>(i))) + "\n";
  for (int i = 0; i <= static_cast<int>(Intent::kTransactional); ++i)
    all += std::string(to_string(static_cast<Intent>(i))) + "\n";
  for (int i = 0; i <= static_cast<int>(Stage::kErased); ++i)
    all += std::string(to_string(static_cast<Stage>(i))) + "\n";
  for (int i = 0; i <= static_cast<int>(WorkStatus::kMeetingBooked); ++i)
    all += std::string(to_string(static_cast<WorkStatus>(i))) + "\n";
  for (int i = 0; i <= static_cast<int>(HandoverState::kSuperseded); ++i)
    all += std::string(to_string(static_cast<HandoverState>(i))) + "\n";
  for (int i = 0; i <= static_cast<int>(ClockState::kCancelled); ++i)
    all += std::string(to_string(static_cast<ClockState>(i))) + "\n";
  if (updating()) std::ofstream(golden("numbers.txt")) << all;
  EXPECT_EQ(read_file(golden("numbers.txt")), all);
}

}  // namespace
}  // namespace baton
