#include "gateway/app/dispatch/push_worker.h"

#include <algorithm>

#include "gateway/platform/failpoint.h"
#include "gateway/platform/log.h"
#include "gateway/platform/metrics.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

constexpr Duration kPushStoreAway = milliseconds(250);
constexpr Duration kShortestPushRest = milliseconds(50);
constexpr std::size_t kObserved = 256;  // persons that are read at once in observe mode
// Greater than any version. The floating-point numbers of the store's scripts represent it exactly.
constexpr std::uint64_t kAnyVersion = (1ULL << 53) - 1;

// Whether the outcome becomes an event of the person: the CRM assigned an id, or a handover is
// offered.
bool interests_person(const CrmRecord& record, const std::string& ref) {
  if (!ref.empty() && ref != record.ref) return true;
  const auto* handover = object(record.view, "handover");
  return handover != nullptr && text(*handover, "state") == "offered";
}

// Whether the server may still process the call. The next version must not overtake it.
bool push_may_come_late(const HttpResult& result) {
  return result.transport == Transport::kTimeout || result.transport == Transport::kBroken;
}

}  // namespace

PushWorker::PushWorker(std::shared_ptr<const Crm> crm, std::shared_ptr<Inbox> inbox,
                       const DispatcherPorts& ports, const DispatcherOptions& options,
                       const Clock& clock)
    : crm_(std::move(crm)),
      inbox_(std::move(inbox)),
      connections_(ports.connections),
      leases_(ports.leases),
      records_(ports.records),
      outcomes_(ports.outcomes),
      options_(options),
      clock_(clock),
      lane_(crm_->name(), options),
      time_(clock) {
  if (crm_->mode() == Mode::kLive && crm_->feedback() != nullptr)
    poll_ = std::make_unique<FeedbackPoll>(crm_, inbox_, leases_, ports.feedback, options_, lane_,
                                           time_);
  if (crm_->tasks() != nullptr)
    tasks_ =
        std::make_unique<TaskWorker>(crm_, inbox_, leases_, ports.tasks, options_, lane_, time_);
}

void PushWorker::run() {
  const auto over = [&](std::int64_t since) {
    return clock_.steady_ns() - since > options_.grace.ms * 1'000'000;
  };
  std::int64_t stopped_at = 0;
  Duration sleep{0};
  while (true) {
    for (const auto& task : inbox_->wait(sleep)) task();
    write_results();
    if (inbox_->stopping()) {
      if (stopped_at == 0) stopped_at = clock_.steady_ns();
      if (tasks_ && store_) tasks_->write(*store_);
      if ((flying_.empty() && (!tasks_ || tasks_->idle())) || over(stopped_at)) return;
      sleep = kShortestPushRest;
      continue;
    }
    sleep = look();
  }
}

bool PushWorker::connect() {
  if (!store_) {
    auto opened = connections_.open_store();
    if (!opened) return false;
    store_ = std::move(*opened);
  }
  if (!http_ && crm_->mode() == Mode::kLive) http_ = connections_.open_http(crm_->http());
  return true;
}

Duration PushWorker::look() {
  Duration sleep = push();
  if (!store_) return sleep;
  if (tasks_) sleep = std::min(sleep, tasks_->look(*store_, http_.get()));
  if (!poll_ || !http_) return sleep;
  return std::min(sleep, std::max(poll_->look(*store_, *http_), kShortestPushRest));
}

Duration PushWorker::push() {
  if (!connect()) return kPushStoreAway;
  const auto until = lane_.held_until(time_.now());
  if (until) return std::clamp(*until - time_.now(), kShortestPushRest, options_.longest_sleep);
  if (lane_.full()) return options_.longest_sleep;
  const auto partitions = leases_.held();
  if (partitions.empty()) return options_.longest_sleep;
  // Items in flight are due, too. They are read in addition.
  const std::size_t limit = crm_->mode() == Mode::kObserve
                                ? kObserved
                                : crm_->batch_size() * options_.calls_in_flight + flying_.size();
  const auto due = store_->due_push(partitions, crm_->name(), limit);
  if (!due) return kPushStoreAway;
  time_.set(due->now);
  written_ = true;
  if (const auto status = send_due(*due); !status) return kPushStoreAway;
  if (!written_) return kPushStoreAway;
  // More items may be due. If calls are in flight, their answers wake this thread.
  if (due->items.size() == limit && flying_.empty()) return Duration{0};
  if (!due->next) return options_.longest_sleep;
  return std::clamp(*due->next - time_.now(), kShortestPushRest, options_.longest_sleep);
}

