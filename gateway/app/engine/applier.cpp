#include "gateway/app/engine/applier.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "gateway/app/documents/decision_log.h"
#include "gateway/platform/failpoint.h"
#include "gateway/platform/log.h"
#include "gateway/platform/metrics.h"

namespace baton {

namespace {

constexpr int kMostTries = 8;

// Corrects a timer that the index calls due and the document does not. The document is
// authoritative.
std::optional<TimerChange> corrected_timer(const PersonState& person, const Event& event) {
  const auto* fired = std::get_if<TimerFired>(&event.body);
  if (fired == nullptr) return std::nullopt;
  TimerChange change{fired->timer, std::nullopt};
  for (const auto& set : timers_of(person)) {
    if (set.timer == fired->timer) change.due = set.due;
  }
  return change;
}

void add_finished(const Work& work, Commit& commit) {
  for (const auto& entry : work.finishes) commit.outbox_done.push_back(entry.item.key);
}

}  // namespace

struct Applier::Planned {
  std::size_t index = 0;   // index of the work
  std::size_t person = 0;  // in Round::persons
  Commit commit;
};

// One pass over the work that is not settled yet.
struct Applier::Round {
  std::vector<PersonId> ids;
  std::map<std::string_view, std::size_t> places;  // in ids and persons
  std::vector<Result<OpenPerson>> persons;
  std::vector<bool> remembered;  // from the cache, which may be older than the store
  std::vector<bool> taken;       // has its event in this round
  std::vector<Planned> planned;
  std::vector<std::size_t> again;  // indexes of work for the next round
};

// Returns true if the person takes no further event in this round.
bool Applier::plan(const Work& work, std::size_t index, std::size_t at, WorkResult& result,
                   Round& round) {
  const auto policy = parts_.configuration.policy.load();
  auto& documents = *parts_.access.documents;
  OpenPerson& person = *round.persons[at];
  const std::int64_t begun = parts_.clock.steady_ns();
  Decision decision = decide(std::move(person.state), work.event, *policy, work.now);
  observe_seconds("decide_duration_seconds",
                  static_cast<double>(parts_.clock.steady_ns() - begun) / 1e9);
  Commit commit;
  if (decision.changed) {
    if (person.version == 0) documents.set_stem(person, decision.next.id, work.event);
    std::string log = log_record(documents, person, work.event, decision, *policy, work.now);
    commit =
        documents.close(person, decision, *parts_.configuration.destinations.load(), std::move(log),
                        decision.next.last_now, *parts_.configuration.task_takers.load());
    parts_.feedback.mark(decision.next, *policy->sla, commit.push);
  } else if (const auto timer = corrected_timer(decision.next, work.event);
             timer && person.version > 0) {
    Decision same;
    same.next = std::move(decision.next);
    same.timers = {*timer};
    commit = documents.close(person, same, {}, {}, same.next.last_now);
    decision.next = std::move(same.next);
  } else if (round.remembered[at]) {
    // A no-op counts only if it was decided on the newest version.
    round.persons[at] = error(Errc::kConflict, "to be loaded");
    round.again.push_back(index);
    return true;
  } else {
    person.state = std::move(decision.next);
    result = {{}, false, std::move(decision.events), std::move(decision.reasons)};
    return false;
  }
  person.state = std::move(decision.next);
  result = {{}, decision.changed, std::move(decision.events), std::move(decision.reasons)};
  add_finished(work, commit);
  round.planned.push_back({index, at, std::move(commit)});
  return true;
}

// Opens the persons of a round: recent ones from the cache, the others from the store.
Status Applier::open(Round& round) {
  std::vector<DocKey> keys;
  std::vector<std::size_t> missing;
  for (std::size_t i = 0; i < round.ids.size(); ++i) {
    auto remembered = parts_.access.cache.take(round.ids[i]);
    round.remembered.push_back(remembered.has_value());
    round.persons.emplace_back(remembered ? std::move(*remembered) : OpenPerson{});
    if (remembered) continue;
    keys.push_back({'p', round.ids[i].str()});
    missing.push_back(i);
  }
  if (keys.empty()) return {};
  auto documents = store_.load(keys);
  if (!documents) return documents.error();
  for (std::size_t k = 0; k < missing.size(); ++k) {
    round.persons[missing[k]] =
        parts_.access.documents->open(round.ids[missing[k]], (*documents)[k]);
  }
  return {};
}

void Applier::decide_all(std::span<const Work> work, const std::vector<std::size_t>& unsettled,
                         std::vector<WorkResult>& results, Round& round) {
  round.ids.reserve(unsettled.size());
  for (const std::size_t i : unsettled) {
    if (round.places.emplace(work[i].person.view(), round.ids.size()).second)
      round.ids.push_back(work[i].person);
  }
  if (auto opened = open(round); !opened) {
    for (const std::size_t i : unsettled) results[i].status = opened.error();
    return;
  }
  round.taken.resize(round.ids.size());
  for (const std::size_t i : unsettled) {
    const std::size_t at = round.places.at(work[i].person.view());
    if (round.taken[at]) {
      round.again.push_back(i);
    } else if (!round.persons[at]) {
      results[i] = {round.persons[at].error(), false, {}, {}};
    } else {
      round.taken[at] = plan(work[i], i, at, results[i], round);
    }
  }
}

// Returns the number of conflicts, or nothing if the store did not answer.
std::optional<std::size_t> Applier::commit(Round& round, std::vector<WorkResult>& results) {
  std::vector<Commit> commits;
  commits.reserve(round.planned.size());
  for (auto& plan : round.planned) commits.push_back(std::move(plan.commit));
  BATON_FAILPOINT("commit.before");
  auto answers = store_.commit(commits);
  BATON_FAILPOINT("commit.done");
  std::size_t conflicts = 0;
  for (std::size_t i = 0; i < round.planned.size(); ++i) {
    const auto& [index, at, unused] = round.planned[i];
    if (!answers) {
      results[index].status = answers.error();
    } else if ((*answers)[i] == CommitAnswer::kConflict) {
      round.again.push_back(index);
      ++conflicts;
    } else {
      wake(commits[i]);
      ++round.persons[at]->version;
      parts_.access.cache.put(std::move(*round.persons[at]), parts_.clock.steady_ns());
    }
  }
  if (!answers) return std::nullopt;
  return conflicts;
}

// Wakes the threads that wait for what the commit added to the store.
void Applier::wake(const Commit& commit) {
  const PartitionId partition = partition_of(commit.key.id, store_.partitions());
  for (const auto& timer : commit.timers) {
    if (timer.due) parts_.signals.engine->timer(partition, *timer.due);
  }
  for (const auto& item : commit.outbox_add) {
    if (item.kind == "owner" || item.kind == "pool")
      parts_.signals.engine->owner(item.not_before);
    else
      to_deliver_ = true;
  }
  to_deliver_ = to_deliver_ || !commit.push.empty();
}

// Runs rounds until all work is committed. Events of one person are applied in order.
std::vector<WorkResult> Applier::commit_until_done(std::span<const Work> work) {
  std::vector<WorkResult> results(work.size());
  std::vector<std::size_t> unsettled(work.size());
  for (std::size_t i = 0; i < unsettled.size(); ++i) unsettled[i] = i;
  bool answered = true;
  for (int tries = 0; tries < kMostTries && answered && !unsettled.empty();) {
    Round round;
    decide_all(work, unsettled, results, round);
    if (!round.planned.empty()) {
      const auto conflicts = commit(round, results);
      answered = conflicts.has_value();
      if (answered && *conflicts > 0) {
        ++tries;
        count("commit_conflicts_total", {}, static_cast<double>(*conflicts));
      }
    }
    std::sort(round.again.begin(), round.again.end());
    unsettled = std::move(round.again);
  }
  for (const std::size_t i : unsettled)
    results[i] = {error(Errc::kConflict, "the document kept changing; try again"), false, {}, {}};
  return results;
}

std::vector<WorkResult> Applier::apply(std::span<const Work> work) {
  if (auto known = parts_.rules.ensure(parts_.configuration, store_); !known)
    return std::vector<WorkResult>(work.size(), {known.error(), false, {}, {}});
  std::vector<WorkResult> results = commit_until_done(work);
  std::vector<OutboxEntry> finished;
  for (std::size_t i = 0; i < work.size(); ++i) {
    if (!results[i].status) continue;
    for (const auto& name : results[i].events)
      count("domain_events_total", fmt::format("event={}", name));
    if (!results[i].changed)
      finished.insert(finished.end(), work[i].finishes.begin(), work[i].finishes.end());
  }
  if (!finished.empty()) {
    if (auto done = store_.outbox_done(finished); !done)
      log_warn("engine", "cannot finish outbox items", {{"error", done.error().message}});
  }
  if (std::exchange(to_deliver_, false)) parts_.signals.wake_dispatcher();
  return results;
}

}  // namespace baton
