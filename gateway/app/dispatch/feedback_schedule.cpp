#include "gateway/app/dispatch/feedback_schedule.h"

#include <algorithm>
#include <charconv>

#include "adapters/engine/crm/crm_feedback.h"
#include "gateway/platform/metrics.h"

namespace baton {
namespace {

constexpr Duration kHotAfterBreach = days(1);

bool waits_for_contact(const ClockInstance& clock, const SlaPolicy& policy) {
  if (clock.state != ClockState::kRunning) return false;
  const auto* definition = policy.find(clock.definition);
  return definition != nullptr && !definition->of_marketing && definition->stops_on_contact();
}

}  // namespace

Asked how_asked(const PersonState& person, const SlaPolicy& policy) {
  const Lead* lead = open_lead(person);
  if (lead == nullptr || lead->stage == Stage::kLead) return Asked::kNo;
  const bool contact =
      std::any_of(person.clocks.begin(), person.clocks.end(),
                  [&](const ClockInstance& clock) { return waits_for_contact(clock, policy); });
  return contact ? Asked::kContact : Asked::kLead;
}

bool asks_slowly(const PersonState& person, const SlaPolicy& policy, Instant now) {
  return std::none_of(person.clocks.begin(), person.clocks.end(), [&](const ClockInstance& clock) {
    return waits_for_contact(clock, policy) &&
           (!clock.breached_at || now - *clock.breached_at < kHotAfterBreach);
  });
}

std::string asked_queue(std::string_view crm, Asked how) {
  std::string name(crm);
  return name.append(how == Asked::kContact ? "?contact" : "?lead");
}

std::string feedback_value(std::string_view crm) { return std::string("feedback:").append(crm); }

void FeedbackNews::watch(const std::vector<std::shared_ptr<const Crm>>& crms) {
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

std::vector<std::string> FeedbackNews::unknown() const {
  std::vector<std::string> names;
  const std::lock_guard lock(mutex_);
  for (const auto& [name, one] : watched_) {
    if (!one.last) names.push_back(name);
  }
  return names;
}

Status FeedbackNews::restore(Store& store) {
  const auto names = unknown();
  if (names.empty()) return {};
  const auto now = store.now();
  if (!now) return now.error();
  for (const auto& name : names) {
    auto value = store.get_value(feedback_value(name));
    if (!value) return value.error();
    std::int64_t ms = 0;
    const auto [end, failed] = std::from_chars(value->data(), value->data() + value->size(), ms);
    const bool told = !value->empty() && failed == std::errc{} && ms < now->ms;
    heard(name, told ? Instant{ms} : *now);
  }
  return {};
}

void FeedbackNews::heard(std::string_view crm, Instant at) {
  const std::lock_guard lock(mutex_);
  const auto found = watched_.find(crm);
  if (found != watched_.end() && (!found->second.last || *found->second.last < at))
    found->second.last = at;
}

void FeedbackNews::heard_from_source(std::string_view source, Instant at) {
  const std::lock_guard lock(mutex_);
  for (auto& [name, one] : watched_) {
    if (one.source == source && (!one.last || *one.last < at)) one.last = at;
  }
}

std::optional<Instant> FeedbackNews::stale_since(Instant now) const {
  std::optional<Instant> since;
  for (const auto& silence : silences(now)) {
    if (silence.stale && (!since || silence.since < *since)) since = silence.since;
  }
  return since;
}

std::vector<FeedbackNews::Silence> FeedbackNews::silences(Instant now) const {
  std::vector<Silence> all;
  const std::lock_guard lock(mutex_);
  for (const auto& [name, one] : watched_) {
    if (one.last) all.push_back({name, *one.last, now - *one.last >= one.stale_after});
  }
  return all;
}

void FeedbackNews::publish(Instant now) const {
  for (const auto& silence : silences(now)) {
    const auto ms = std::max<std::int64_t>(0, (now - silence.since).ms);
    gauge("crm_feedback_age_seconds", static_cast<double>(ms) / 1000, "destination=" + silence.crm);
  }
}

void FeedbackNews::mark(const PersonState& person, const SlaPolicy& policy,
                        std::vector<std::string>& push) const {
  const auto names = names_.load();
  if (names->empty()) return;
  const Asked how = how_asked(person, policy);
  if (how == Asked::kNo) return;
  for (const auto& name : *names) push.push_back(asked_queue(name, how));
}

}  // namespace baton
