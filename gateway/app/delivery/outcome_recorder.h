#pragma once

#include "gateway/app/delivery/store_pool.h"
#include "gateway/app/dispatch/ports.h"
#include "gateway/app/engine/runtime.h"

namespace baton {

// Commits the results of effects as events of their persons. Thread-safe.
class OutcomeRecorder final : public OutcomeSink {
 public:
  OutcomeRecorder(Runtime& runtime, StorePool& stores) : runtime_(runtime), stores_(stores) {}
  void commit_outcomes(std::span<const EffectReport> reports) override { (void)commit(reports); }
  // Returns false if a commit failed.
  bool commit(std::span<const EffectReport> reports);

 private:
  Runtime& runtime_;
  StorePool& stores_;
};

}  // namespace baton