std::vector<PushWorker::Item> PushWorker::matched(std::vector<PushEntry> entries,
                                                  std::vector<CrmRecord> records) {
  std::map<std::string_view, CrmRecord*> by_person;
  for (auto& record : records) by_person[record.person] = &record;
  std::vector<Item> items;
  for (auto& entry : entries) {
    const auto found = by_person.find(entry.person);
    if (found == by_person.end())
      superseded(entry);
    else
      items.push_back({std::move(entry), *found->second});
  }
  return items;
}

Status PushWorker::send_due(const DueList<PushEntry>& due) {
  std::vector<PushEntry> entries;
  for (const auto& entry : due.items) {
    if (flying_.contains(entry.person)) continue;
    if (!leases_.holds(entry.partition)) continue;
    if (leases_.since_taken_over(entry.partition) < crm_->deadline()) continue;
    entries.push_back(entry);
  }
  if (entries.empty()) return {};
  auto records = records_.load_records(entries);
  if (!records) return records.error();
  auto items = matched(std::move(entries), std::move(*records));
  if (crm_->mode() == Mode::kObserve) {
    observe(items);
    return {};
  }
  std::vector<Item> batch;
  for (auto& item : items) {
    const bool ask_first = crm_->repeat() == Repeat::kReadable && item.entry.attempts > 0;
    if (ask_first) {
      read_back_first(std::move(item));
    } else if (alone_.contains(item.entry.person)) {
      std::vector<Item> one;
      one.push_back(std::move(item));
      if (!send(std::move(one))) return {};
    } else {
      batch.push_back(std::move(item));
      if (batch.size() == crm_->batch_size() && !send(std::exchange(batch, {}))) return {};
    }
  }
  if (!batch.empty()) send(std::move(batch));
  return {};
}

bool PushWorker::send(std::vector<Item> items) {
  BATON_FAILPOINT("push.before_call");
  // The lease may have expired while the records were loaded or this node was paused. The node that
  // holds it now sends newer versions.
  std::erase_if(items, [&](const Item& item) { return !leases_.holds(item.entry.partition); });
  if (items.empty()) return true;
  if (!lane_.enter(time_.now())) return false;
  std::vector<CrmRecord> records;
  for (const auto& item : items) {
    records.push_back(item.record);
    flying_.insert(item.entry.person);
  }
  auto calls = crm_->render(records);
  auto flight = std::make_shared<Flight>();
  flight->items = std::move(items);
  flight->call = std::move(calls.front());
  flight->sent_at = time_.now();
  http_->send(flight->call.request, [this, inbox = inbox_, flight](HttpResult result) {
    inbox->post([this, flight, result = std::move(result)] { answered(flight, result); });
  });
  return true;
}

void PushWorker::read_back_first(Item item) {
  const auto request = crm_->read_back(item.record);
  if (!request) {
    std::vector<Item> one;
    one.push_back(std::move(item));
    send(std::move(one));
    return;
  }
  if (!lane_.enter(time_.now())) return;
  flying_.insert(item.entry.person);
  auto shared = std::make_shared<Item>(std::move(item));
  http_->send(*request, [this, inbox = inbox_, shared](HttpResult result) {
    inbox->post(
        [this, shared, result = std::move(result)] { read_back_answered(*shared, result); });
  });
}

void PushWorker::read_back_answered(const Item& item, const HttpResult& result) {
  lane_.leave();
  flying_.erase(item.entry.person);
  const auto outcome = crm_->interpret_read_back(item.record, result);
  if (outcome.verdict == Verdict::kOk) {
    count_attempt(crm_->name(), "found");
    return done(item, outcome.ref);
  }
  const bool absent =
      outcome.verdict == Verdict::kPermanentData && result.transport == Transport::kAnswered;
  if (!absent) return finish(item, outcome, {});
  std::vector<Item> one;
  one.push_back(item);
  send(std::move(one));
}

