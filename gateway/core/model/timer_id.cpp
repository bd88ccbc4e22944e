#include "gateway/core/model/timer_id.h"

#include <array>

namespace baton {
namespace {

struct Name {
  TimerId::Kind kind;
  std::string_view text;  // followed by the subject if it ends with a colon
};

constexpr std::array<Name, 9> kTimerNames = {{
    {TimerId::Kind::kAct, "act:"},
    {TimerId::Kind::kSnooze, "snooze:"},
    {TimerId::Kind::kTask, "task:"},
    {TimerId::Kind::kScore, "score"},
    {TimerId::Kind::kWake, "wake"},
    {TimerId::Kind::kRoute, "route"},
    {TimerId::Kind::kMeeting, "meeting"},
    {TimerId::Kind::kOptIn, "opt_in"},
    {TimerId::Kind::kCoolDown, "cool_down"},
}};

}  // namespace

std::string to_string(const TimerId& timer) {
  for (const auto& name : kTimerNames) {
    if (name.kind == timer.kind) return std::string(name.text).append(timer.subject);
  }
  return timer.subject;
}

TimerId parse_timer_id(std::string_view text) {
  for (const auto& name : kTimerNames) {
    if (name.text.back() == ':' && text.starts_with(name.text))
      return {name.kind, std::string(text.substr(name.text.size()))};
    if (text == name.text) return {name.kind, {}};
  }
  return {TimerId::Kind::kClock, std::string(text)};
}

}  // namespace baton
