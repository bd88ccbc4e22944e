#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/engine/crm/crm.h"
#include "adapters/engine/notify/notifier.h"
#include "adapters/engine/source/source.h"
#include "gateway/app/common/clock_health.h"
#include "gateway/app/common/replaceable.h"
#include "gateway/app/common/wakeup.h"
#include "gateway/app/config/report_settings.h"
#include "gateway/app/config/settings.h"
#include "gateway/app/dispatch/feedback_freshness.h"
#include "gateway/app/documents/claims.h"
#include "gateway/app/documents/document_cache.h"
#include "gateway/app/documents/documents.h"
#include "gateway/app/documents/reindexer.h"
#include "gateway/app/engine/leases.h"
#include "gateway/app/engine/policy_versions.h"
#include "gateway/app/messages/messages.h"
#include "gateway/app/views/dry_run.h"
#include "gateway/core/policy/policy.h"
#include "gateway/platform/clock.h"
#include "gateway/store/seal/keyring.h"
#include "gateway/store/store.h"

namespace baton {

using Crms = std::vector<std::shared_ptr<const Crm>>;
using Names = std::vector<std::string>;
using StoreFactory = std::function<Result<std::unique_ptr<Store>>()>;

// What the threads of one gateway share. Made once at start, outlives them; everything in it is
// read-only or safe to use from any thread. A reload replaces sources, notifiers and routes while
// workers and dispatcher stand still: nobody else reads them.
struct Runtime {
  Settings settings;
  std::string node;  // names this gateway in leases (gateway/app/common/node.h)
  std::vector<std::shared_ptr<const Source>> sources;
  Replaceable<Crms> crms{std::make_shared<Crms>()};
  std::vector<std::shared_ptr<const Notifier>> notifiers;
  AlertRoutes routes;
  Replaceable<ReportSettings> reports{std::make_shared<ReportSettings>()};
  Replaceable<Names> destinations{std::make_shared<Names>()};  // of the CRMs
  Replaceable<Names> task_takers{std::make_shared<Names>()};   // of those that show tasks
  std::unique_ptr<Keyring> keys;
  std::unique_ptr<Claims> claims;
  std::unique_ptr<Documents> documents;
  DocumentCache cache;
  StoreFactory open_store;
  StoreFactory open_wide_store;  // for large batches; may be empty
  const Clock* clock = &system_clock();
  // By how much the store's clock and this machine's may differ before SLA clocks wait; nothing:
  // not compared.
  std::optional<Duration> most_skew;
  Replaceable<Policy> policy;
  ClockRulesBook rules;
  RehearsedMessages rehearsed;
  ReindexRequests reindex;
  ClockHealth clocks;
  FeedbackFreshness feedback;
  Leases leases;

  std::unique_ptr<EngineWakeup> wake = std::make_unique<EngineWakeup>();
  std::function<void()> wake_dispatcher = [] {};
  std::atomic<bool> stopping = false;

  const Source* source(std::string_view name) const;
  void wake_engine() { wake->all(); }
  Result<std::unique_ptr<Store>> engine_store() const {
    return open_wide_store ? open_wide_store() : open_store();
  }
};

}  // namespace baton
