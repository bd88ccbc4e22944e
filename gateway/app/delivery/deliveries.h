#pragma once

#include "gateway/app/delivery/feedback_recorder.h"
#include "gateway/app/delivery/message_preparer.h"
#include "gateway/app/delivery/outcome_recorder.h"
#include "gateway/app/delivery/record_loader.h"
#include "gateway/app/delivery/store_pool.h"
#include "gateway/app/delivery/task_preparer.h"
#include "gateway/app/dispatch/ports.h"
#include "gateway/app/engine/runtime.h"

namespace baton {

// The engine's side of delivery: owns the implementations of the dispatcher's ports. Thread-safe.
class Deliveries {
 public:
  explicit Deliveries(Runtime& runtime);
  // Valid as long as this object.
  DispatcherPorts ports();

 private:
  class LiveConnections final : public Connections {
   public:
    explicit LiveConnections(StorePool::Open open) : open_(std::move(open)) {}
    Result<std::unique_ptr<Store>> open_store() override { return open_(); }
    std::unique_ptr<HttpClient> open_http(const HttpOptions& options) override;
    std::unique_ptr<MailClient> open_mail(const MailOptions& options) override;

   private:
    const StorePool::Open open_;
  };

  const PartitionLeases& leases_;
  LiveConnections connections_;
  StorePool stores_;
  RecordLoader records_;
  OutcomeRecorder outcomes_;
  const Preparation preparation_;
  MessagePreparer messages_;
  TaskPreparer tasks_;
  FeedbackRecorder feedback_;
};

}  // namespace baton
