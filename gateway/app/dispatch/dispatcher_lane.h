#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gateway/app/dispatch/dispatcher.h"

namespace baton {

// Where a worker waits: for news, for answers, for a moment, for the end. Answers come from threads
// of the HTTP client that may outlive the worker, so it is shared.
class Inbox {
 public:
  void post(std::function<void()> task);
  void wake();
  void stop();
  bool stopping() const;
  // Waits until something happened or the time is over; answers the tasks that came in.
  std::vector<std::function<void()>> wait(Duration longest);
  // Whether there was news when the last wait ended. For the thread that waits.
  bool had_news() const { return had_news_; }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::function<void()>> tasks_;
  bool woken_ = false;
  bool had_news_ = false;
  bool stop_ = false;
};

// What an answer says of the destination as a whole.
struct Condition {
  bool down = false;        // it could not be reached or is broken
  bool asks_pause = false;  // over budget; a locked record is not
};
Condition condition_of(const HttpResult& result, const Outcome& outcome);
Condition condition_of(const MailResult& result, const Outcome& outcome);

// What a worker knows of one destination's well-being. Not thread-safe.
class Lane {
 public:
  Lane(std::string name, const DispatcherOptions& options)
      : name_(std::move(name)), options_(options), breaker_(options.breaker) {}

  const std::string& name() const { return name_; }
  std::size_t in_flight() const { return in_flight_; }
  // Whether one more call may go now; a yes takes its place.
  bool enter(Instant now);
  // The same for a read: pushes have the last place, and it goes only while fewer than `most` calls
  // of any kind went within `per`, and the CRM has some of its own budget left.
  bool enter_read(Instant now, std::size_t most, Duration per);
  void leave() { --in_flight_; }
  // For a call that took its place and was not made after all.
  void not_sent() {
    leave();
    breaker_.not_made();
  }
  bool full() const { return in_flight_ >= options_.calls_in_flight; }
  // Notes how a call ended. A permanent fault of the configuration opens the breaker at once: what
  // waits would only be refused as well.
  void note(const Condition& condition, const Outcome& outcome, const std::optional<Budget>& budget,
            Instant now);
  // Of that, what concerns the rate budget only.
  void note_budget(const Condition& condition, const Outcome& outcome,
                   const std::optional<Budget>& budget, Instant now);
  // When it makes sense to look again; nothing where nothing holds it up.
  std::optional<Instant> held_until(Instant now) const;
  // The store's time of the next try, or nothing: give it up.
  std::optional<Instant> next_try_at(std::string_view item, int attempts, const Outcome& outcome,
                                     Instant now) const;
  bool healthy() const { return healthy_; }

 private:
  void went(Instant now);

  std::string name_;
  const DispatcherOptions& options_;
  Breaker breaker_;
  std::size_t in_flight_ = 0;
  std::optional<Instant> paused_until_;
  std::optional<Instant> scarce_until_;  // what is left of the budget is for pushes
  std::deque<Instant> calls_;            // of the last minutes, oldest first
  bool healthy_ = false;
};

void count_attempt(const std::string& destination, std::string_view outcome);

}  // namespace baton