void PushWorker::answered(const std::shared_ptr<Flight>& flight, const HttpResult& result) {
  BATON_FAILPOINT("push.answered");
  lane_.leave();
  const auto outcomes = crm_->interpret(flight->call, result);
  std::optional<Budget> budget;
  if (result.transport == Transport::kAnswered) budget = crm_->budget(result.response);
  const bool alone = flight->items.size() == 1;
  // The call may still take effect until its deadline. Wait for that.
  const auto not_before =
      push_may_come_late(result) ? flight->sent_at + flight->call.request.deadline : Instant{};
  const auto of_one = [](const Outcome& o) {
    return o.verdict == Verdict::kPermanentData || o.verdict == Verdict::kDuplicate;
  };
  const bool spoilt = !alone && std::all_of(outcomes.begin(), outcomes.end(), of_one);
  // Some CRMs refuse a whole batch because of one bad record. Each record is then sent alone, so
  // that only the bad one is refused.
  const auto judged = spoilt ? Outcome{Verdict::kOk, {}, {}, {}} : outcomes.front();
  lane_.note(condition_of(result, judged), judged, budget, time_.now());
  for (std::size_t i = 0; i < flight->items.size(); ++i) {
    const auto& item = flight->items[i];
    flying_.erase(item.entry.person);
    const bool unmentioned = !alone && outcomes[i].verdict == Verdict::kUnknown &&
                             result.transport == Transport::kAnswered;
    if (!spoilt && !unmentioned) {
      finish(item, outcomes[i], not_before);
      continue;
    }
    count_attempt(crm_->name(), spoilt ? "batch_refused" : "unmentioned");
    alone_.insert(item.entry.person);
    retry(item, item.entry.due);  // at once, by the store's clock
  }
}

void PushWorker::finish(const Item& item, const Outcome& outcome, Instant not_before) {
  count_attempt(crm_->name(), to_string(outcome.verdict));
  if (outcome.verdict == Verdict::kOk || outcome.verdict == Verdict::kOkNoop)
    return done(item, outcome.ref);
  const auto at = lane_.next_try_at(item.entry.person, item.entry.attempts, outcome, time_.now());
  if (!at) return dead_letter(item, outcome);
  retry(item, std::max(*at, not_before));
}

void PushWorker::observe(const std::vector<Item>& items) {
  std::vector<PushDone> list;
  for (const auto& item : items) {
    list.push_back({item.entry.person, crm_->name(), item.record.version, {}});
    count_attempt(crm_->name(), "observed");
  }
  if (!list.empty()) check(store_->push_done(list), "push_done");
}

void PushWorker::done(const Item& item, const std::string& ref) {
  alone_.erase(item.entry.person);
  done_.push_back({item.entry.person, crm_->name(), item.record.version, ref});
  if (interests_person(item.record, ref)) delivered_.push_back({item.entry.person, ref});
}

// Writes a whole batch at once, because each write costs a sync.
void PushWorker::write_results() {
  if (!done_.empty()) check(store_->push_done(done_), "push_done");
  if (!retries_.empty()) check(store_->push_retry(retries_), "push_retry");
  done_.clear();
  retries_.clear();
  std::vector<EffectReport> reports;
  for (const auto& [person, ref] : std::exchange(delivered_, {}))
    reports.push_back({{'p', person}, {"push", crm_->name(), true, ref, {}}});
  if (!reports.empty()) outcomes_.commit_outcomes(reports);
}

void PushWorker::superseded(const PushEntry& entry) {
  count_attempt(crm_->name(), "superseded");
  const PushDone one{entry.person, crm_->name(), kAnyVersion, {}};
  check(store_->push_done({&one, 1}), "push_done");
}

void PushWorker::retry(const Item& item, Instant at) {
  retries_.push_back({{'p', item.entry.person}, crm_->name(), at});
}

void PushWorker::dead_letter(const Item& item, const Outcome& outcome) {
  alone_.erase(item.entry.person);
  DeadLetter letter;
  letter.partition = item.entry.partition;
  letter.origin = "push";
  letter.subject = item.entry.person;
  letter.destination = crm_->name();
  letter.reason = outcome.reason.empty() ? std::string(to_string(outcome.verdict)) : outcome.reason;
  const DocKey owner{'p', item.entry.person};
  check(store_->dead_letter({&letter, 1}, {&owner, 1}), "dead_letter");
  count("dead_letters_total", "destination=" + crm_->name());
  log_warn("delivery", "push was given up",
           {{"destination", crm_->name()},
            {"verdict", to_string(outcome.verdict)},
            {"reason", letter.reason}});
  const EffectReport report{owner, {"push", crm_->name(), false, {}, letter.reason}};
  outcomes_.commit_outcomes({&report, 1});
}

// A result that could not be written is not lost. The item stays due, and is sent again with the
// same key.
void PushWorker::check(const Status& status, const char* what) {
  if (status) return;
  written_ = false;
  log_warn("delivery", "the store did not accept a result",
           {{"destination", crm_->name()}, {"step", what}, {"error", status.error().message}});
}

}  // namespace baton
