#include "gateway/app/applier.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "gateway/app/decision_log.h"
#include "gateway/platform/failpoint.h"
#include "gateway/platform/log.h"
#include "gateway/platform/metrics.h"

namespace baton {

namespace {

constexpr int kMostTries = 8;

// The timer index says due, the document says otherwise: the document is the truth.
std::optional<TimerChange> corrected_timer(const PersonState& person, const Event& event) {
  const auto* due = std::get_if<ClockDue>(&event.body);
  if (due == nullptr) return std::nullopt;
  TimerChange change{due->clock, std::nullopt};
  if (due->clock == "score") change.due = person.score.next_crossing;
  if (due->clock == "wake" && person.lead) change.due = person.lead->wake_at;
  if (due->clock == "route" && person.lead) change.due = person.lead->ask_again_at;
  for (const auto& clock : person.clocks) {
    if (clock.id == due->clock && clock.state == ClockState::kRunning) change.due = clock.next;
  }
  return change;
}

void add_finished(const Work& work, Commit& commit) {
  for (const auto& entry : work.finishes) commit.outbox_done.push_back(entry.item.key);
}

}  // namespace

struct Applier::Planned {
  std::size_t index = 0;   // of the work
  Commit commit;
};

// Whether there is something to commit.
bool Applier::plan(const Work& work, std::size_t index, OpenPerson& person, WorkResult& result,
                   std::vector<Planned>& planned) {
  const auto policy = runtime_.policy.load();
  const std::int64_t begun = runtime_.clock->steady_ns();
  Decision decision = decide(person.state, work.event, *policy, work.now);
  observe_seconds("decide_duration_seconds", static_cast<double>(runtime_.clock->steady_ns() - begun) / 1e9);
  result.changed = decision.changed;
  result.events = decision.events;
  result.reasons = decision.reasons;
  Commit commit;
  if (decision.changed) {
    std::string log = log_record(*runtime_.documents, person, work.event, decision, *policy, work.now);
    commit = runtime_.documents->close(person, decision, *runtime_.destinations.load(), std::move(log), decision.next.last_now);
  } else if (const auto timer = corrected_timer(person.state, work.event); timer && person.version > 0) {
    Decision same;
    same.next = person.state;
    same.timers = {{timer->clock, timer->due}};
    commit = runtime_.documents->close(person, same, {}, {}, person.state.last_now);
  } else {
    return false;
  }
  add_finished(work, commit);
  planned.push_back({index, std::move(commit)});
  return true;
}

std::vector<Applier::Planned> Applier::decide_all(std::span<const Work> work, const std::vector<std::size_t>& unsettled,
                                                  std::vector<WorkResult>& results, std::vector<std::size_t>& later) {
  std::vector<std::string> ids;
  std::map<std::string_view, std::size_t> place;
  for (const std::size_t i : unsettled) {
    if (place.emplace(work[i].person, ids.size()).second) ids.push_back(work[i].person);
  }
  std::vector<DocKey> keys;
  for (const auto& id : ids) keys.push_back({'p', id});
  std::vector<Planned> planned;
  auto documents = store_.load(keys);
  if (!documents) {
    for (const std::size_t i : unsettled) results[i].status = documents.error();
    return planned;
  }
  std::vector<Result<OpenPerson>> persons;
  persons.reserve(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) persons.push_back(runtime_.documents->open(ids[i], (*documents)[i]));
  std::vector<bool> changing(ids.size());
  for (const std::size_t i : unsettled) {
    const std::size_t at = place.at(work[i].person);
    auto& person = persons[at];
    if (changing[at]) {
      later.push_back(i);
      continue;
    }
    results[i] = {};
    if (!person) {
      results[i].status = person.error();
      continue;
    }
    changing[at] = plan(work[i], i, *person, results[i], planned);
  }
  return planned;
}

// False where the store did not answer.
bool Applier::commit(std::vector<Planned>& planned, std::vector<WorkResult>& results, std::vector<std::size_t>& again) {
  std::vector<Commit> commits;
  commits.reserve(planned.size());
  for (auto& plan : planned) commits.push_back(std::move(plan.commit));
  BATON_FAILPOINT("commit.before");
  auto answers = store_.commit(commits);
  BATON_FAILPOINT("commit.done");
  for (std::size_t i = 0; i < planned.size(); ++i) {
    const std::size_t index = planned[i].index;
    if (!answers) {
      results[index].status = answers.error();
    } else if ((*answers)[i] == CommitAnswer::kConflict) {
      again.push_back(index);
    } else {
      wake(commits[i]);
    }
  }
  return answers.has_value();
}

// Tells those who wait for what the commit has put into the store.
void Applier::wake(const Commit& commit) {
  const PartitionId partition = partition_of(commit.key.id, store_.partitions());
  for (const auto& timer : commit.timers) {
    if (timer.due) runtime_.wake->timer(partition, *timer.due);
  }
  for (const auto& item : commit.outbox_add) {
    if (item.kind == "owner") runtime_.wake->owner(item.not_before);
    else to_deliver_ = true;
  }
  to_deliver_ = to_deliver_ || !commit.push.empty();
}

// Rounds until all is committed: of one person one event after the other, in order.
std::vector<WorkResult> Applier::settle(std::span<const Work> work) {
  std::vector<WorkResult> results(work.size());
  std::vector<std::size_t> unsettled(work.size());
  for (std::size_t i = 0; i < unsettled.size(); ++i) unsettled[i] = i;
  bool answered = true;
  for (int tries = 0; tries < kMostTries && answered && !unsettled.empty();) {
    std::vector<std::size_t> again;
    auto planned = decide_all(work, unsettled, results, again);
    const std::size_t later = again.size();
    if (!planned.empty()) answered = commit(planned, results, again);
    if (const std::size_t conflicts = again.size() - later; conflicts > 0) {
      ++tries;
      count("commit_conflicts_total", {}, static_cast<double>(conflicts));
      std::sort(again.begin(), again.end());
    }
    unsettled = std::move(again);
  }
  for (const std::size_t i : unsettled) results[i] = {error(Errc::kConflict, "changed by somebody else again and again"), false, {}, {}};
  return results;
}

std::vector<WorkResult> Applier::apply(std::span<const Work> work) {
  std::vector<WorkResult> results = settle(work);
  std::vector<OutboxEntry> finished;
  for (std::size_t i = 0; i < work.size(); ++i) {
    if (!results[i].status) continue;
    for (const auto& name : results[i].events) count("domain_events_total", fmt::format("event={}", name));
    if (!results[i].changed) finished.insert(finished.end(), work[i].finishes.begin(), work[i].finishes.end());
  }
  if (!finished.empty()) {
    if (auto done = store_.outbox_done(finished); !done) log_warn("engine", "cannot finish outbox items", {{"error", done.error().message}});
  }
  if (std::exchange(to_deliver_, false)) runtime_.wake_dispatcher();
  return results;
}

}  // namespace baton
