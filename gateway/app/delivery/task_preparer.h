#pragma once

#include "gateway/app/delivery/outcome_recorder.h"
#include "gateway/app/delivery/store_pool.h"
#include "gateway/app/dispatch/ports.h"
#include "gateway/app/engine/runtime.h"

namespace baton {

// Prepares the tasks that appear in CRMs, from the newest versions of their persons. Thread-safe.
class TaskPreparer final : public TaskSource {
 public:
  TaskPreparer(Runtime& runtime, StorePool& stores, OutcomeRecorder& outcomes)
      : runtime_(runtime), stores_(stores), outcomes_(outcomes) {}
  Result<std::vector<Result<std::optional<OutgoingTask>>>> prepare_tasks(
      std::span<const OutboxEntry> entries, const std::string& crm) override;
  bool commit_task_result(const DocKey& person, const EffectOutcome& outcome) override;
  void record_dry_run(const OutboxEntry& entry, const std::string& crm,
                      const HttpRequest& request) override;

 private:
  Result<std::optional<OutgoingTask>> prepare(const OutboxEntry& entry, const Document& document,
                                              const std::string& crm);

  Runtime& runtime_;
  StorePool& stores_;
  OutcomeRecorder& outcomes_;
};

}  // namespace baton
