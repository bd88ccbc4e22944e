#include "gateway/app/dispatch/feedback_queue.h"

#include <algorithm>

namespace baton {
namespace {

constexpr Duration kHotAfterBreach = days(1);

bool waits_for_contact(const ClockInstance& clock, const SlaPolicy& policy) {
  if (clock.state != ClockState::kRunning) return false;
  const auto* definition = policy.find(clock.definition);
  return definition != nullptr && !definition->of_marketing && definition->stops_on_contact();
}

}  // namespace

FeedbackQueue feedback_queue_of(const PersonState& person, const SlaPolicy& policy) {
  const Lead* lead = open_lead(person);
  if (lead == nullptr || lead->stage == Stage::kLead) return FeedbackQueue::kNone;
  const bool contact =
      std::any_of(person.clocks.begin(), person.clocks.end(),
                  [&](const ClockInstance& clock) { return waits_for_contact(clock, policy); });
  return contact ? FeedbackQueue::kContact : FeedbackQueue::kLead;
}

bool polls_slowly(const PersonState& person, const SlaPolicy& policy, Instant now) {
  return std::none_of(person.clocks.begin(), person.clocks.end(), [&](const ClockInstance& clock) {
    return waits_for_contact(clock, policy) &&
           (!clock.breached_at || now - *clock.breached_at < kHotAfterBreach);
  });
}

std::string feedback_queue_name(std::string_view crm, FeedbackQueue queue) {
  std::string name(crm);
  return name.append(queue == FeedbackQueue::kContact ? "?contact" : "?lead");
}

}  // namespace baton
