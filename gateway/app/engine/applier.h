#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gateway/app/dispatch/feedback_freshness.h"
#include "gateway/app/engine/configuration.h"
#include "gateway/app/engine/document_access.h"
#include "gateway/app/engine/policy_versions.h"
#include "gateway/app/engine/signals.h"
#include "gateway/core/decide/decide.h"
#include "gateway/platform/clock.h"

namespace baton {

// One event of one person, to be loaded, decided and committed.
struct Work {
  PersonId person;
  Event event;
  Instant now;                        // by the store's clock, when the event was appended
  std::vector<OutboxEntry> finishes;  // outbox items that the event finishes
};

struct WorkResult {
  Status status;  // kTransient or kConflict: nothing was committed, try again
  bool changed = false;
  std::vector<std::string> events;
  Reasons reasons;
};

// The parts of the runtime that an Applier uses. They outlive it.
struct ApplierParts {
  Configuration& configuration;
  DocumentAccess& access;
  FeedbackFreshness& feedback;
  ClockRulesBook& rules;
  Signals& signals;
  const Clock& clock;
};

// The body of the engine's loop. Loads the persons of a batch, decides event by event, and commits
// all in one round trip. A person that another commit changed meanwhile is loaded and decided
// again. Returns one result for each piece of work, in order. A broken document fails alone.
//
// A round commits each person once. A second commit would build on the first. If the first met a
// conflict, the second could match the other writer's version and overwrite it.
class Applier {
 public:
  Applier(const ApplierParts& parts, Store& store) : parts_(parts), store_(store) {}
  std::vector<WorkResult> apply(std::span<const Work> work);

 private:
  struct Planned;
  struct Round;
  void decide_all(std::span<const Work> work, const std::vector<std::size_t>& unsettled,
                  std::vector<WorkResult>& results, Round& round);
  Status open(Round& round);
  bool plan(const Work& work, std::size_t index, std::size_t at, WorkResult& result, Round& round);
  std::optional<std::size_t> commit(Round& round, std::vector<WorkResult>& results);
  void wake(const Commit& commit);
  std::vector<WorkResult> commit_until_done(std::span<const Work> work);

  const ApplierParts parts_;
  Store& store_;
  bool to_deliver_ = false;  // a commit of this call added work for the dispatcher
};

}  // namespace baton
