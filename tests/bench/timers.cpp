#include <algorithm>

#include <fmt/format.h>

#include "gateway/core/policy.h"
#include "tests/bench/bench.h"
#include "tests/bench/gateway_process.h"

namespace baton::bench {
namespace {

constexpr std::size_t kBatch = 256;
constexpr std::size_t kPerSecond = 2'000;
constexpr std::size_t kSteady = 8'000;    // four seconds of them
constexpr std::size_t kBurst = 20'000;
constexpr const char* kClock = "first_contact";
constexpr Duration kWarning = milliseconds(225'000);   // 75 % of the five minutes of policy/sla.yaml
constexpr std::int64_t kFarAway = 4'000'000'000'000;   // 2096

void commit_all(Store& store, std::vector<Commit>& batch) {
  const auto answers = store.commit(batch);
  if (!answers) give_up(answers.error().message);
  for (const auto answer : *answers) {
    if (answer != CommitAnswer::kDone) give_up("a person of the bench was changed by somebody else");
  }
  batch.clear();
}

// Persons with nothing but a clock that is not due for years: what the due ones must not feel.
void write_pending(Store& store, int count, std::uint64_t version) {
  std::vector<Commit> batch;
  for (int i = 0; i < count; ++i) {
    Commit commit;
    commit.key = {'p', fmt::format("fa{:018x}", i)};
    commit.expected_version = version;
    commit.bytes = "pending";
    if (version > 0) commit.timers = {{"first_contact#1", Instant{kFarAway + i}}};
    batch.push_back(std::move(commit));
    if (batch.size() == kBatch || i + 1 == count) commit_all(store, batch);
  }
}

// A lead that asked for a demo, was routed and offered: both its clocks run, and the first thing to
// happen to it, at `due`, is the warning that nobody has called yet.
class DueLeads {
 public:
  explicit DueLeads(GatewayProcess& gateway) : gateway_(gateway), documents_(gateway.keys()), policy_(template_policy(true)) {}

  template <class DueOf>
  void write(std::size_t count, DueOf due_of) {
    std::vector<Commit> batch;
    for (std::size_t i = 0; i < count; ++i) {
      batch.push_back(lead(due_of(i)));
      if (batch.size() == kBatch || i + 1 == count) commit_all(gateway_.store(), batch);
    }
  }

 private:
  Commit lead(Instant due);
  static void keep_timers(Decision& all, const Decision& more);

  GatewayProcess& gateway_;
  const Documents documents_;
  const std::shared_ptr<const Policy> policy_;
  std::size_t made_ = 0;
};

void DueLeads::keep_timers(Decision& all, const Decision& more) {
  for (const auto& timer : more.timers) {
    std::erase_if(all.timers, [&](const ClockTimer& t) { return t.clock == timer.clock; });
    all.timers.push_back(timer);
  }
}

Commit DueLeads::lead(Instant due) {
  const std::size_t n = made_++;
  const Instant asked = due - kWarning;
  const auto before = documents_.open(fmt::format("du{:018x}", n), {}).value();
  Touch touch;
  touch.id = fmt::format("t{}", n);
  touch.source = "forms";
  touch.type = TouchType::kDemoRequest;
  touch.intent = Intent::kHandRaiser;
  touch.at = asked;
  touch.person.full_name = "Erika Beispiel";
  touch.person.email = fmt::format("erika.{}@kunde{}.example", n, n % 997);
  touch.person.phone = "+49301234567";
  touch.message = "Bitte um eine Vorführung";
  Decision merged = decide(before.state, {touch.id, TouchesArrived{{touch}}}, *policy_, asked);
  for (const auto& effect : std::vector<Effect>(merged.effects)) {
    const auto* request = std::get_if<OwnerRequest>(&effect);
    if (request == nullptr) continue;
    Decision next = decide(merged.next, {request->key, OwnerPicked{request->key, request->pool, "erika", {}, {}}}, *policy_, asked);
    keep_timers(merged, next);
    merged.next = std::move(next.next);
  }
  const bool set = std::any_of(merged.timers.begin(), merged.timers.end(), [&](const ClockTimer& t) { return t.clock.starts_with(kClock) && t.due == due; });
  if (!set) give_up("the first_contact clock of the template policies has changed: no warning after 75 % of 5m");
  merged.effects.clear();
  return documents_.close(before, merged, {}, {}, asked);
}

// Writes the leads early enough before the first is due: the engine looks at the index at least once
// a second, and finds what another node has put there.
template <class DueOf>
std::vector<double> fire(GatewayProcess& gateway, DueLeads& leads, LogReader& log, std::size_t count, DueOf due_of) {
  const Instant start = gateway.store().now().value() + seconds(4) + milliseconds(static_cast<std::int64_t>(count) / 2);
  leads.write(count, [&](std::size_t i) { return due_of(start, i); });
  if (gateway.store().now().value() + seconds(1) + milliseconds(200) > start) give_up("the machine is too slow to prepare the clocks in time");
  std::vector<double> late;
  const Stopwatch watch;
  while (late.size() < count) {
    if (watch.seconds() > 120) give_up(fmt::format("{} of {} clocks fired", late.size(), count));
    // The reader must not compete with what it reads: once when all should be over, then again.
    const auto wait = (due_of(start, count - 1) + seconds(1) - gateway.store().now().value()).ms;
    timespec sleep{std::max<std::int64_t>(wait, 300) / 1000, std::max<std::int64_t>(wait, 300) % 1000 * 1'000'000};
    ::nanosleep(&sleep, nullptr);
    for (const auto& committed : log.read()) {
      const auto* due = std::get_if<ClockDue>(&committed.record.event.body);
      if (due != nullptr && due->clock.starts_with(kClock)) late.push_back(static_cast<double>((committed.at - due->due).ms));
    }
  }
  return late;
}

}  // namespace

std::vector<Figures> measure_timers(const Options& options) {
  GatewayProcess gateway(options);
  write_pending(gateway.store(), options.timers, 0);
  const double before = gateway.redis_memory();
  write_pending(gateway.store(), options.timers, 1);
  const double bytes = options.timers > 0 ? (gateway.redis_memory() - before) / options.timers : 0;
  gateway.start();
  DueLeads leads(gateway);
  LogReader log(gateway);
  std::vector<Figures> runs;
  for (int i = 0; i < options.runs; ++i) {
    auto steady = fire(gateway, leads, log, kSteady, [](Instant start, std::size_t n) { return start + milliseconds(static_cast<std::int64_t>(n * 1000 / kPerSecond)); });
    auto burst = fire(gateway, leads, log, kBurst, [](Instant start, std::size_t) { return start; });
    runs.push_back({{"timers_pending", options.timers},
                    {"timer_bytes", bytes},
                    {"timer_lateness_p50_ms", percentile(steady, 0.5)},
                    {"timer_lateness_p99_ms", percentile(steady, 0.99)},
                    {"timer_burst_drain_s", *std::max_element(burst.begin(), burst.end()) / 1000}});
  }
  return runs;
}

}  // namespace baton::bench
