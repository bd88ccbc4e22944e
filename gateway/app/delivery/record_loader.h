#pragma once

#include "gateway/app/delivery/store_pool.h"
#include "gateway/app/dispatch/ports.h"
#include "gateway/app/engine/configuration.h"
#include "gateway/app/engine/document_access.h"

namespace baton {

// Loads the newest versions of persons as records for a CRM. Most of them were committed a moment
// ago, and come from the document cache. Thread-safe.
class RecordLoader final : public RecordSource {
 public:
  RecordLoader(const Configuration& configuration, DocumentAccess& access, StorePool& stores)
      : configuration_(configuration), access_(access), stores_(stores) {}
  Result<std::vector<CrmRecord>> load_records(std::span<const PushEntry> entries) override;

 private:
  const Configuration& configuration_;
  DocumentAccess& access_;
  StorePool& stores_;
};

}  // namespace baton
