#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/engine/crm/crm.h"
#include "adapters/engine/http/http_client.h"
#include "adapters/engine/mail/mail.h"
#include "gateway/app/dispatch/dispatcher_options.h"
#include "gateway/app/dispatch/retry.h"

namespace baton {

// The state of a destination, as one answer shows it.
struct Condition {
  bool down = false;        // it is unreachable or fails
  bool asks_pause = false;  // its budget is used up; a locked record does not count as that
};
Condition condition_of(const HttpResult& result, const Outcome& outcome);
Condition condition_of(const MailResult& result, const Outcome& outcome);

// Limits the calls to one destination: calls in flight, breaker, pauses and rate budget. Not
// thread-safe.
class Lane {
 public:
  Lane(std::string name, const DispatcherOptions& options)
      : name_(std::move(name)), options_(options), breaker_(options.breaker) {}

  const std::string& name() const { return name_; }
  std::size_t in_flight() const { return in_flight_; }
  // Whether a call may be made now. If so, the call is counted as in flight until leave().
  bool enter(Instant now);
  // The same for a read. One place stays free for pushes. A read is allowed only while fewer than
  // `most` calls of any kind were made within `per`, and while the CRM's own budget is not nearly
  // used up.
  bool enter_read(Instant now, std::size_t most, Duration per);
  void leave() { --in_flight_; }
  // For a call that entered and was not made.
  void not_sent() {
    leave();
    breaker_.not_made();
  }
  bool full() const { return in_flight_ >= options_.calls_in_flight; }
  // Records how a call ended. A permanent configuration error opens the breaker at once, because
  // the destination would refuse the other items, too.
  void note(const Condition& condition, const Outcome& outcome, const std::optional<Budget>& budget,
            Instant now);
  // Records only what the answer says about the rate budget.
  void note_budget(const Condition& condition, const Outcome& outcome,
                   const std::optional<Budget>& budget, Instant now);
  // The end of the current pause, if there is one.
  std::optional<Instant> held_until(Instant now) const;
  // The time of the next attempt by the store's clock, or nothing if the item is to be given up.
  std::optional<Instant> next_try_at(std::string_view item, int attempts, const Outcome& outcome,
                                     Instant now) const;
  bool healthy() const { return healthy_; }

 private:
  void record_call(Instant now);

  std::string name_;
  const DispatcherOptions& options_;
  Breaker breaker_;
  std::size_t in_flight_ = 0;
  std::optional<Instant> paused_until_;
  std::optional<Instant> scarce_until_;  // until then only pushes may use the rest of the budget
  std::deque<Instant> calls_;            // of the last minutes, oldest first
  bool healthy_ = false;
};

// Counts an attempt in the metric delivery_attempts_total.
void count_attempt(const std::string& destination, std::string_view outcome);

}  // namespace baton
