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
  std::string channel;          // "": as the routes say
  std::string calendar;         // the calendar of its zone and days; "": that of the clocks
  bool individuals = false;     // include figures of single reps
};

// `operators:` of alerts.yaml: who is notified that Baton's clocks cannot be trusted.
struct OperatorSettings {
  std::vector<std::string> to;  // rep ids
  std::string channel;
};

struct ReportSettings {
  DigestSettings digest;
  OperatorSettings operators;
};

// Checks the names of channels here. check_report_settings checks those of reps and calendars.
ReportSettings load_report_settings(const YamlDocument& alerts, Findings& findings);
void check_report_settings(const YamlDocument& alerts, const Policy& policy, Findings& findings);

}  // namespace baton
