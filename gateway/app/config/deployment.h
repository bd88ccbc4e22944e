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
// texts.yaml, policy/*.yaml. `check`, `run` and every other command use this one function to
// read it.
struct Deployment {
  std::string folder;
  Settings settings;
  std::vector<std::shared_ptr<const Source>> sources;  // by name
  std::vector<std::shared_ptr<const Crm>> crms;
  std::vector<std::shared_ptr<const Notifier>> notifiers;
  AlertRoutes routes;
  ReportSettings reports;
  std::shared_ptr<const Policy> policy;           // null if it has an error
  std::map<std::string, YamlDocument> documents;  // by path in the folder, after interpolation
  // By path: pointers to values from outside.
  std::map<std::string, std::vector<std::string>> secrets;
};

// Collects all findings of all files. has_errors(findings) tells whether the deployment may run.
Deployment load_deployment(const std::string& folder, Findings& findings);

}  // namespace baton
