#pragma once

#include "gateway/app/delivery/outcome_recorder.h"
#include "gateway/app/delivery/preparation.h"
#include "gateway/app/dispatch/ports.h"

namespace baton {

// Prepares the tasks that appear in CRMs, from the newest versions of their persons. Thread-safe.
class TaskPreparer final : public TaskSource {
 public:
  TaskPreparer(const Preparation& preparation, OutcomeRecorder& outcomes)
      : parts_(preparation), outcomes_(outcomes) {}
  Result<std::vector<Result<std::optional<OutgoingTask>>>> prepare_tasks(
      std::span<const OutboxEntry> entries, const std::string& crm) override;
  bool commit_task_result(const DocKey& person, const EffectOutcome& outcome) override;
  void record_dry_run(const OutboxEntry& entry, const std::string& crm,
                      const HttpRequest& request) override;

 private:
  Result<std::optional<OutgoingTask>> prepare(const OutboxEntry& entry, const Document& document,
                                              const std::string& crm);

  const Preparation parts_;
  OutcomeRecorder& outcomes_;
};

}  // namespace baton
