#include "mapping/map/touch.h"

#include <random>

#include <gtest/gtest.h>

#include "mapping/json/json.h"

namespace baton {
namespace {

std::string maybe_text(std::mt19937_64& random) {
  return random() % 3 == 0 ? std::string() : "t" + std::to_string(random() % 1000);
}

std::vector<std::string*> text_fields(Touch& t) {
  return {&t.person.email,
          &t.person.phone,
          &t.person.first_name,
          &t.person.last_name,
          &t.person.full_name,
          &t.person.salutation,
          &t.person.academic_title,
          &t.person.job_title,
          &t.person.job_level,
          &t.person.job_function,
          &t.person.language,
          &t.person.country,
          &t.person.region,
          &t.person.city,
          &t.person.postal_code,
          &t.person.company.name,
          &t.person.company.domain,
          &t.person.company.size,
          &t.person.company.industry,
          &t.asset,
          &t.page_group,
          &t.tracking_basis,
          &t.message,
          &t.attribution.channel,
          &t.attribution.utm_source,
          &t.attribution.utm_medium,
          &t.attribution.utm_campaign,
          &t.attribution.utm_term,
          &t.attribution.utm_content,
          &t.attribution.referrer,
          &t.attribution.landing_page,
          &t.attribution.click_id};
}

Touch random_touch(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Touch t;
  t.id = maybe_text(random);
  t.source = maybe_text(random);
  t.type = static_cast<TouchType>(random() % kTouchTypes);
  t.intent = static_cast<Intent>(random() % 3);
  t.at = Instant{static_cast<std::int64_t>(random() % 4'000'000'000'000)};
  for (std::string* field : text_fields(t)) *field = maybe_text(random);
  if (random() % 2 == 0) t.attribution.paid = random() % 2 == 0;
  if (random() % 2 == 0) t.person.external_ids["hubspot"] = "123";
  for (std::uint64_t n = random() % 3; n > 0; --n)
    t.consent.push_back(
        {"marketing", "email", random() % 2 == 0, maybe_text(random), maybe_text(random)});
  t.dwell_s = static_cast<int>(random() % 100);
  if (random() % 2 == 0) t.properties["answer"] = 42;
  return t;
}

TEST(Touch, SurvivesItsStoredForm) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const json::object written = to_json(random_touch(seed), true);
    const auto read = touch_from_json(written);
    ASSERT_TRUE(read.has_value()) << "seed " << seed;
    EXPECT_EQ(canonical(to_json(*read, true)), canonical(written)) << "seed " << seed;
  }
}

TEST(Touch, LeavesAbsentFieldsOut) {
  Touch touch;
  touch.id = "x";
  EXPECT_EQ(canonical(to_json(touch, false)),
            R"({"at":"1970-01-01T00:00:00Z","intent":"informational","type":"form_submit"})");
}

TEST(Touch, WritesADeliveryInTheCanonicalForm) {
  MappedDelivery delivery{"typeform", "LtWXD3crgy", {Touch{}}, {"/a"}};
  delivery.touches[0].consent.push_back({"marketing", "email", true, "", ""});
  EXPECT_EQ(
      json::serialize(to_json(delivery)),
      R"({"source":"typeform","delivery_id":"LtWXD3crgy","touches":[{"type":"form_submit",)"
      R"("intent":"informational","at":"1970-01-01T00:00:00Z","consent":[{"purpose":"marketing",)"
      R"("channel":"email","state":"granted"}]}],"unmapped":["/a"]})");
}

TEST(Touch, NamesEveryTypeOnceAndReadsItBack) {
  for (int i = 0; i < kTouchTypes; ++i) {
    const auto type = static_cast<TouchType>(i);
    EXPECT_EQ(parse_touch_type(to_string(type)), type);
  }
  EXPECT_EQ(to_string(TouchType::kConsentChanged), "consent_changed");
  EXPECT_EQ(to_string(TouchType::kEmailReply), "email_reply");
  EXPECT_EQ(to_string(TouchType::kMeetingNoShow), "meeting_no_show");
  EXPECT_FALSE(parse_touch_type("FORM_SUBMIT"));
  EXPECT_EQ(parse_intent("hand_raiser"), Intent::kHandRaiser);
}

TEST(Touch, FeedbackAndHousekeepingCreateNoLead) {
  EXPECT_TRUE(makes_lead(TouchType::kFormSubmit));
  EXPECT_FALSE(makes_lead(TouchType::kCrmAccepted));
  EXPECT_FALSE(makes_lead(TouchType::kTestPing));
  EXPECT_TRUE(is_crm_feedback(TouchType::kCrmOwnerChanged));
  EXPECT_FALSE(is_crm_feedback(TouchType::kAgentMessage));
  EXPECT_FALSE(is_crm_feedback(TouchType::kOutboundEmail));
}

TEST(Touch, RefusesInvalidTouchesAndIgnoresUnknownMembers) {
  EXPECT_FALSE(touch_from_json(json::parse("[]")).has_value());
  EXPECT_FALSE(touch_from_json(json::parse(R"({"type":"nonsense"})")).has_value());
  const auto newer = touch_from_json(json::parse(
      R"({"type":"form_submit","intent":"informational","at":"2026-01-01T00:00:00Z","new":{"x":1},"asset":7})"));
  ASSERT_TRUE(newer.has_value());
  EXPECT_EQ(newer->asset, "");
}

TEST(Touch, ReadsDamagedConsentAsWithdrawn) {
  const auto touch = touch_from_json(json::parse(
      R"({"type":"form_submit","intent":"informational","at":"2026-01-01T00:00:00Z","consent":[{"purpose":"m"}, 3]})"));
  ASSERT_EQ(touch->consent.size(), 1U);
  EXPECT_FALSE(touch->consent[0].granted);
}

}  // namespace
}  // namespace baton
