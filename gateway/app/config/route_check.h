#pragma once

#include "gateway/app/config/deployment.h"
#include "gateway/core/check/route_probe.h"

namespace baton {

// Checks the routing of a whole deployment, for `baton check` and `baton route --lint`: with its
// sources, its CRMs and today's date. Reports nothing if its policies have errors.
RouteProbe check_routes(const Deployment& deployment, Instant now);

}  // namespace baton
