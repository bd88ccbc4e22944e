#pragma once

#include "gateway/app/delivery/store_pool.h"
#include "gateway/app/dispatch/ports.h"
#include "gateway/app/engine/applier.h"

namespace baton {

// Loads the persons about whom a CRM is polled, and commits the touches that it reports. These
// touches take the same path as a webhook's, except that their person is already known.
// Thread-safe.
class FeedbackRecorder final : public FeedbackSink {
 public:
  FeedbackRecorder(const ApplierParts& parts, StorePool& stores) : parts_(parts), stores_(stores) {}
  Result<std::vector<PollTarget>> load_poll_targets(std::span<const PushEntry> entries) override;
  std::vector<bool> commit_feedback(std::span<const PersonFeedback> feedback) override;
  void record_poll_answer(const std::string& crm, Instant at) override;

 private:
  const ApplierParts parts_;
  StorePool& stores_;
};

}  // namespace baton
