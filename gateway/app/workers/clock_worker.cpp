#include "gateway/app/workers/clock_worker.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "gateway/platform/failpoint.h"
#include "gateway/platform/log.h"
#include "gateway/platform/metrics.h"

namespace baton {
namespace {

constexpr std::size_t kBatch = 512;

// A step that is on time is decided for its due time, however busy this node is. An overdue step is
// decided for the time at which it runs, because no rep could be notified before.
constexpr Duration kOnTime = seconds(1);

Work work_of(const DueTimer& timer, Instant store_now, std::optional<Instant> stale_since) {
  std::string id = fmt::format("{}:{}:{}", timer.key.id, to_string(timer.timer), timer.due.ms);
  const Instant now = store_now - timer.due < kOnTime ? timer.due : store_now;
  return {PersonId(timer.key.id),
          {std::move(id), TimerFired{timer.timer, timer.due, stale_since}},
          now,
          {}};
}

}  // namespace

bool ClockWorker::clocks_agree(Instant store_now) {
  if (!parts_.node.max_skew) return true;
  const Duration skew = store_now - parts_.node.clock->now();
  gauge("store_clock_skew_seconds", static_cast<double>(skew.ms) / 1000);
  const bool agree = std::abs(skew.ms) <= parts_.node.max_skew->ms;
  if (agree != agree_ && agree)
    log_info("engine", "the clocks of Redis and of this machine agree again; SLA clocks run again");
  if (agree != agree_ && !agree) {
    log_error("engine",
              "the clocks of Redis and of this machine are far apart; SLA clocks wait until one "
              "is corrected",
              {{"redis_is_ahead_s", skew.ms / 1000}});
  }
  agree_ = agree;
  return agree;
}

bool ClockWorker::due_step(const std::vector<PartitionId>& served) {
  const auto due = ask([&] { return store_->due_timers(served, kBatch); });
  if (!due || !clocks_agree(due->now) || due->items.empty()) return false;
  BATON_FAILPOINT("timer.due");
  // The event contains it, so that the decision can be repeated.
  (void)parts_.applier.feedback.restore(*store_);
  const auto stale_since = parts_.applier.feedback.stale_since(due->now);
  std::vector<Work> work;
  work.reserve(due->items.size());
  for (const auto& timer : due->items) {
    observe_seconds("timer_lag_seconds", static_cast<double>((due->now - timer.due).ms) / 1000);
    health_.fired(due->now - timer.due);
    work.push_back(work_of(timer, due->now, stale_since));
  }
  const auto results = applier_->apply(work);
  BATON_FAILPOINT("timer.fired");
  // A document that cannot be read must not keep the thread busy. Its timers stay in the index, as
  // do those of documents that conflict all the time.
  const bool moved = std::any_of(results.begin(), results.end(),
                                 [](const WorkResult& r) { return r.status.has_value(); });
  const bool all = std::all_of(results.begin(), results.end(),
                               [](const WorkResult& r) { return r.status.has_value(); });
  return moved && (!all || was_cut(*due, kBatch));
}

}  // namespace baton
