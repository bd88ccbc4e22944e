#pragma once

#include "gateway/app/delivery/store_pool.h"
#include "gateway/app/dispatch/ports.h"
#include "gateway/app/engine/runtime.h"

namespace baton {

// Loads the newest versions of persons as records for a CRM. Most of them were committed a moment
// ago, and come from the document cache. Thread-safe.
class RecordLoader final : public RecordSource {
 public:
  RecordLoader(Runtime& runtime, StorePool& stores) : runtime_(runtime), stores_(stores) {}
  Result<std::vector<CrmRecord>> load_records(std::span<const PushEntry> entries) override;

 private:
  Runtime& runtime_;
  StorePool& stores_;
};

}  // namespace baton
