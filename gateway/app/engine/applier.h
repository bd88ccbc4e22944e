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

// One event for one person, on its way through load, decide, commit.
struct Work {
  std::string person;
  Event event;
  Instant now;                        // the store's clock when the event was appended
  std::vector<OutboxEntry> finishes;  // outbox items that are done with this event
};

struct WorkResult {
  Status status;  // kTransient or kConflict: nothing happened, try again
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

// The loop's body: load the persons of a batch, decide event by event, commit all in one round
// trip; who was changed by somebody else meanwhile is loaded and decided again. One result for each
// piece of work, in order. One broken document fails alone. A round commits a person once: a second
// commit built on a first that turns out to conflict could meet the other's version and overwrite
// it.
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
  bool to_deliver_ = false;  // a commit of this call has something for the dispatcher
};

}  // namespace baton
