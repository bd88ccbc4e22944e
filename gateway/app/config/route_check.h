#pragma once

#include "gateway/app/config/deployment.h"
#include "gateway/core/check/route_probe.h"

namespace baton {

// The look at the routing of a whole deployment, as `baton check` and `baton route --lint` take it:
// with its sources, its CRMs and today's date. Nothing to find where its policies have errors.
RouteProbe check_routes(const Deployment& deployment, Instant now);

}  // namespace baton
