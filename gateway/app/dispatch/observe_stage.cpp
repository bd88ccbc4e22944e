#include "gateway/app/dispatch/observe_stage.h"

namespace baton {

std::vector<Notification> ObserveStage::pass(std::vector<Notification> notifications) {
  std::erase_if(notifications, [&](const Notification& one) {
    const auto& notifier = *one.channel->notifier;
    if (notifier.mode() != Mode::kObserve) return false;
    messages_.record_dry_run(one.entries.front(), notifier.name(),
                             notifier.render(one.message, clock_.now()));
    for (const auto& entry : one.entries) recorder_.finish(entry, notifier.name(), "observed");
    return true;
  });
  return notifications;
}

}  // namespace baton
