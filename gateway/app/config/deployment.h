#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/engine/crm/crm.h"
#include "adapters/engine/notify/notifier.h"
#include "adapters/engine/source/source.h"
#include "gateway/app/config/report_settings.h"
#include "gateway/app/config/settings.h"
#include "gateway/app/messages/messages.h"
#include "gateway/core/policy/policy.h"
#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// A config folder, read and compiled: baton.yaml, sources/*.yaml, crm/*.yaml, alerts.yaml,
// texts.yaml, policy/*.yaml. `check`, `run` and every other command read it through this one
// function.
struct Deployment {
  std::string folder;
  Settings settings;
  std::vector<std::shared_ptr<const Source>> sources;  // by name
  std::vector<std::shared_ptr<const Crm>> crms;
  std::vector<std::shared_ptr<const Notifier>> notifiers;
  AlertRoutes routes;
  ReportSettings reports;
  std::shared_ptr<const Policy> policy;           // null where there is an error in it
  std::map<std::string, YamlDocument> documents;  // by path in the folder, after substitution
  std::map<std::string, std::vector<std::string>>
      secrets;  // by path: pointers that came from outside
};

// Collects every finding of every file; has_errors(findings) says whether the deployment may run.
Deployment load_deployment(const std::string& folder, Findings& findings);

}  // namespace baton
