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

// A look at the routing as a whole before it is used (domain F30, N19): what the file alone cannot
// show, because it depends on the day, on the agreement, on the sources, or on all rules together.
// Every finding is a warning. Nothing here decides anything.

// What the configured sources and CRMs can bring at all; nothing where that is not known.
struct Delivered {
  std::set<std::string> sources, touches;
  std::set<std::string> fields;  // targets of mappings: "country", "company.size", "asset"
  bool crm = false;              // a CRM tells owners
};

struct RouteCount {
  std::string name;
  int leads = 0;
  int nobody = 0;  // of them, those for whom nobody would ever be fit
};

struct RouteProbe {
  std::vector<RouteCount> rules;  // in order, "catch_all" last: what each matched
  std::vector<RouteCount> pools;  // by id
  Findings findings;
};

inline constexpr int kProbeLeads = 1000;

// Sends kProbeLeads made-up leads through all rules, the same ones every time, and looks at the
// four weeks from `now`. `yaml` is the document the policy's routing was loaded from.
RouteProbe probe_routing(const YamlDocument& yaml, const Policy& policy,
                         const std::optional<Delivered>& delivered, Instant now);

// The parts of it.
void probe_leads(const YamlDocument& yaml, const Policy& policy, Instant now, RouteProbe& probe);
void probe_hours(const YamlDocument& yaml, const Policy& policy, Instant now, RouteProbe& probe);
void probe_sources(const YamlDocument& yaml, const RoutingPolicy& routing,
                   const Delivered& delivered, RouteProbe& probe);

// The pointer of the item with this id in a list of the document: "/pools/2"; the list's where none
// has.
std::string pointer_of(const YamlDocument& yaml, std::string_view list, std::string_view key,
                       std::string_view id);
void warn(const YamlDocument& yaml, RouteProbe& probe, std::string_view at, std::string message,
          std::string code);

}  // namespace baton
