#include "gateway/core/model/ids.h"

#include <map>
#include <sstream>
#include <type_traits>
#include <unordered_set>

#include <gtest/gtest.h>

#include "tests/support/ids.h"

namespace baton {
namespace {

// Ids of different things do not convert, assign or compare.
template <class Id, class Other>
constexpr bool kAreApart =
    !std::is_convertible_v<Other, Id> && !std::is_constructible_v<Id, Other> &&
    !std::is_assignable_v<Id&, Other> && !std::equality_comparable_with<Id, Other>;
static_assert(kAreApart<LeadId, PersonId> && kAreApart<PersonId, LeadId>);
static_assert(kAreApart<RepId, LeadId> && kAreApart<HandoverId, LeadId>);
static_assert(kAreApart<ClockId, HandoverId> && kAreApart<PersonId, RepId>);

template <class Id>
constexpr bool kNeedsTheWord =
    std::is_constructible_v<Id, std::string>&& std::is_constructible_v<Id, std::string_view>&&
        std::is_constructible_v<Id, const char*> &&
    !std::is_convertible_v<std::string, Id> && !std::is_convertible_v<std::string_view, Id> &&
    !std::is_convertible_v<const char*, Id> && !std::is_assignable_v<Id&, std::string> &&
    !std::is_assignable_v<Id&, const char*> && !std::is_convertible_v<Id, std::string> &&
    !std::is_convertible_v<Id, std::string_view>;
static_assert(kNeedsTheWord<PersonId> && kNeedsTheWord<LeadId> && kNeedsTheWord<RepId>);
static_assert(kNeedsTheWord<HandoverId> && kNeedsTheWord<ClockId>);

static_assert(sizeof(LeadId) == sizeof(std::string));
static_assert(std::is_nothrow_move_constructible_v<LeadId>);
static_assert(std::is_nothrow_move_assignable_v<LeadId>);

TEST(Ids, AreTheirTextAndCompareByIt) {
  EXPECT_EQ("p1.1"_lead.str(), "p1.1");
  EXPECT_EQ("p1.1"_lead.view(), "p1.1");
  EXPECT_EQ("p1.1"_lead, "p1.1"_lead);
  EXPECT_EQ("p1.1"_lead, "p1.1");
  EXPECT_NE("p1.1"_lead, "p1.2"_lead);
  EXPECT_LT("p1.1"_lead, "p1.2"_lead);
  EXPECT_TRUE(LeadId().empty());
}

TEST(Ids, GiveTheirTextAwayWithoutACopy) {
  std::string text(100, 'p');
  const auto* bytes = text.data();
  PersonId id(std::move(text));
  EXPECT_EQ(id.view().data(), bytes);
  EXPECT_EQ(std::move(id).str().data(), bytes);
}

TEST(Ids, AreKeysOfMapsThatFindThemByText) {
  const std::map<RepId, int, std::less<>> turns = {{"anna"_rep, 1}, {"ben"_rep, 2}};
  EXPECT_EQ(turns.find("ben"_rep)->second, 2);
  EXPECT_EQ(turns.find(std::string_view("ben"))->second, 2);
  const std::unordered_set<RepId> reps = {"anna"_rep, "anna"_rep};
  EXPECT_EQ(reps.size(), 1U);
}

TEST(Ids, PrintTheirText) {
  std::ostringstream out;
  out << "accept#1"_clock;
  EXPECT_EQ(out.str(), "accept#1");
  EXPECT_EQ(::testing::PrintToString("p1.1/2"_handover), "p1.1/2");
}

}  // namespace
}  // namespace baton
