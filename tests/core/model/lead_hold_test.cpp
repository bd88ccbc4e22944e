#include "gateway/core/model/lead_hold.h"

#include <gtest/gtest.h>

#include "gateway/core/model/person_codec.h"
#include "tests/support/ids.h"

namespace baton {
namespace {

TEST(LeadHoldTest, EveryTextReadsBackAsItWasStored) {
  for (const auto* text :
       {"rework", "reason", "reopen:max:mistaken_identity", "reopen:max:a:b", "reopen:max:"}) {
    const auto hold = parse_lead_hold(text);
    ASSERT_TRUE(hold) << text;
    EXPECT_EQ(to_string(*hold), text);
  }
}

TEST(LeadHoldTest, AnUnknownTextIsNoHold) {
  for (const auto* text : {"", "reworks", "reopen", "later"}) EXPECT_FALSE(parse_lead_hold(text));
}

TEST(LeadHoldTest, DocumentsOfBothFormatsKeepTheHold) {
  PersonState person;
  person.id = "p1"_person;
  person.lead.emplace().stage = Stage::kDisqualified;
  person.lead->hold = ReopenAsked{"max"_rep, "mistaken_identity"};
  const auto packed = read_person(write_person(person));
  const auto plain = person_state_from_json(to_json(person));
  for (const auto* read : {&packed, &plain}) {
    ASSERT_TRUE(*read);
    const auto asked = reopen_asked(*(*read)->lead);
    ASSERT_TRUE(asked);
    EXPECT_EQ(asked->rep, "max");
    EXPECT_EQ(asked->why, "mistaken_identity");
  }
}

}  // namespace
}  // namespace baton
