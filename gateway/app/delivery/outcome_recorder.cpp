#include "gateway/app/delivery/outcome_recorder.h"

#include <algorithm>

#include <fmt/format.h>

#include "gateway/platform/log.h"

namespace baton {
namespace {

constexpr std::size_t kAppliedAtOnce = 256;  // persons in memory

Work work_of(const EffectReport& report, Instant now) {
  const auto& outcome = report.outcome;
  return {PersonId(report.key.id),
          {fmt::format("{}:{}:{}", outcome.effect, outcome.destination,
                       outcome.delivered ? "delivered" : "failed"),
           outcome},
          now,
          {}};
}

}  // namespace

bool OutcomeRecorder::commit(std::span<const EffectReport> reports) {
  StorePool::Borrowed store(stores_);
  if (!store) return false;
  auto now = store->now();
  if (!now) {
    store.drop();
    return false;
  }
  std::vector<Store::Claim> claims;
  std::vector<Work> work;
  for (const auto& report : reports) {
    const auto& [key, outcome] = report;
    if (key.kind != 'p') continue;  // a report concerns no person
    // Feedback of that CRM then finds the person by the id that the CRM assigned.
    if (outcome.delivered && outcome.effect == "push" && !outcome.ref.empty())
      claims.push_back(
          {parts_.access.claims->of_external(outcome.destination, outcome.ref), key.id});
    work.push_back(work_of(report, *now));
  }
  if (!claims.empty() && !store->claim_identities(claims)) store.drop();
  for (std::size_t begin = 0; begin < work.size(); begin += kAppliedAtOnce) {
    const auto results =
        Applier(parts_, *store)
            .apply(std::span(work).subspan(begin, std::min(kAppliedAtOnce, work.size() - begin)));
    const auto failed = std::find_if(results.begin(), results.end(),
                                     [](const WorkResult& result) { return !result.status; });
    if (failed == results.end()) continue;
    store.drop();
    log_warn("engine", "outcomes could not be recorded",
             {{"of", static_cast<std::int64_t>(reports.size())},
              {"error", failed->status.error().message}});
    return false;
  }
  return true;
}

}  // namespace baton
