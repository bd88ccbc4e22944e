#pragma once

#include <vector>

#include "gateway/app/dispatch/outbox_recorder.h"
#include "gateway/app/dispatch/ports.h"
#include "gateway/platform/clock.h"

namespace baton {

// Stage of the OutboxWorker for channels in observe mode. Records their messages as a dry run and
// finishes the entries. Passes on the messages of all other channels.
class ObserveStage {
 public:
  ObserveStage(MessageSource& messages, OutboxRecorder& recorder, const Clock& clock)
      : messages_(messages), recorder_(recorder), clock_(clock) {}

  std::vector<Notification> pass(std::vector<Notification> notifications);

 private:
  MessageSource& messages_;
  OutboxRecorder& recorder_;
  const Clock& clock_;
};

}  // namespace baton
