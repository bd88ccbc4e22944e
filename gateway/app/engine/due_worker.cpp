#include "gateway/app/engine/due_worker.h"

namespace baton {

bool DueWorker::step(const std::vector<PartitionId>& served) {
  const bool told = wake_.look.exchange(false);
  // Due work that the last list had no room for is not in the alarm: that tells what is still to
  // come.
  if (!more_ && !time_to_look() && !told && wake_.alarm.earliest() > time_.now()) return false;
  more_ = due_step(served);
  return more_;
}

}  // namespace baton
