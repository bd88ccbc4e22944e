#include "gateway/app/delivery/feedback_recorder.h"

#include <algorithm>

#include <fmt/format.h>

#include "gateway/app/views/dry_run.h"
#include "gateway/platform/metrics.h"

namespace baton {
namespace {

PollTarget target_of(const OpenPerson& person, std::string_view queue, const Policy& policy,
                     Instant now) {
  PollTarget target{record_for(person, queue.substr(0, queue.find('?')), policy),
                    feedback_queue_of(person.state, *policy.sla),
                    polls_slowly(person.state, *policy.sla, now),
                    {}};
  if (const auto* lead = open_lead(person.state)) {
    target.since =
        lead->trigger_at.ms == 0 ? lead->opened_at : std::min(lead->opened_at, lead->trigger_at);
  }
  return target;
}

}  // namespace

Result<std::vector<PollTarget>> FeedbackRecorder::load_poll_targets(
    std::span<const PushEntry> entries) {
  StorePool::Borrowed store(stores_);
  if (!store) return store.error();
  std::vector<std::string> persons;
  for (const auto& entry : entries) persons.push_back(entry.person);
  auto opened = parts_.access.documents->load(*store, persons);
  auto now = store->now();
  if (!opened || !now) {
    store.drop();
    return opened ? now.error() : opened.error();
  }
  const auto policy = parts_.configuration.policy.load();
  std::vector<PollTarget> targets;
  for (std::size_t i = 0; i < opened->size(); ++i) {
    const auto& person = (*opened)[i];
    if (person.version > 0)
      targets.push_back(target_of(person, entries[i].destination, *policy, *now));
  }
  return targets;
}

std::vector<bool> FeedbackRecorder::commit_feedback(std::span<const PersonFeedback> feedback) {
  std::vector<bool> committed(feedback.size());
  StorePool::Borrowed store(stores_);
  if (!store) return committed;
  auto now = store->now();
  if (!now) {
    store.drop();
    return committed;
  }
  std::vector<Work> work;
  for (const auto& one : feedback) {
    const auto& first = one.touches.front();
    count("touches_total", "source=" + first.source, static_cast<double>(one.touches.size()));
    work.push_back(
        {one.person,
         {fmt::format("poll:{}:{}", first.source, first.id), TouchesReceived{one.touches}},
         *now,
         {}});
  }
  const auto results = Applier(parts_, *store).apply(work);
  for (std::size_t i = 0; i < results.size(); ++i) committed[i] = results[i].status.has_value();
  return committed;
}

void FeedbackRecorder::record_poll_answer(const std::string& crm, Instant at) {
  parts_.feedback.note_feedback(crm, at);
}

}  // namespace baton
