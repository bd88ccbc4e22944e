#pragma once

#include <string>
#include <vector>

#include "gateway/core/policy/policy.h"
#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// `digest:` of alerts.yaml: who gets the daily digest, and when.
struct DigestSettings {
  int at_s = -1;                // seconds of the local day; -1: no digest
  std::vector<std::string> to;  // rep ids
  std::string channel;          // "": as routes say
  std::string calendar;         // whose zone and days it goes by; "": that of the clocks
  bool individuals = false;     // figures of single reps too
};

// `operators:` of alerts.yaml: who hears that Baton's own clocks cannot be trusted.
struct OperatorSettings {
  std::vector<std::string> to;  // rep ids
  std::string channel;
};

struct ReportSettings {
  DigestSettings digest;
  OperatorSettings operators;
};

// Names of channels are checked here, those of reps and calendars by check_report_settings.
ReportSettings load_report_settings(const YamlDocument& alerts, Findings& findings);
void check_report_settings(const YamlDocument& alerts, const Policy& policy, Findings& findings);

}  // namespace baton
