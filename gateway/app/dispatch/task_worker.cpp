#include "gateway/app/dispatch/task_worker.h"

#include <algorithm>

#include "gateway/app/documents/documents.h"
#include "gateway/core/sla/crm_task.h"
#include "gateway/platform/failpoint.h"
#include "gateway/platform/log.h"
#include "gateway/platform/metrics.h"

namespace baton {
namespace {

constexpr Duration kTaskStoreAway = milliseconds(250);
constexpr Duration kShortestTaskRest = milliseconds(50);
// The person usually exists in the CRM within moments, unless its push fails.
constexpr Duration kFirstWait = milliseconds(250);
constexpr Duration kPatience = minutes(1);
constexpr Duration kLongWait = minutes(5);
constexpr Duration kFewMoments = seconds(5);

std::string task_name_of(const OutboxEntry& entry) { return entry.key.id + '\n' + entry.item.key; }

bool task_may_come_late(const HttpResult& result) {
  return result.transport == Transport::kTimeout || result.transport == Transport::kBroken;
}

// Whether the answer says that nothing was created: a refusal, not a failure during processing.
bool made_nothing(const HttpResult& result) {
  if (result.transport == Transport::kAnswered)
    return result.response.status >= 300 && result.response.status < 500;
  return result.transport == Transport::kRefused || result.transport == Transport::kBlocked;
}

}  // namespace

TaskWorker::TaskWorker(std::shared_ptr<const Crm> crm, std::shared_ptr<Inbox> inbox,
                       const PartitionLeases& leases, TaskSource& source,
                       const DispatcherOptions& options, Lane& lane, StoreTime& time)
    : crm_(std::move(crm)),
      tasks_(*crm_->tasks()),
      inbox_(std::move(inbox)),
      leases_(leases),
      source_(source),
      options_(options),
      lane_(lane),
      time_(time),
      breaker_(options.breaker) {}

Duration TaskWorker::look(Store& store, HttpClient* http) {
  store_ = &store;
  http_ = http;
  write(store);
  if (!std::exchange(written_, true)) return kTaskStoreAway;
  const Instant now = time_.now();
  auto until = lane_.held_until(now);
  if (const auto opens = breaker_.opens_at(now); opens && (!until || *until < *opens))
    until = opens;
  if (until) return std::clamp(*until - now, kShortestTaskRest, options_.longest_sleep);
  if (lane_.full()) return options_.longest_sleep;
  const auto partitions = leases_.held();
  if (partitions.empty()) return options_.longest_sleep;
  // Items in flight are due, too. They are read in addition.
  const std::size_t limit = options_.calls_in_flight + flying_.size() + waiting_.size();
  auto due = store.due_outbox(partitions, task_queue(crm_->name()), limit);
  if (!due) return kTaskStoreAway;
  time_.set(due->now);
  const bool more = due->items.size() == limit;
  auto entries = workable(std::move(due->items));
  if (!entries.empty()) {
    auto tasks = source_.prepare_tasks(entries, crm_->name());
    if (!tasks) return kTaskStoreAway;
    for (std::size_t i = 0; i < entries.size(); ++i)
      begin(std::move(entries[i]), std::move((*tasks)[i]));
    write(store);
    if (!written_) return kTaskStoreAway;
    if (more && flying_.empty()) return kShortestTaskRest;
  }
  auto next = due->next;
  for (const auto& [name, wait] : waiting_) {
    if (!next || wait.until < *next) next = wait.until;
  }
  if (!next) return options_.longest_sleep;
  return std::clamp(*next - time_.now(), kShortestTaskRest, options_.longest_sleep);
}

std::vector<OutboxEntry> TaskWorker::workable(std::vector<OutboxEntry> due) {
  std::erase_if(late_, [&](const auto& one) { return one.second <= time_.now(); });
  // An item that is no longer read belongs to another node now.
  std::erase_if(waiting_,
                [&](const auto& one) { return one.second.until + kFewMoments <= time_.now(); });
  std::erase_if(due, [&](const OutboxEntry& entry) {
    const auto waits = waiting_.find(task_name_of(entry));
    if (waits != waiting_.end() && time_.now() < waits->second.until) return true;
    return !held(entry) || leases_.since_taken_over(entry.partition) < crm_->deadline();
  });
  return due;
}

void TaskWorker::begin(OutboxEntry entry, Result<std::optional<OutgoingTask>> task) {
  if (!task) {
    if (task.error().code == Errc::kTransient) return retry(entry, time_.now() + seconds(1));
    return dead_letter(entry, task.error().message);
  }
  if (!*task) return end(entry, "superseded");
  Item item;
  item.entry = std::move(entry);
  item.task = std::move(**task);
  item.known = !item.task.record.ref.empty();
  if (flying_.contains(item.task.record.key)) return;
  if (crm_->mode() == Mode::kObserve) return observe(item);
  if (const auto late = late_.find(item.task.record.key); late != late_.end())
    return retry(item.entry, late->second);
  if (!item.task.record.ref.empty()) return send(TaskCall::kUpdate, std::move(item));
  // The item that creates the task is still due, or was given up. It sends the newest state.
  if (!item.task.creates) return end(item.entry, "superseded");
  open(std::move(item));
}

void TaskWorker::open(Item item) {
  const auto repeat = tasks_.repeat();
  // If the CRM cannot be searched, an operator who retries the dead letter has checked it.
  const bool unsure = item.entry.attempts > 0 || (item.task.unsure && repeat != Repeat::kBlind);
  item.clean = !unsure || absent_.contains(task_name_of(item.entry));
  if (!item.clean && repeat == Repeat::kReadable) return send(TaskCall::kFind, std::move(item));
  if (!item.clean && repeat == Repeat::kBlind)
    return give_up(item,
                   "it is unknown whether the task was created, and this CRM cannot be searched");
  if (!item.task.is_open && item.clean) return end(item.entry, "superseded");
  create(std::move(item));
}

void TaskWorker::create(Item item) {
  if (tasks_.needs_person() && item.task.record.person.ref.empty())
    return wait_for_person(item.entry);
  waiting_.erase(task_name_of(item.entry));
  send(TaskCall::kCreate, std::move(item));
}

void TaskWorker::wait_for_person(const OutboxEntry& entry) {
  const Instant now = time_.now();
  auto& wait = waiting_.try_emplace(task_name_of(entry), Wait{now, now}).first->second;
  const auto waited = now - wait.since;
  wait.until = now + std::max(kFirstWait, waited);
  if (waited < kPatience) return;
  waiting_.erase(task_name_of(entry));
  if (tasks_.repeat() == Repeat::kBlind)
    return dead_letter(entry, "the person does not exist in the CRM yet");
  retry(entry, now + kLongWait);
}

void TaskWorker::send(TaskCall call, Item item) {
  const Instant now = time_.now();
  if (!held(item.entry) || !breaker_.allow(now)) return;
  if (!lane_.enter(now)) return breaker_.not_made();
  const auto not_sent = [&] {
    lane_.not_sent();
    breaker_.not_made();
  };
  if (call == TaskCall::kCreate && tasks_.repeat() != Repeat::kKeyed) {
    const Retry later{item.entry.key, item.entry.item.key,
                      now + crm_->deadline() + tasks_.settles()};
    if (!store_->outbox_retry({&later, 1})) {
      written_ = false;
      return not_sent();
    }
    BATON_FAILPOINT("task.before_call");
    if (!held(item.entry))
      return not_sent();  // the lease has expired; the node that holds it searches for the task
                          // before it creates one
  }
  flying_.insert(item.task.record.key);
  item.sent_at = now;
  auto request = tasks_.render(call, item.task.record);
  auto shared = std::make_shared<Item>(std::move(item));
  http_->send(std::move(request), [this, inbox = inbox_, call, shared](HttpResult result) {
    inbox->post([this, call, shared, result = std::move(result)] {
      answered(call, std::move(*shared), result);
    });
  });
}

void TaskWorker::observe(const Item& item) {
  const auto call = item.task.creates ? TaskCall::kCreate : TaskCall::kUpdate;
  source_.record_dry_run(item.entry, crm_->name(), tasks_.render(call, item.task.record));
  end(item.entry, "observed");
}

void TaskWorker::answered(TaskCall call, Item item, const HttpResult& result) {
  BATON_FAILPOINT("task.answered");
  lane_.leave();
  flying_.erase(item.task.record.key);
  const auto outcome = tasks_.interpret(call, item.task.record, result);
  note(result, outcome);
  const bool absent = call == TaskCall::kFind && outcome.verdict == Verdict::kPermanentData;
  if (absent || (call == TaskCall::kFind && outcome.verdict == Verdict::kOk))
    return found(std::move(item), outcome);
  if (outcome.verdict == Verdict::kOk || outcome.verdict == Verdict::kOkNoop)
    return made(item, outcome);
  failed(call, item, result, outcome);
}

void TaskWorker::note(const HttpResult& result, const Outcome& outcome) {
  std::optional<Budget> budget;
  if (result.transport == Transport::kAnswered) budget = crm_->budget(result.response);
  if (outcome.verdict != Verdict::kPermanentConfig) {
    lane_.note(condition_of(result, outcome), outcome, budget, time_.now());
    return breaker_.succeeded();
  }
  lane_.note(condition_of(result, outcome), {Verdict::kPermanentData, {}, {}, {}}, budget,
             time_.now());
  if (!breaker_.opens_at(time_.now()))
    log_warn("delivery", "the CRM refuses tasks; they are held back",
             {{"destination", crm_->name()}, {"reason", outcome.reason}});
  for (int i = 0; i < options_.breaker.threshold; ++i) breaker_.failed(time_.now());
}

void TaskWorker::found(Item item, const Outcome& outcome) {
  if (outcome.verdict == Verdict::kOk) {
    count_attempt(crm_->name(), "task_found");
    item.task.record.ref = outcome.ref;
    return send(TaskCall::kUpdate, std::move(item));
  }
  item.searched = item.clean = true;
  if (!item.task.is_open) return end(item.entry, "superseded");
  create(std::move(item));
}

void TaskWorker::made(const Item& item, const Outcome& outcome) {
  // The id is committed first. Without it and without the item, the task could not be found again.
  if (!item.known && !commit_result(item, {{}, crm_->name(), true, outcome.ref, {}}))
    return retry(item.entry, time_.now() + seconds(1));
  BATON_FAILPOINT("task.recorded");
  end(item.entry, outcome.verdict == Verdict::kOk ? "ok" : "ok_noop");
}

void TaskWorker::failed(TaskCall call, const Item& item, const HttpResult& result,
                        const Outcome& outcome) {
  const Instant now = time_.now();
  const bool creates = call == TaskCall::kCreate, nothing = made_nothing(result);
  count_attempt(crm_->name(), to_string(outcome.verdict));
  if (creates && outcome.verdict == Verdict::kDuplicate && tasks_.repeat() == Repeat::kReadable &&
      !item.searched)
    return retry(item.entry, now + seconds(1));  // the task exists; a search will find it
  if (creates && nothing && item.clean && outcome.verdict != Verdict::kDuplicate)
    absent_.insert(task_name_of(item.entry));
  else if (creates)
    absent_.erase(task_name_of(item.entry));
  if (creates && !nothing && tasks_.repeat() == Repeat::kBlind)
    return give_up(item, outcome.reason + ": it is unknown whether the task was created");
  const auto at = lane_.next_try_at(task_name_of(item.entry), tries(item.entry), outcome, now);
  if (!at)
    return give_up(
        item, outcome.reason.empty() ? std::string(to_string(outcome.verdict)) : outcome.reason);
  Instant not_before = *at;
  if (creates && !nothing && tasks_.repeat() != Repeat::kKeyed) {
    not_before = std::max(not_before, item.sent_at + crm_->deadline() + tasks_.settles());
  } else if (call != TaskCall::kFind && task_may_come_late(result)) {
    // The update may still take effect, and must not overwrite a later update of the task.
    not_before = late_[item.task.record.key] =
        std::max(not_before, item.sent_at + crm_->deadline());
  }
  retry(item.entry, not_before);
}

bool TaskWorker::commit_result(const Item& item, EffectOutcome outcome) {
  const bool nothing = !outcome.delivered && absent_.contains(task_name_of(item.entry));
  outcome.effect = std::string(kTaskOutcome) + item.task.record.key + '=' +
                   (nothing ? std::string() : item.task.shown);
  return source_.commit_task_result(item.entry.key, outcome);
}

void TaskWorker::give_up(const Item& item, const std::string& reason) {
  if (!commit_result(item, {{}, crm_->name(), false, {}, reason}))
    return retry(item.entry, time_.now() + seconds(1));
  dead_letter(item.entry, reason);
}

// How often the item was sent. An item that was postponed before its call counts two attempts for
// each call.
int TaskWorker::tries(const OutboxEntry& entry) const {
  return tasks_.repeat() == Repeat::kKeyed ? entry.attempts : entry.attempts / 2;
}

void TaskWorker::end(const OutboxEntry& entry, std::string_view outcome) {
  count_attempt(crm_->name(), outcome);
  absent_.erase(task_name_of(entry));
  waiting_.erase(task_name_of(entry));
  ended_.push_back(entry);
}

void TaskWorker::retry(const OutboxEntry& entry, Instant at) {
  retries_.push_back({entry.key, entry.item.key, at});
}

void TaskWorker::dead_letter(const OutboxEntry& entry, const std::string& reason) {
  absent_.erase(task_name_of(entry));
  DeadLetter letter;
  letter.partition = entry.partition;
  letter.origin = "outbox";
  letter.subject = entry.item.key;
  letter.destination = crm_->name();
  letter.reason = reason;
  letter.payload = entry.item.payload;
  if (!store_->dead_letter({&letter, 1}, {&entry.key, 1})) {
    written_ = false;
    return;
  }
  count("dead_letters_total", "destination=" + crm_->name());
  log_warn("delivery", "task was given up", {{"destination", crm_->name()}, {"reason", reason}});
}

// Items whose result could not be written stay due, and are read again.
void TaskWorker::write(Store& store) {
  bool good = true;
  if (!ended_.empty()) good = store.outbox_done(std::exchange(ended_, {})).has_value();
  if (!retries_.empty()) good = store.outbox_retry(std::exchange(retries_, {})).has_value() && good;
  if (good) return;
  written_ = false;
  log_warn("delivery", "the store did not accept the results of tasks",
           {{"destination", crm_->name()}});
}

}  // namespace baton
