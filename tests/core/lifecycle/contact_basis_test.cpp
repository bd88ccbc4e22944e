#include "gateway/core/lifecycle/contact_basis.h"

#include <gtest/gtest.h>

#include "gateway/core/lifecycle/lifecycle_policy.h"
#include "mapping/json/json.h"
#include "tests/core/sim/core_sim.h"

namespace baton {
namespace {

const Instant kNow = at("2026-03-09T09:00:00Z");

const ContactPolicy& rules() {
  static const auto kPolicy = template_policy();
  return kPolicy->lifecycle->work.contact;
}

PersonState business(TouchType type, Intent intent, Instant when = kNow) {
  PersonState person;
  person.id = "p1"_person;
  person.profile.email = "erika.beispiel@example.com";
  person.profile.company.name = "Beispiel GmbH";
  person.touches.push_back({.id = "s:t1",
                            .type = type,
                            .intent = intent,
                            .at = when,
                            .asset = {},
                            .page_group = {},
                            .channel = {},
                            .campaign = {}});
  return person;
}

PersonState consumer(TouchType type, Intent intent) {
  auto person = business(type, intent);
  person.profile.company = {};
  person.profile.email = "erika.beispiel@gmail.com";
  return person;
}

ConsentState said(std::string channel, bool granted, std::string basis, Instant when = kNow) {
  return {"marketing", std::move(channel), granted, std::move(basis), "v1", "typeform", when};
}

TEST(ContactBasis, ABusinessThatRequestedContactMayBeCalled) {
  const auto basis =
      contact_basis(business(TouchType::kDemoRequest, Intent::kHandRaiser), rules(), kNow);
  EXPECT_EQ(basis.call, "presumed");
  EXPECT_EQ(basis.fact, "demo_request");
  EXPECT_EQ(basis.since, kNow);
  EXPECT_EQ(basis.message, "presumed");
  EXPECT_TRUE(basis.allows("phone") && basis.allows("email") && basis.allows("social") &&
              basis.allows("letter"));
}

TEST(ContactBasis, ADownloadOrANewsletterDoesNotSuggestThatACallIsWelcome) {
  for (const auto type : {TouchType::kContentDownload, TouchType::kNewsletterSubscribe,
                          TouchType::kPricingPageView}) {
    const auto basis = contact_basis(business(type, Intent::kInformational), rules(), kNow);
    EXPECT_EQ(basis.call, "");
    EXPECT_EQ(basis.why, "no_interest");
    EXPECT_EQ(basis.channels(), "[\"letter\"]");
  }
}

TEST(ContactBasis, ConsentToEmailIsNotConsentToCalls) {
  auto person = business(TouchType::kNewsletterSubscribe, Intent::kInformational);
  person.consents = {said("email", true, "express")};
  const auto basis = contact_basis(person, rules(), kNow);
  EXPECT_EQ(basis.message, "express");
  EXPECT_FALSE(basis.allows("phone"));
  EXPECT_FALSE(basis.allows("social"));
  person.consents.push_back(said("social", true, "express"));
  EXPECT_TRUE(contact_basis(person, rules(), kNow).allows("social"));
  EXPECT_EQ(basis.channels(), "[\"email\",\"letter\"]");
  EXPECT_EQ(contact_basis(person, rules(), kNow).channels(), "[\"email\",\"social\",\"letter\"]");
}

TEST(ContactBasis, AConsumerMustAgreeToCallsExpressly) {
  auto person = consumer(TouchType::kDemoRequest, Intent::kHandRaiser);
  auto basis = contact_basis(person, rules(), kNow);
  EXPECT_TRUE(basis.consumer);
  EXPECT_EQ(basis.why, "consumer");
  EXPECT_EQ(basis.message, "presumed");  // a request may be answered
  person.consents = {said("phone", true, "presumed")};
  EXPECT_EQ(contact_basis(person, rules(), kNow).call, "");
  person.consents = {said("phone", true, "express")};
  EXPECT_EQ(contact_basis(person, rules(), kNow).call, "express");
}

TEST(ContactBasis, ThePolicyMayTreatAConsumersRequestAsConsent) {
  auto policy = rules();
  policy.consumer_request = true;
  EXPECT_EQ(
      contact_basis(consumer(TouchType::kDemoRequest, Intent::kHandRaiser), policy, kNow).call,
      "express");
  EXPECT_EQ(
      contact_basis(consumer(TouchType::kContentDownload, Intent::kInformational), policy, kNow)
          .call,
      "");
}

TEST(ContactBasis, ASenderFromTheCompanysDomainIsNotAConsumer) {
  auto person = consumer(TouchType::kDemoRequest, Intent::kHandRaiser);
  person.profile.email = "erika@beispiel-gmbh.example";
  EXPECT_FALSE(contact_basis(person, rules(), kNow).consumer);
  auto policy = rules();
  policy.consumer_domains = {"beispiel-gmbh.example"};
  EXPECT_TRUE(contact_basis(person, policy, kNow).consumer);
  policy.consumers = Consumers::kNone;
  EXPECT_FALSE(contact_basis(person, policy, kNow).consumer);
}

TEST(ContactBasis, AWithdrawalEndsEarlierConsentAndANewRequestCountsAgain) {
  auto person = business(TouchType::kDemoRequest, Intent::kHandRaiser, kNow - days(2));
  person.consents = {said("phone", false, "", kNow - days(1))};
  EXPECT_EQ(contact_basis(person, rules(), kNow).why, "withdrawn");
  EXPECT_TRUE(contact_basis(person, rules(), kNow).allows("email"));
  auto again = person.touches.front();
  again.id = "s:t2";
  again.at = kNow;
  person.touches.push_back(again);
  EXPECT_EQ(contact_basis(person, rules(), kNow).call, "presumed");
}

TEST(ContactBasis, AnOldSignOfInterestDoesNotCount) {
  const auto person = business(TouchType::kDemoRequest, Intent::kHandRaiser, kNow - days(181));
  EXPECT_EQ(contact_basis(person, rules(), kNow).call, "");
  EXPECT_EQ(contact_basis(person, rules(), kNow - days(2)).call, "presumed");
}

TEST(ContactBasis, ACustomerMayBeCalledOnlyIfABusiness) {
  auto person = business(TouchType::kContentDownload, Intent::kInformational);
  Lead won;
  won.stage = Stage::kWon;
  won.stages = {{Stage::kWon, kNow - days(400), "T15", false}};
  person.past.push_back(won);
  EXPECT_EQ(contact_basis(person, rules(), kNow).call, "contract");
  person.profile.company = {};
  person.profile.email = "erika.beispiel@gmail.com";
  const auto basis = contact_basis(person, rules(), kNow);
  EXPECT_EQ(basis.call, "");
  EXPECT_EQ(basis.message, "contract");
}

TEST(ContactBasis, AnObjectionAllowsNothingEvenUnguarded) {
  auto person = business(TouchType::kDemoRequest, Intent::kHandRaiser);
  person.objected_at = kNow;
  auto policy = rules();
  policy.guard = false;
  const auto basis = contact_basis(person, policy, kNow);
  EXPECT_EQ(basis.why, "objection");
  EXPECT_EQ(basis.channels(), "[]");
}

TEST(ContactBasis, AMessageWithoutABasisContainsNoTelephoneNumber) {
  auto person = business(TouchType::kContentDownload, Intent::kInformational);
  json::object data{{"phone", "+4930123456"}, {"email", "erika.beispiel@example.com"}};
  make_lawful(data, person, rules(), kNow);
  EXPECT_FALSE(data.contains("phone"));
  EXPECT_FALSE(data.contains("email"));
  EXPECT_EQ(data.at("blocked"), "no_interest");
  EXPECT_EQ(data.at("channels"), json::array{"letter"});
  person.consents = {said("sms", true, "express"), said("chat", true, "express"),
                     said("social", true, "express")};
  make_lawful(data, person, rules(), kNow);
  EXPECT_EQ(data.at("channels"), (json::array{"social", "sms", "chat", "letter"}));
  data = {{"phone", "+4930123456"}};
  make_lawful(data, business(TouchType::kDemoRequest, Intent::kHandRaiser), rules(), kNow);
  EXPECT_TRUE(data.contains("phone"));
}

}  // namespace
}  // namespace baton
