#include "gateway/core/model/timer_id.h"

#include <gtest/gtest.h>

namespace baton {
namespace {

using Kind = TimerId::Kind;

TEST(TimerIdTest, EveryNameReadsBackAsItWasStored) {
  const std::pair<TimerId, std::string_view> names[] = {
      {{Kind::kClock, "first_contact#2"}, "first_contact#2"},
      {{Kind::kAct, "accept#1"}, "act:accept#1"},
      {{Kind::kSnooze, "accept#1"}, "snooze:accept#1"},
      {{Kind::kTask, "p1.2/t3"}, "task:p1.2/t3"},
      {{Kind::kScore}, "score"},
      {{Kind::kWake}, "wake"},
      {{Kind::kRoute}, "route"},
      {{Kind::kMeeting}, "meeting"},
      {{Kind::kOptIn}, "opt_in"},
      {{Kind::kCoolDown}, "cool_down"},
  };
  for (const auto& [timer, name] : names) {
    EXPECT_EQ(to_string(timer), name);
    EXPECT_EQ(parse_timer_id(name), timer) << name;
  }
}

TEST(TimerIdTest, AnUnknownNameIsThatOfAClock) {
  for (const auto* name : {"", "accept", "scores", "score#1", "later:accept#1", "task"}) {
    EXPECT_EQ(parse_timer_id(name), (TimerId{Kind::kClock, name}));
    EXPECT_EQ(to_string(parse_timer_id(name)), name);
  }
}

}  // namespace
}  // namespace baton
