#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/engine/crm/crm.h"
#include "adapters/engine/notify/notifier.h"
#include "adapters/engine/source/source.h"
#include "gateway/app/common/replaceable.h"
#include "gateway/app/config/report_settings.h"
#include "gateway/app/messages/messages.h"
#include "gateway/core/policy/policy.h"

namespace baton {

using Crms = std::vector<std::shared_ptr<const Crm>>;
using Names = std::vector<std::string>;

// The configuration that a reload replaces. Threads may load a Replaceable at any time. A reload
// replaces the other members while the engine and the dispatcher pause, because only these use
// them.
struct Configuration {
  std::vector<std::shared_ptr<const Source>> sources;
  std::vector<std::shared_ptr<const Notifier>> notifiers;
  AlertRoutes routes;
  Replaceable<Crms> crms{std::make_shared<Crms>()};
  Replaceable<Names> destinations{std::make_shared<Names>()};  // of all CRMs
  Replaceable<Names> task_takers{std::make_shared<Names>()};   // of the CRMs that show tasks
  Replaceable<ReportSettings> reports{std::make_shared<ReportSettings>()};
  Replaceable<Policy> policy;

  const Source* source(std::string_view name) const;  // nullptr: no source has the name
};

}  // namespace baton
