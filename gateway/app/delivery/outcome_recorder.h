#pragma once

#include "gateway/app/delivery/store_pool.h"
#include "gateway/app/dispatch/ports.h"
#include "gateway/app/engine/applier.h"

namespace baton {

// Commits the results of effects as events of their persons. Thread-safe.
class OutcomeRecorder final : public OutcomeSink {
 public:
  OutcomeRecorder(const ApplierParts& parts, StorePool& stores) : parts_(parts), stores_(stores) {}
  void commit_outcomes(std::span<const EffectReport> reports) override { (void)commit(reports); }
  // Returns false if a commit failed.
  bool commit(std::span<const EffectReport> reports);

 private:
  const ApplierParts parts_;
  StorePool& stores_;
};

}  // namespace baton
