#include "gateway/app/dispatch/dispatcher_outbox.h"

#include <algorithm>

#include "gateway/platform/failpoint.h"
#include "gateway/platform/log.h"
#include "gateway/platform/metrics.h"

namespace baton {
namespace {

constexpr std::size_t kWindow = 256;
constexpr std::size_t kWideWindow = 16'384;   // where a group does not fit into the other
constexpr std::size_t kPreparedAtOnce = 512;  // persons in memory for that
constexpr Duration kStoreAway = milliseconds(250);
constexpr Duration kShortest = milliseconds(50);
constexpr Duration kSlow =
    milliseconds(250);  // a channel that keeps others waiting so long without an answer
constexpr Duration kPutOff = seconds(30);  // or until it answers
constexpr std::int64_t kReadingShare =
    4;  // while a list is worked off, reading takes one part in five of the time

std::string name_of(const OutboxEntry& entry) { return entry.key.id + '\n' + entry.item.key; }

// A breach must not wait behind offers.
int urgency(std::string_view kind) {
  if (kind == "breach" || kind == "escalation") return 0;
  if (kind == "warning") return 1;
  return kind == "offer" ? 2 : 3;
}

}  // namespace

OutboxWorker::OutboxWorker(const std::vector<std::shared_ptr<const Notifier>>& notifiers,
                           std::shared_ptr<Inbox> inbox, const DispatcherHooks& hooks,
                           const DispatcherOptions& options, const Clock& clock)
    : inbox_(std::move(inbox)), hooks_(hooks), options_(options), clock_(clock), time_(clock) {
  for (const auto& notifier : notifiers) {
    const bool live = notifier->mode() == Mode::kLive;
    auto mail = live && notifier->mail() != nullptr ? hooks_.mail(*notifier->mail()) : nullptr;
    auto http = live && notifier->mail() == nullptr ? hooks_.http(notifier->http()) : nullptr;
    channels_.emplace(notifier->name(),
                      std::make_unique<Channel>(Channel{notifier, std::move(http), std::move(mail),
                                                        Lane(notifier->name(), options_)}));
  }
}

void OutboxWorker::run() {
  std::int64_t stopped_at = 0;
  Duration sleep{0};
  while (true) {
    for (const auto& task : inbox_->wait(sleep)) task();
    news_ = inbox_->had_news() || news_;
    if (inbox_->stopping()) {
      written_ = true;
      end_all();
      if (stopped_at == 0) stopped_at = clock_.steady_ns();
      if (flying_.empty() || clock_.steady_ns() - stopped_at > options_.grace.ms * 1'000'000)
        return;
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
  written_ = true;
  end_all();
  put_off();
  const auto partitions = hooks_.partitions();
  if (partitions.empty()) {
    list_.clear();
    return options_.longest_sleep;
  }
  if (all_busy()) return kSlow;  // an answer wakes this thread
  send_listed();
  if (written_) {
    if (const auto rest = rest_before_reading(); rest.ms > 0) return rest;
    read(partitions);
  }
  return written_ ? rest_before_reading() : kStoreAway;
}

// Answers make room, and what was read is worked off; what is in the store is only read again where
// that shows something: with many messages due, each reading costs more than sending some.
Duration OutboxWorker::rest_before_reading() const {
  const std::int64_t since = clock_.steady_ns() - read_at_;
  const bool stale = since >= options_.longest_sleep.ms * 1'000'000;
  if (wide_ || (list_.empty() && (stale || news_ || (crowded_ && flying_.empty()))))
    return Duration{0};
  const Instant now = time_.now();
  Duration rest = options_.longest_sleep;
  if (next_) rest = std::clamp(*next_ - now, kShortest, rest);
  for (const auto& [name, channel] : channels_) {
    if (const auto until = channel->lane.held_until(now))
      rest = std::clamp(*until - now, kShortest, rest);
  }
  const bool more = stale || news_ || (crowded_ && list_.empty()) || (next_ && *next_ <= now) ||
                    idle_beside_others();
  if (more) rest = std::min(rest, Duration{(kReadingShare * read_took_ - since) / 1'000'000});
  return std::max(rest, Duration{0});
}

// A channel has room and nothing to do while the list holds only messages of others.
bool OutboxWorker::idle_beside_others() const {
  if (!crowded_) return false;
  const Instant now = time_.now();
  return std::any_of(channels_.begin(), channels_.end(), [&](const auto& one) {
    const auto* channel = one.second.get();
    return !channel->lane.full() && !channel->lane.held_until(now) &&
           std::none_of(list_.begin(), list_.end(),
                        [&](const Waiting& w) { return w.known.channel == channel; });
  });
}

void OutboxWorker::read(std::span<const PartitionId> partitions) {
  const bool wide = std::exchange(wide_, false);
  const std::size_t limit = (wide ? kWideWindow : kWindow) + flying_.size();
  const auto begun = clock_.steady_ns();
  const auto due = store_->due_outbox(partitions, "notify", limit);
  if (!due) {
    written_ = false;
    return;
  }
  news_ = false;
  time_.set(due->now);
  next_ = due->next;
  crowded_ = due->items.size() == limit;
  list_.clear();
  for (auto& one : by_urgency(due->items)) offer(std::move(one));
  for (auto& group : ready_groups(crowded_ && !wide)) send(std::move(group));
  put_off();
  read_at_ = clock_.steady_ns();
  read_took_ = read_at_ - begun;
}

std::vector<OutboxWorker::Ready> OutboxWorker::prepare(std::span<const OutboxEntry> due) {
  std::vector<OutboxEntry> entries;
  for (const auto& entry : due) {
    if (flying_.contains(name_of(entry))) continue;
    if (hooks_.holds && !hooks_.holds(entry.partition)) continue;
    entries.push_back(entry);
  }
  if (entries.empty()) return {};
  auto messages = hooks_.notices(entries);
  if (!messages) {
    written_ = false;  // the store is away: they are due still
    return {};
  }
  std::vector<Ready> ready;
  for (std::size_t i = 0; i < entries.size(); ++i) prepare(entries[i], (*messages)[i], ready);
  end_all();
  put_off();
  return ready;
}

void OutboxWorker::prepare(const OutboxEntry& entry,
                           Result<std::optional<OutgoingMessage>>& outgoing,
                           std::vector<Ready>& ready) {
  if (!outgoing) {
    if (outgoing.error().code == Errc::kTransient)
      later({&entry, 1}, time_.now() + seconds(1));
    else
      dead_letter(entry, "", outgoing.error().message);
    return;
  }
  if (!*outgoing || (*outgoing)->channel.empty()) {
    end_later(entry, "messages", "superseded");
    return;
  }
  const auto channel = channels_.find((*outgoing)->channel);
  if (channel == channels_.end()) {
    dead_letter(entry, (*outgoing)->channel, "no channel has this name");
    return;
  }
  auto& message = **outgoing;
  if (message.not_before && *message.not_before > time_.now())
    return later({&entry, 1}, *message.not_before);
  if (const auto why = channel->second->notifier->refuses(message.message); !why.empty())
    return dead_letter(entry, channel->first, why);
  if (message.group) return put_into_group(entry, *channel->second, message);
  Ready one{{entry}, channel->second.get(), std::move(message.message)};
  if (!observed(one)) ready.push_back(std::move(one));
}

bool OutboxWorker::observed(const Ready& ready) {
  const auto& notifier = *ready.channel->notifier;
  if (notifier.mode() != Mode::kObserve) return false;
  if (hooks_.observed)
    hooks_.observed(ready.entries.front(), notifier.name(),
                    notifier.render(ready.message, clock_.now()));
  for (const auto& entry : ready.entries) end_later(entry, notifier.name(), "observed");
  return true;
}

bool OutboxWorker::all_busy() const {
  const Instant now = time_.now();
  return !channels_.empty() &&
         std::all_of(channels_.begin(), channels_.end(), [&](const auto& channel) {
           return channel.second->lane.full() || channel.second->lane.held_until(now);
         });
}

bool OutboxWorker::is_slow(Channel& channel) {
  if (channel.lane.held_until(time_.now())) return true;
  const auto now = clock_.steady_ns();
  if (!channel.waiting_since) channel.waiting_since = now;
  return now - *channel.waiting_since > kSlow.ms * 1'000'000;
}

// To see how urgent a message is takes a look at its document: once, however long it waits.
std::vector<OutboxWorker::Waiting> OutboxWorker::by_urgency(const std::vector<OutboxEntry>& due) {
  for (auto& [name, channel] : channels_) {
    auto& away = channel->away;
    while (!away.empty() && away.front().until <= time_.now()) away.pop_front();
  }
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
  const bool many = unknown.size() > kPreparedAtOnce;
  for (std::size_t begin = 0; begin < unknown.size(); begin += kPreparedAtOnce) {
    const auto part =
        std::span(unknown).subspan(begin, std::min(kPreparedAtOnce, unknown.size() - begin));
    for (auto& ready : prepare(part)) {
      const Known known{ready.channel, urgency(ready.message.kind)};
      still.emplace(name_of(ready.entries.front()), known);
      auto entry = ready.entries.front();
      list.push_back(
          {std::move(entry), known, many ? std::nullopt : std::optional(std::move(ready))});
    }
  }
  known_.swap(still);
  std::stable_sort(list.begin(), list.end(), [](const Waiting& a, const Waiting& b) {
    return a.known.urgency < b.known.urgency;
  });
  return list;
}

void OutboxWorker::offer(Waiting waiting) {
  auto& lane = waiting.known.channel->lane;
  const auto held = lane.held_until(time_.now());
  if (!lane.full() && !held) {
    if (waiting.ready) return send(std::move(*waiting.ready));
    for (auto& ready : prepare({&waiting.entry, 1})) send(std::move(ready));
  } else if (crowded_ && channels_.size() > 1 && is_slow(*waiting.known.channel)) {
    // What is held up must not fill the window that other channels' messages are seen through.
    // Where answers come quickly it stays: each makes room for the next.
    const auto until = held.value_or(time_.now() + kPutOff);
    later({&waiting.entry, 1}, until);
    waiting.known.channel->away.push_back(
        {{waiting.entry.key, waiting.entry.item.key, waiting.entry.due}, until});
  } else {
    waiting.ready.reset();
    list_.push_back(std::move(waiting));
  }
}

// Where lanes have room, with what was read and still waits, most urgent first.
void OutboxWorker::send_listed() {
  std::map<Channel*, std::size_t> room;
  const Instant now = time_.now();
  for (const auto& [name, channel] : channels_) {
    const auto& lane = channel->lane;
    if (!lane.full() && !lane.held_until(now))
      room[channel.get()] = options_.calls_in_flight - lane.in_flight();
  }
  std::vector<OutboxEntry> chosen;
  std::erase_if(list_, [&](Waiting& waiting) {
    const auto place = room.find(waiting.known.channel);
    if (place == room.end() || place->second == 0) return false;
    --place->second;
    chosen.push_back(std::move(waiting.entry));
    return true;
  });
  if (chosen.empty()) return;
  for (auto& ready : prepare(chosen)) send(std::move(ready));
  if (!groups_.empty()) wide_ = true;  // it goes with a group now: that is looked at as a whole
  groups_.clear();
}

// The channel answers again: what was put off for it takes its old place, part by part.
void OutboxWorker::call_back(Channel& channel) {
  const Instant now = time_.now();
  for (std::size_t n = 0; n < 2 * kWindow && !channel.away.empty(); channel.away.pop_front()) {
    if (channel.away.front().until <= now) continue;  // it is due anyway
    later_.push_back(std::move(channel.away.front().old));
    ++n;
    news_ = true;
  }
}

void OutboxWorker::send(Ready ready) {
  BATON_FAILPOINT("notify.before_call");
  const auto given_up = [&](const OutboxEntry& entry) {
    return hooks_.holds && !hooks_.holds(entry.partition);
  };
  if (std::any_of(ready.entries.begin(), ready.entries.end(), given_up)) return;
  if (!ready.channel->lane.enter(time_.now())) return;
  for (const auto& entry : ready.entries) flying_.insert(name_of(entry));
  auto shared = std::make_shared<Ready>(std::move(ready));
  const auto& channel = *shared->channel;
  const auto done = [this, inbox = inbox_, shared](auto result) {
    inbox->post(
        [this, shared, result = NotifyResult(std::move(result))] { answered(shared, result); });
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
  lane.note(std::visit([&](const auto& of) { return condition_of(of, outcome); }, result), outcome,
            std::nullopt, time_.now());
  if (!lane.held_until(time_.now())) call_back(*ready->channel);
  if (outcome.verdict == Verdict::kOk || outcome.verdict == Verdict::kOkNoop) {
    observe_seconds("message_lateness_seconds",
                    static_cast<double>(ready->message.late_by.ms) / 1000,
                    "destination=" + lane.name());
    for (const auto& entry : entries) end_later(entry, lane.name(), "ok", true);
    return;
  }
  count_attempt(lane.name(), to_string(outcome.verdict));
  const auto at =
      lane.next_try_at(name_of(entries.front()), entries.front().attempts, outcome, time_.now());
  if (at) return retry(entries, *at);
  for (const auto& entry : entries) dead_letter(entry, lane.name(), outcome.reason);
}

// With the others of this turn, in one call.
void OutboxWorker::end_later(const OutboxEntry& entry, const std::string& destination,
                             std::string_view outcome, bool delivered) {
  count_attempt(destination, outcome);
  ended_.push_back(entry);
  if (delivered) delivered_.push_back({entry.key, {entry.item.key, destination, true, {}, {}}});
}

void OutboxWorker::end_all() {
  if (!ended_.empty()) check(store_->outbox_done(std::exchange(ended_, {})));
  const auto delivered = std::exchange(delivered_, {});
  if (!delivered.empty() && hooks_.outcomes) hooks_.outcomes(delivered);
}

void OutboxWorker::retry(std::span<const OutboxEntry> entries, Instant at) {
  std::vector<Retry> list;
  for (const auto& entry : entries) list.push_back({entry.key, entry.item.key, at});
  note_next(at);
  if (!list.empty()) check(store_->outbox_retry(list));
}

// With the others of this turn, in one call.
void OutboxWorker::later(std::span<const OutboxEntry> entries, Instant at) {
  for (const auto& entry : entries) later_.push_back({entry.key, entry.item.key, at});
  if (!entries.empty()) note_next(at);
}

void OutboxWorker::put_off() {
  if (!later_.empty()) check(store_->outbox_later(std::exchange(later_, {})));
}

void OutboxWorker::note_next(Instant at) {
  if (!next_ || at < *next_) next_ = at;
}

void OutboxWorker::dead_letter(const OutboxEntry& entry, const std::string& destination,
                               const std::string& reason) {
  DeadLetter letter;
  letter.partition = entry.partition;
  letter.origin = "outbox";
  letter.subject = entry.item.key;
  letter.destination = destination;
  letter.reason = reason;
  letter.payload = entry.item.payload;
  check(store_->dead_letter({&letter, 1}, {&entry.key, 1}));
  count("dead_letters_total", "destination=" + destination);
  log_warn("delivery", "message was given up", {{"destination", destination}, {"reason", reason}});
  const EffectTold told{entry.key, {entry.item.key, destination, false, {}, reason}};
  if (hooks_.outcomes) hooks_.outcomes({&told, 1});
}

void OutboxWorker::check(const Status& status) {
  if (status) return;
  written_ = false;
  log_warn("delivery", "store did not take a result", {{"error", status.error().message}});
}

}  // namespace baton
