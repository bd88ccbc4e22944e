#include "gateway/app/dispatch/send_stage.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "gateway/platform/failpoint.h"
#include "gateway/platform/metrics.h"

namespace baton {
namespace {

constexpr std::size_t kRestoredAtOnce = 512;  // two narrow reads

}  // namespace

void SendStage::send(Notification notification) {
  BATON_FAILPOINT("notify.before_call");
  const auto lost = [&](const OutboxEntry& entry) { return !leases_.holds(entry.partition); };
  if (std::any_of(notification.entries.begin(), notification.entries.end(), lost)) return;
  if (!notification.channel->lane.enter(time_.now())) return;
  for (const auto& entry : notification.entries) in_flight_.insert(entry_id(entry));
  auto shared = std::make_shared<const Notification>(std::move(notification));
  const auto& channel = *shared->channel;
  const auto done = [this, inbox = inbox_, shared](auto result) {
    inbox->post(
        [this, shared, result = NotifyResult(std::move(result))] { answered(*shared, result); });
  };
  auto request = channel.notifier->render(shared->message, clock_.now());
  if (auto* mail = std::get_if<MailRequest>(&request))
    channel.mail->send(std::move(*mail), done);
  else
    channel.http->send(std::move(std::get<HttpRequest>(request)), done);
}

void SendStage::answered(const Notification& notification, const NotifyResult& result) {
  BATON_FAILPOINT("notify.answered");
  auto& channel = *notification.channel;
  auto& lane = channel.lane;
  const auto& entries = notification.entries;
  lane.leave();
  channel.waiting_since.reset();
  for (const auto& entry : entries) in_flight_.erase(entry_id(entry));
  const auto outcome = channel.notifier->interpret(result);
  lane.note(std::visit([&](const auto& of) { return condition_of(of, outcome); }, result), outcome,
            std::nullopt, time_.now());
  if (!lane.held_until(time_.now())) restore_put_off(channel);
  if (outcome.verdict == Verdict::kOk || outcome.verdict == Verdict::kOkNoop) {
    observe_seconds("message_lateness_seconds",
                    static_cast<double>(notification.message.late_by.ms) / 1000,
                    "destination=" + lane.name());
    for (const auto& entry : entries) recorder_.finish(entry, lane.name(), "ok", true);
    return;
  }
  count_attempt(lane.name(), to_string(outcome.verdict));
  const auto at =
      lane.next_try_at(entry_id(entries.front()), entries.front().attempts, outcome, time_.now());
  if (at) return recorder_.retry(entries, *at);
  for (const auto& entry : entries) recorder_.dead_letter(entry, lane.name(), outcome.reason);
}

// The channel answers again. Its entries that were put off return to their places, some with each
// answer.
void SendStage::restore_put_off(Channel& channel) {
  const Instant now = time_.now();
  auto& put_off = channel.put_off;
  for (std::size_t n = 0; n < kRestoredAtOnce && !put_off.empty(); put_off.pop_front()) {
    if (put_off.front().until <= now) continue;  // it is due already
    recorder_.restore(std::move(put_off.front().place));
    ++n;
    schedule_.note_change();
  }
}

}  // namespace baton
