#pragma once

#include "gateway/app/dispatch/feedback_freshness.h"
#include "gateway/app/documents/reindexer.h"
#include "gateway/app/engine/applier.h"
#include "gateway/app/engine/configuration.h"
#include "gateway/app/engine/document_access.h"
#include "gateway/app/engine/engine_thread.h"
#include "gateway/app/engine/leases.h"
#include "gateway/app/engine/node_context.h"
#include "gateway/app/engine/policy_versions.h"
#include "gateway/app/engine/signals.h"
#include "gateway/app/engine/stores.h"
#include "gateway/app/views/dry_run.h"

namespace baton {

// Owns what the threads of one gateway share, and outlives them. Workers do not get the runtime,
// but the parts of it that they use. Every part is read-only or thread-safe.
struct Runtime {
  NodeContext node;
  Configuration configuration;
  DocumentAccess access;
  Stores stores;
  Leases leases;
  Signals signals;
  ClockRulesBook rules;
  FeedbackFreshness feedback;
  RehearsedMessages rehearsed;
  ReindexRequests reindex;

  ApplierParts applier() { return {configuration, access, feedback, rules, signals, *node.clock}; }
  EngineParts engine() { return {node, stores, applier()}; }
};

}  // namespace baton
