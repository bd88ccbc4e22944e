#pragma once

#include "gateway/core/check/route_probe.h"

namespace baton {

// Warns of hours of the next four weeks in which a pool's promise runs but no rep is on duty.
void probe_hours(const YamlDocument& yaml, const Policy& policy, Instant now, RouteProbe& probe);

}  // namespace baton
