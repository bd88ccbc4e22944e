#include "gateway/app/workers/housekeeper.h"

#include <fmt/format.h>

#include "gateway/platform/log.h"
#include "gateway/platform/metrics.h"

namespace baton {
namespace {

constexpr Duration kLook = milliseconds(500);
constexpr Duration kLease = seconds(6);
constexpr Duration kSweepAtATime =
    milliseconds(250);  // of a round, because leases must be renewed and traffic comes first
constexpr Duration kMark = seconds(10);
constexpr Duration kSweepStep = milliseconds(400);
// Above this, deliveries go to the spool, so that the store keeps room to process what it holds.
constexpr std::uint64_t kFullPercent = 75;

}  // namespace

void Housekeeper::start() {
  thread_ = std::thread([this] { run(); });
}

void Housekeeper::join() {
  wake_.raise();
  if (thread_.joinable()) thread_.join();
}

void Housekeeper::run() {
  while (!applier_.signals.stopping.load()) {
    std::string problem = look_at_store();
    if (problem.empty()) {
      if (auto leased = take_leases(); !leased) problem = leased.error().message;
    }
    if (!problem.empty() && state_.problem() != problem)
      log_warn("store", "deliveries take the spool", {{"reason", problem}});
    if (problem.empty() && !state_.problem().empty()) log_info("store", "the store is well");
    const bool well = problem.empty();
    state_.checked(steady_now(*node_.clock), std::move(problem));
    if (well) {
      share_day_key();
      sweep_rules();
      drain_spool();  // leads must not wait until deliveries go to Redis directly again
      reindex();
    }
    publish();
    wake_.wait(kLook);
  }
  if (store_ && !served_.empty()) (void)store_->release(node_.name, served_);
}

std::string Housekeeper::look_at_store() {
  if (!store_) {
    auto store = open_store_();
    if (!store) return store.error().message;
    store_ = std::move(*store);
  }
  auto health = store_->health();
  if (!health) {
    durable_ = false;  // Redis may return with other settings
    return health.error().message;
  }
  if (health->loading) return "Redis is loading its data";
  if (!durable_) {
    if (auto checked = check_durability(*health, node_.settings.assume_durable); !checked)
      return checked.error().message;
    durable_ = true;
  }
  gauge("redis_memory_bytes", static_cast<double>(health->used_memory));
  recognise(*health);
  if (health->max_memory > 0 && health->used_memory * 100 >= health->max_memory * kFullPercent) {
    return fmt::format("Redis is {} % full; raise maxmemory, or find what fills it",
                       health->used_memory * 100 / health->max_memory);
  }
  return {};
}

Status Housekeeper::take_leases() {
  std::vector<PartitionId> wanted(static_cast<std::size_t>(node_.settings.partitions));
  for (std::size_t i = 0; i < wanted.size(); ++i) wanted[i] = static_cast<PartitionId>(i);
  const Instant asked = steady_now(*node_.clock);
  auto held = store_->lease(node_.name, wanted, kLease);
  if (!held) return held.error();
  leases_.set_held(*held, asked + kLease);
  if (*held == served_) return {};
  served_ = std::move(*held);
  const bool alone = served_.size() == wanted.size();
  engine_.serve(served_, alone);
  log_info("engine", "serving partitions", {{"held", served_.size()}, {"of", wanted.size()}});
  return {};
}

void Housekeeper::share_day_key() {
  std::string id;
  const Instant now = node_.clock->now();
  if (!applier_.access.keys->day_key(now, id) || id == shared_key_id_) return;
  auto wrapped = applier_.access.keys->wrapped_day_key(id);
  if (!wrapped || !store_->put_value("daykey:" + id, *wrapped)) return;
  shared_key_id_ = id;
  const auto forgotten = applier_.access.keys->forget_day_keys(now, node_.settings.raw_days);
  for (const auto& old : forgotten) {
    if (!store_->put_value("daykey:" + old, {}))
      log_warn("keys", "an old day key is still in the store", {{"key", old}});
  }
  if (!forgotten.empty()) log_info("keys", "destroyed day keys", {{"count", forgotten.size()}});
}

void Housekeeper::drain_spool() {
  if (spool_.stats().records == 0) return;
  auto drained = spool_.drain([this](std::span<const IntakeRecord> records) -> Status {
    auto answers = store_->intake(records);
    if (!answers) return answers.error();
    return take_leases();  // leases must not expire during a long backlog
  });
  if (!drained) {
    log_warn("store", "the spool could not be drained", {{"error", drained.error().message}});
    return;
  }
  log_info("store", "the spool is drained", {{"records", *drained}});
  applier_.signals.wake_engine();
}

void Housekeeper::recognise(const StoreHealth& health) {
  const auto verdict = seen_.look(*store_, health);
  if (!verdict)
    return log_warn("store", "cannot tell whether Redis is the same as before",
                    {{"error", verdict.error().message}});
  const std::int64_t now = node_.clock->steady_ns();
  if (marked_ns_ == 0 || now - marked_ns_ >= kMark.ms * 1'000'000) {
    marked_ns_ = now;
    if (auto marked = seen_.mark(*store_); !marked)
      log_warn("store", "cannot note which Redis this is", {{"error", marked.error().message}});
  }
  if (*verdict == StoreSeen::Verdict::kSame) return;
  log_warn("store",
           *verdict == StoreSeen::Verdict::kOlder
               ? "Redis holds older data than before; comparing its indexes with the documents"
               : "Redis failed over; comparing its indexes with the documents");
  reindex_.ask();
}

void Housekeeper::reindex() {
  if (reindex_.take()) sweep_.emplace(*applier_.access.documents);
  if (!sweep_) return;
  const auto done = sweep_->step(*store_, kSweepAtATime);
  if (!done)
    return log_warn("store", "the comparison of indexes and documents starts again",
                    {{"error", done.error().message}});
  const ReindexReport report = sweep_->report();
  reindex_.publish(report);
  if (!*done) return;
  sweep_.reset();
  log_info("store", "indexes compared with the documents",
           {{"persons", report.persons},
            {"timers", report.timers},
            {"pushes", report.pushes},
            {"listed", report.listed},
            {"unreadable", report.unreadable}});
  applier_.signals.wake_engine();
  applier_.signals.wake_dispatcher();
}

// Applies new rules to running clocks, one step at a time. The node that holds the first partition
// does it.
void Housekeeper::sweep_rules() {
  // Needed even if no event occurs that would need the rules.
  if (const auto known = applier_.rules.ensure(applier_.configuration, *store_); !known) return;
  if (!applier_.rules.is_sweep_wanted() || served_.empty() || served_.front() != 0) return;
  const auto began = steady_now(*node_.clock);
  while (applier_.rules.is_sweep_wanted() && steady_now(*node_.clock) - began < kSweepStep &&
         !applier_.signals.stopping.load()) {
    if (const auto swept = applier_.rules.sweep(applier_, *store_); !swept) {
      log_warn("engine", "new rules could not be applied to all clocks yet",
               {{"error", swept.error().message}});
      return;
    }
  }
}

void Housekeeper::publish() {
  const auto spool = spool_.stats();
  gauge("spool_records", static_cast<double>(spool.records));
  gauge("spool_bytes", static_cast<double>(spool.bytes));
  applier_.feedback.publish(node_.clock->now());
  if (!store_) return;
  if (const auto counts = store_->counts()) {
    gauge("intake_entries", static_cast<double>(counts->intake));
    gauge("timers_pending", static_cast<double>(counts->timers));
    gauge("outbox_entries", static_cast<double>(counts->outbox));
    gauge("push_entries", static_cast<double>(counts->push));
    gauge("dead_letters", static_cast<double>(counts->dead_letters));
  }
}

}  // namespace baton
