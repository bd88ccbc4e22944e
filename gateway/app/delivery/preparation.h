#pragma once

#include "gateway/app/delivery/store_pool.h"
#include "gateway/app/engine/configuration.h"
#include "gateway/app/engine/document_access.h"
#include "gateway/app/engine/node_context.h"
#include "gateway/app/views/dry_run.h"

namespace baton {

// The parts of the runtime that prepare messages and tasks. They outlive the preparers.
struct Preparation {
  const NodeContext& node;
  const Configuration& configuration;
  const DocumentAccess& access;
  RehearsedMessages& rehearsed;
  StorePool& stores;
};

}  // namespace baton
