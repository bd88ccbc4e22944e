#include "gateway/app/engine/due_worker.h"

namespace baton {

bool DueWorker::step(const std::vector<PartitionId>& served) {
  const bool told = wake_.look.exchange(false);
  // The alarm knows only future due times. It does not know work that is due and did not fit into
  // the last list.
  if (!more_ && !time_to_look() && !told && wake_.alarm.earliest() > time_.now()) return false;
  more_ = due_step(served);
  return more_;
}

}  // namespace baton
