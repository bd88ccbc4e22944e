#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gateway/core/policy/policy.h"
#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// Checks the routing as a whole before it is used (requirements F30, N19). It finds problems that
// the file alone cannot show, because they depend on the day, the agreement, the sources, or all
// rules together. Every finding is a warning.

// The values that the configured sources and CRMs can deliver. Absent if that is not known.
struct Delivered {
  std::set<std::string> sources, touches;
  std::set<std::string> fields;  // targets of mappings: "country", "company.size", "asset"
  bool crm = false;              // a CRM reports owners
};

struct RouteCount {
  std::string name;
  int leads = 0;
  int nobody = 0;  // of these, leads for which no rep is ever eligible
};

struct RouteProbe {
  std::vector<RouteCount> rules;  // leads that each rule matched, in order, "catch_all" last
  std::vector<RouteCount> pools;  // leads that came to each pool, by id
  Findings findings;
};

inline constexpr int kProbeLeads = 1000;

// Sends kProbeLeads synthetic leads through all rules and examines the four weeks from `now`. The
// same policy gives the same leads. `yaml` is the document that the policy's routing was loaded
// from.
RouteProbe probe_routing(const YamlDocument& yaml, const Policy& policy,
                         const std::optional<Delivered>& delivered, Instant now);

// The part about sources: warns of rules that no source can match.
void probe_sources(const YamlDocument& yaml, const RoutingPolicy& routing,
                   const Delivered& delivered, RouteProbe& probe);

// The pointer to the item with this id in a list of the document, such as "/pools/2". The pointer
// to the list if no item has the id.
std::string pointer_of(const YamlDocument& yaml, std::string_view list, std::string_view key,
                       std::string_view id);
void warn(const YamlDocument& yaml, RouteProbe& probe, std::string_view at, std::string message,
          std::string code);

}  // namespace baton
