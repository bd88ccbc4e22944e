#include "gateway/app/dispatch/feedback_freshness.h"

#include <algorithm>
#include <charconv>

#include "adapters/engine/crm/crm_feedback.h"
#include "gateway/platform/metrics.h"

namespace baton {

std::string feedback_value(std::string_view crm) { return std::string("feedback:").append(crm); }

void FeedbackFreshness::watch(const std::vector<std::shared_ptr<const Crm>>& crms) {
  std::map<std::string, Watched, std::less<>> next;
  auto names = std::make_shared<std::vector<std::string>>();
  const std::lock_guard lock(mutex_);
  for (const auto& crm : crms) {
    const auto* feedback = crm->mode() == Mode::kLive ? crm->feedback() : nullptr;
    if (feedback == nullptr) continue;
    const auto known = watched_.find(crm->name());
    const auto last = known == watched_.end() ? std::nullopt : known->second.last;
    next[crm->name()] = {feedback->options().source, feedback->options().stale_after, last};
    names->push_back(crm->name());
  }
  watched_ = std::move(next);
  names_.store(std::move(names));
}

std::vector<std::string> FeedbackFreshness::unknown() const {
  std::vector<std::string> names;
  const std::lock_guard lock(mutex_);
  for (const auto& [name, one] : watched_) {
    if (!one.last) names.push_back(name);
  }
  return names;
}

Status FeedbackFreshness::restore(Store& store) {
  const auto names = unknown();
  if (names.empty()) return {};
  const auto now = store.now();
  if (!now) return now.error();
  for (const auto& name : names) {
    auto value = store.get_value(feedback_value(name));
    if (!value) return value.error();
    std::int64_t ms = 0;
    const auto [end, failed] = std::from_chars(value->data(), value->data() + value->size(), ms);
    const bool valid = !value->empty() && failed == std::errc{} && ms < now->ms;
    note_feedback(name, valid ? Instant{ms} : *now);
  }
  return {};
}

void FeedbackFreshness::note_feedback(std::string_view crm, Instant at) {
  const std::lock_guard lock(mutex_);
  const auto found = watched_.find(crm);
  if (found != watched_.end() && (!found->second.last || *found->second.last < at))
    found->second.last = at;
}

void FeedbackFreshness::note_feedback_of_source(std::string_view source, Instant at) {
  const std::lock_guard lock(mutex_);
  for (auto& [name, one] : watched_) {
    if (one.source == source && (!one.last || *one.last < at)) one.last = at;
  }
}

std::optional<Instant> FeedbackFreshness::stale_since(Instant now) const {
  std::optional<Instant> since;
  for (const auto& silence : silences(now)) {
    if (silence.stale && (!since || silence.since < *since)) since = silence.since;
  }
  return since;
}

std::vector<FeedbackFreshness::Silence> FeedbackFreshness::silences(Instant now) const {
  std::vector<Silence> all;
  const std::lock_guard lock(mutex_);
  for (const auto& [name, one] : watched_) {
    if (one.last) all.push_back({name, *one.last, now - *one.last >= one.stale_after});
  }
  return all;
}

void FeedbackFreshness::publish(Instant now) const {
  for (const auto& silence : silences(now)) {
    const auto ms = std::max<std::int64_t>(0, (now - silence.since).ms);
    gauge("crm_feedback_age_seconds", static_cast<double>(ms) / 1000, "destination=" + silence.crm);
  }
}

void FeedbackFreshness::mark(const PersonState& person, const SlaPolicy& policy,
                             std::vector<std::string>& push) const {
  const auto names = names_.load();
  if (names->empty()) return;
  const auto queue = feedback_queue_of(person, policy);
  if (queue == FeedbackQueue::kNone) return;
  for (const auto& name : *names) push.push_back(feedback_queue_name(name, queue));
}

}  // namespace baton
