#include "gateway/core/model/person.h"

#include <gtest/gtest.h>

#include "gateway/core/model/person_codec.h"
#include "mapping/json/json.h"
#include "tests/core/sim/core_sim.h"

namespace baton {
namespace {

const Instant kNow = at("2026-03-09T09:00:00Z");

// A person with something in every part of the document.
PersonState lived() {
  CoreSim sim(template_policy());
  auto first = demo_request("t1", kNow);
  first.consent.push_back({"marketing", "email", true, "express", "v3"});
  first.attribution.utm_source = "search";
  first.attribution.paid = false;
  first.person.external_ids["hubspot"] = "4711";
  first.dwell_s = 12;
  first.page_group = "product";
  sim.touch(kNow, first);
  auto reject = says(FeedbackKind::kReject, "f1", sim.lead().owner.str());
  reject.reason = "data_missing";
  sim.feedback(kNow + minutes(1), reject);
  auto other = says(FeedbackKind::kAttempt, "f2", sim.lead().owner.str());
  other.channel = "phone";
  sim.feedback(kNow + minutes(2), other);
  auto recycle = says(FeedbackKind::kRecycle, "f3", sim.lead().owner.str());
  recycle.reason = "later";
  recycle.wake_at = kNow + days(9);
  sim.feedback(kNow + minutes(3), recycle);
  sim.event(kNow + minutes(4), Event{"d1", EffectOutcome{"push", "hubspot", true, "4711", {}}});
  sim.touch(kNow + days(1), demo_request("t2", kNow + days(1)));
  sim.person.sums.push_back({20000, TouchType::kPageView, 3});
  sim.person.archived_touch_hashes.push_back(0xFFFF'FFFF'FFFF'FFFFULL);
  sim.person.touches.at(0).scorable = false;
  sim.person.claims = {"hmac:1"};
  return sim.person;
}

TEST(Person, TheDocumentRoundTripsToTheByte) {
  const auto person = lived();
  const auto text = canonical(to_json(person));
  const auto parsed = parse_json(text);
  ASSERT_TRUE(parsed);
  const auto read = person_state_from_json(*parsed);
  ASSERT_TRUE(read);
  EXPECT_EQ(canonical(to_json(*read)), text);
  EXPECT_EQ(read->archived_touch_hashes.back(), 0xFFFF'FFFF'FFFF'FFFFULL);
  EXPECT_FALSE(read->touches.at(0).scorable);
  EXPECT_TRUE(read->touches.at(1).scorable);
  EXPECT_EQ(read->lead->cycle, 2);
  EXPECT_EQ(read->first_touch.paid, false);
}

TEST(Person, ThePackedDocumentSaysTheSameInLess) {
  const auto person = lived();
  const auto packed = write_person(person);
  const auto read = read_person(packed);
  ASSERT_TRUE(read);
  EXPECT_EQ(canonical(to_json(*read)), canonical(to_json(person)));
  EXPECT_EQ(write_person(*read), packed);
  EXPECT_LT(packed.size() * 2, canonical(to_json(person)).size());
}

TEST(Person, ADocumentOfFormatOneIsRead) {
  const auto person = lived();
  const auto read = read_person(canonical(to_json(person)));
  ASSERT_TRUE(read);
  EXPECT_EQ(write_person(*read), write_person(person));
}

TEST(Person, ADamagedDocumentIsRefusedOrReadNeverOverrun) {
  const auto packed = write_person(lived());
  for (std::size_t i = 0; i < packed.size(); ++i) {
    EXPECT_FALSE(read_person(std::string_view(packed).substr(0, i))) << i;
    auto damaged = packed;
    damaged[i] = static_cast<char>(damaged[i] ^ (1 << i % 8));
    if (const auto read = read_person(damaged)) write_person(*read);
  }
}

TEST(Person, AnEmptyPersonIsASmallDocumentAndComesBackEmpty) {
  PersonState person;
  person.id = "p1"_person;
  const auto text = canonical(to_json(person));
  EXPECT_LT(text.size(), 100U) << text;
  const auto read = person_state_from_json(to_json(person));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->id, "p1");
  EXPECT_FALSE(read->lead);
}

TEST(Person, ATypicalDocumentStaysSmall) {
  CoreSim sim(template_policy());
  sim.touch(kNow, demo_request("LtWXD3crgy", kNow));
  EXPECT_LT(write_person(sim.person).size(), 1'200U) << canonical(to_json(sim.person));
}

TEST(Person, ANewerFormatIsRefusedAndUnknownMembersAreNot) {
  auto newer = to_json(PersonState{});
  newer.as_object()["v"] = 2;
  EXPECT_FALSE(person_state_from_json(newer));
  EXPECT_FALSE(person_state_from_json(json::value("text")));
  auto more = to_json(PersonState{});
  more.as_object()["mood"] = "good";
  EXPECT_TRUE(person_state_from_json(more));
}

TEST(Person, NonsenseInADocumentNeverThrows) {
  const auto read = person_state_from_json(json::parse(
      R"({"v":1,"id":7,"lead":"x","clocks":[1,{"budget":"soon"}],"touches":{"a":1},"score":[]})"));
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->id.empty());
}

}  // namespace
}  // namespace baton
