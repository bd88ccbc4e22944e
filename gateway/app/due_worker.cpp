#include "gateway/app/due_worker.h"

namespace baton {

bool DueWorker::step(const std::vector<PartitionId>& served) {
  const bool told = wake_.look.exchange(false);
  if (!time_to_look() && !told && wake_.alarm.earliest() > time_.now()) return false;
  return due_step(served);
}

}  // namespace baton
