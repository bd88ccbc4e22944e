#pragma once

#include "gateway/core/check/route_probe.h"

namespace baton {

// Counts the synthetic leads of each rule and pool. Warns of leads without an eligible rep, of
// rules that no lead reaches, and of unused pools.
void probe_leads(const YamlDocument& yaml, const Policy& policy, Instant now, RouteProbe& probe);

}  // namespace baton
