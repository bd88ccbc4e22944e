#include "gateway/app/dispatcher_outbox.h"

#include <algorithm>

#include "gateway/platform/failpoint.h"
#include "gateway/platform/log.h"
#include "gateway/platform/metrics.h"

namespace baton {
namespace {

constexpr std::size_t kWindow = 256;
constexpr std::size_t kWideWindow = 2048;  // where a group does not fit into the other
constexpr Duration kStoreAway = milliseconds(250);
constexpr Duration kShortest = milliseconds(50);
constexpr Duration kSlow = milliseconds(250);  // a channel that keeps others waiting so long without an answer

std::string name_of(const OutboxEntry& entry) { return entry.key.id + '\n' + entry.item.key; }

// A breach must not wait behind offers.
int urgency(std::string_view kind) {
  if (kind == "breach" || kind == "escalation") return 0;
  if (kind == "warning") return 1;
  return kind == "offer" ? 2 : 3;
}

}  // namespace

OutboxWorker::OutboxWorker(const std::vector<std::shared_ptr<const Notifier>>& notifiers, std::shared_ptr<Inbox> inbox,
                           const DispatcherHooks& hooks, const DispatcherOptions& options, const Clock& clock)
    : inbox_(std::move(inbox)), hooks_(hooks), options_(options), clock_(clock), time_(clock) {
  for (const auto& notifier : notifiers) {
    const bool live = notifier->mode() == Mode::kLive;
    auto mail = live && notifier->mail() != nullptr ? hooks_.mail(*notifier->mail()) : nullptr;
    auto http = live && notifier->mail() == nullptr ? hooks_.http(notifier->http()) : nullptr;
    channels_.emplace(notifier->name(), std::make_unique<Channel>(Channel{notifier, std::move(http), std::move(mail),
                                                                          Lane(notifier->name(), options_)}));
  }
}

void OutboxWorker::run() {
  std::int64_t stopped_at = 0;
  Duration sleep{0};
  while (true) {
    for (const auto& task : inbox_->wait(sleep)) task();
    if (inbox_->stopping()) {
      if (stopped_at == 0) stopped_at = clock_.steady_ns();
      if (flying_.empty() || clock_.steady_ns() - stopped_at > options_.grace.ms * 1'000'000) return;
      sleep = kShortest;
      continue;
    }
    sleep = look();
  }
}

Duration OutboxWorker::look() {
  if (!store_) {
    auto opened = hooks_.store();
    if (!opened) return kStoreAway;
    store_ = std::move(*opened);
  }
  const auto partitions = hooks_.partitions();
  if (partitions.empty()) return options_.longest_sleep;
  written_ = true;
  if (all_busy()) return kSlow;  // an answer wakes this thread
  const bool wide = std::exchange(wide_, false);
  const std::size_t limit = (wide ? kWideWindow : kWindow) + flying_.size();
  const auto due = store_->due_outbox(partitions, "notify", limit);
  if (!due) return kStoreAway;
  time_.set(due->now);
  auto waiting = by_urgency(due->items);
  const bool crowded = due->items.size() == limit;
  for (auto& one : waiting) offer(std::move(one), crowded);
  for (auto& group : ready_groups(crowded && !wide)) send(std::move(group));
  if (!written_) return kStoreAway;
  if (wide_) return Duration{0};
  if (crowded && flying_.empty()) return Duration{0};
  std::optional<Instant> next = due->next;
  for (const auto& [name, channel] : channels_) {
    const auto until = channel->lane.held_until(time_.now());
    if (until && (!next || *until < *next)) next = until;
  }
  if (!next) return options_.longest_sleep;
  return std::clamp(*next - time_.now(), kShortest, options_.longest_sleep);
}

std::vector<OutboxWorker::Ready> OutboxWorker::prepare(const std::vector<OutboxEntry>& due) {
  std::vector<OutboxEntry> entries;
  for (const auto& entry : due) {
    if (flying_.contains(name_of(entry))) continue;
    if (hooks_.holds && !hooks_.holds(entry.partition)) continue;
    entries.push_back(entry);
  }
  if (entries.empty()) return {};
  auto messages = hooks_.notices(entries);
  if (!messages) {
    written_ = false;   // the store is away: they are due still
    return {};
  }
  std::vector<Ready> ready;
  for (std::size_t i = 0; i < entries.size(); ++i) prepare(entries[i], (*messages)[i], ready);
  if (!ended_.empty()) check(store_->outbox_done(std::exchange(ended_, {})));
  return ready;
}

void OutboxWorker::prepare(const OutboxEntry& entry, Result<std::optional<OutgoingMessage>>& outgoing,
                           std::vector<Ready>& ready) {
  if (!outgoing) {
    if (outgoing.error().code == Errc::kTransient)
      retry({&entry, 1}, time_.now() + seconds(1));
    else
      bury(entry, "", outgoing.error().message);
    return;
  }
  if (!*outgoing || (*outgoing)->channel.empty()) {
    end_later(entry, "messages", "superseded");
    return;
  }
  const auto channel = channels_.find((*outgoing)->channel);
  if (channel == channels_.end()) {
    bury(entry, (*outgoing)->channel, "no channel has this name");
    return;
  }
  auto& message = **outgoing;
  if (message.not_before && *message.not_before > time_.now()) return retry({&entry, 1}, *message.not_before);
  if (const auto why = channel->second->notifier->refuses(message.message); !why.empty()) return bury(entry, channel->first, why);
  if (message.group) return put_into_group(entry, *channel->second, message);
  Ready one{{entry}, channel->second.get(), std::move(message.message)};
  if (!observed(one)) ready.push_back(std::move(one));
}

bool OutboxWorker::observed(const Ready& ready) {
  const auto& notifier = *ready.channel->notifier;
  if (notifier.mode() != Mode::kObserve) return false;
  if (hooks_.observed) hooks_.observed(ready.entries.front(), notifier.name(), notifier.render(ready.message, clock_.now()));
  for (const auto& entry : ready.entries) end_later(entry, notifier.name(), "observed");
  return true;
}

bool OutboxWorker::all_busy() const {
  return !channels_.empty() && std::all_of(channels_.begin(), channels_.end(),
                                           [](const auto& channel) { return channel.second->lane.full(); });
}

bool OutboxWorker::is_slow(Channel& channel) {
  if (channel.lane.held_until(time_.now())) return true;
  const auto now = clock_.steady_ns();
  if (!channel.waiting_since) channel.waiting_since = now;
  return now - *channel.waiting_since > kSlow.ms * 1'000'000;
}

// To see how urgent a message is takes a look at its document: once, however long it waits.
std::vector<OutboxWorker::Waiting> OutboxWorker::by_urgency(const std::vector<OutboxEntry>& due) {
  std::vector<OutboxEntry> unknown;
  std::vector<Waiting> list;
  std::map<std::string, Known> still;
  for (const auto& entry : due) {
    const auto known = known_.find(name_of(entry));
    if (known == known_.end()) {
      unknown.push_back(entry);
    } else if (!flying_.contains(known->first)) {
      still.insert(*known);
      list.push_back({entry, known->second, std::nullopt});
    }
  }
  for (auto& ready : prepare(unknown)) {
    const Known known{ready.channel, urgency(ready.message.kind)};
    still.emplace(name_of(ready.entries.front()), known);
    auto entry = ready.entries.front();
    list.push_back({std::move(entry), known, std::move(ready)});
  }
  known_.swap(still);
  std::stable_sort(list.begin(), list.end(),
                   [](const Waiting& a, const Waiting& b) { return a.known.urgency < b.known.urgency; });
  return list;
}

void OutboxWorker::offer(Waiting waiting, bool crowded) {
  auto& lane = waiting.known.channel->lane;
  const auto held = lane.held_until(time_.now());
  if (!lane.full() && !held) {
    if (waiting.ready) return send(std::move(*waiting.ready));
    for (auto& ready : prepare({waiting.entry})) send(std::move(ready));
  } else if (crowded && channels_.size() > 1 && is_slow(*waiting.known.channel)) {
    // What is held up must not fill the window that other channels' messages are seen through. Where
    // answers come quickly it stays: each makes room for the next.
    retry({&waiting.entry, 1}, std::max(held.value_or(Instant{}), time_.now() + seconds(1)));
  }
}

void OutboxWorker::send(Ready ready) {
  BATON_FAILPOINT("notify.before_call");
  const auto given_up = [&](const OutboxEntry& entry) { return hooks_.holds && !hooks_.holds(entry.partition); };
  if (std::any_of(ready.entries.begin(), ready.entries.end(), given_up)) return;
  if (!ready.channel->lane.enter(time_.now())) return;
  for (const auto& entry : ready.entries) flying_.insert(name_of(entry));
  auto shared = std::make_shared<Ready>(std::move(ready));
  const auto& channel = *shared->channel;
  const auto done = [this, inbox = inbox_, shared](auto result) {
    inbox->post([this, shared, result = NotifyResult(std::move(result))] { answered(shared, result); });
  };
  auto request = channel.notifier->render(shared->message, clock_.now());
  if (auto* mail = std::get_if<MailRequest>(&request))
    channel.mail->send(std::move(*mail), done);
  else
    channel.http->send(std::move(std::get<HttpRequest>(request)), done);
}

void OutboxWorker::answered(const std::shared_ptr<Ready>& ready, const NotifyResult& result) {
  BATON_FAILPOINT("notify.answered");
  auto& lane = ready->channel->lane;
  const auto& entries = ready->entries;
  lane.leave();
  ready->channel->waiting_since.reset();
  for (const auto& entry : entries) flying_.erase(name_of(entry));
  const auto outcome = ready->channel->notifier->interpret(result);
  lane.note(std::visit([&](const auto& of) { return condition_of(of, outcome); }, result), outcome, std::nullopt, time_.now());
  if (outcome.verdict == Verdict::kOk || outcome.verdict == Verdict::kOkNoop) {
    observe_seconds("message_lateness_seconds", static_cast<double>(ready->message.late_by.ms) / 1000, "destination=" + lane.name());
    end(entries, lane.name(), "ok");
    if (!hooks_.outcome) return;
    for (const auto& entry : entries) hooks_.outcome(entry.key, {entry.item.key, lane.name(), true, {}, {}});
    return;
  }
  count_attempt(lane.name(), to_string(outcome.verdict));
  const auto at = lane.next_try_at(name_of(entries.front()), entries.front().attempts, outcome, time_.now());
  if (at) return retry(entries, *at);
  for (const auto& entry : entries) bury(entry, lane.name(), outcome.reason);
}

// With the others of this look, in one call.
void OutboxWorker::end_later(const OutboxEntry& entry, const std::string& destination, std::string_view outcome) {
  count_attempt(destination, outcome);
  ended_.push_back(entry);
}

void OutboxWorker::end(std::span<const OutboxEntry> entries, const std::string& destination, std::string_view outcome) {
  for (std::size_t i = 0; i < entries.size(); ++i) count_attempt(destination, outcome);
  check(store_->outbox_done(entries));
}

void OutboxWorker::retry(std::span<const OutboxEntry> entries, Instant at) {
  std::vector<Retry> list;
  for (const auto& entry : entries) list.push_back({entry.key, entry.item.key, at});
  if (!list.empty()) check(store_->outbox_retry(list));
}

void OutboxWorker::bury(const OutboxEntry& entry, const std::string& destination, const std::string& reason) {
  DeadLetter letter;
  letter.partition = entry.partition;
  letter.origin = "outbox";
  letter.subject = entry.item.key;
  letter.destination = destination;
  letter.reason = reason;
  letter.payload = entry.item.payload;
  check(store_->bury({&letter, 1}, {&entry.key, 1}));
  count("dead_letters_total", "destination=" + destination);
  log_warn("delivery", "message was given up", {{"destination", destination}, {"reason", reason}});
  if (hooks_.outcome) hooks_.outcome(entry.key, {entry.item.key, destination, false, {}, reason});
}

void OutboxWorker::check(const Status& status) {
  if (status) return;
  written_ = false;
  log_warn("delivery", "store did not take a result", {{"error", status.error().message}});
}

}  // namespace baton
