#include "gateway/app/dispatch/lane.h"

#include <algorithm>

#include "gateway/platform/log.h"
#include "gateway/platform/metrics.h"

namespace baton {
namespace {

constexpr std::int64_t kReserve = 10;          // calls of the CRM's budget that only pushes may use
constexpr Duration kRemembered = minutes(10);  // the longest period of a budget
constexpr std::size_t kMostRemembered = 10'000;

}  // namespace

bool Lane::enter(Instant now) {
  if (full() || (paused_until_ && now < *paused_until_)) return false;
  if (!breaker_.allow(now)) return false;
  ++in_flight_;
  record_call(now);
  return true;
}

bool Lane::enter_read(Instant now, std::size_t most, Duration per) {
  if (in_flight_ + 1 >= std::max<std::size_t>(options_.calls_in_flight, 2)) return false;
  if ((paused_until_ && now < *paused_until_) || (scarce_until_ && now < *scarce_until_))
    return false;
  const auto recent =
      std::count_if(calls_.begin(), calls_.end(), [&](Instant at) { return now - at < per; });
  if (static_cast<std::size_t>(recent) >= most) return false;
  ++in_flight_;
  record_call(now);
  return true;
}

void Lane::record_call(Instant now) {
  while (!calls_.empty() && now - calls_.front() >= kRemembered) calls_.pop_front();
  if (calls_.size() == kMostRemembered) calls_.pop_front();
  calls_.push_back(now);
}

Condition condition_of(const HttpResult& result, const Outcome& outcome) {
  const int status = result.transport == Transport::kAnswered ? result.response.status : 0;
  return {status == 0 || status >= 500 || outcome.verdict == Verdict::kUnknown,
          status == 429 || status == 503};
}

// A mail server that postpones one recipient or one text (greylisting, a full mailbox) is healthy.
Condition condition_of(const MailResult& result, const Outcome& outcome) {
  if (result.accepted) return {};
  const bool of_one =
      result.step >= MailStep::kRecipient && result.reply >= 400 && result.reply != 421;
  return {!of_one || outcome.verdict == Verdict::kUnknown, false};
}

void Lane::note(const Condition& condition, const Outcome& outcome,
                const std::optional<Budget>& budget, Instant now) {
  const bool was_open = breaker_.opens_at(now).has_value();
  if (outcome.verdict == Verdict::kPermanentConfig) {
    for (int i = 0; i < options_.breaker.threshold; ++i) breaker_.failed(now);
  } else if (condition.down) {
    breaker_.failed(now);
    healthy_ = false;
  } else {
    breaker_.succeeded();
    healthy_ = true;
  }
  if (!was_open && breaker_.opens_at(now)) {
    count("delivery_breaker_opened_total", "destination=" + name_);
    log_warn("delivery", "destination is failing; calls are held back",
             {{"destination", name_}, {"reason", outcome.reason}});
  }
  note_budget(condition, outcome, budget, now);
}

void Lane::note_budget(const Condition& condition, const Outcome& outcome,
                       const std::optional<Budget>& budget, Instant now) {
  if (condition.asks_pause && outcome.retry_after)
    paused_until_ = now + std::min(*outcome.retry_after, options_.retry.longest_asked);
  else if (budget && budget->remaining && *budget->remaining <= 1 && budget->resets_in)
    paused_until_ = now + *budget->resets_in;
  if (budget && budget->remaining && *budget->remaining <= kReserve && budget->resets_in)
    scarce_until_ = now + *budget->resets_in;
}

std::optional<Instant> Lane::held_until(Instant now) const {
  auto until = breaker_.opens_at(now);
  if (paused_until_ && now < *paused_until_ && (!until || *until < *paused_until_))
    until = paused_until_;
  return until;
}

std::optional<Instant> Lane::next_try_at(std::string_view item, int attempts,
                                         const Outcome& outcome, Instant now) const {
  const int attempt = attempts + 1;
  const auto step = next_try(options_.retry, attempt, outcome, retry_seed(item, attempt), healthy_);
  if (step.give_up) return std::nullopt;
  return now + step.wait;
}

void count_attempt(const std::string& destination, std::string_view outcome) {
  std::string label = "destination=" + destination + ",outcome=";
  count("delivery_attempts_total", label.append(outcome));
}

}  // namespace baton
