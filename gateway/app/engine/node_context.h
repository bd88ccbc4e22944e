#pragma once

#include <optional>
#include <string>

#include "gateway/app/common/clock_health.h"
#include "gateway/app/config/settings.h"
#include "gateway/platform/clock.h"

namespace baton {

// The name, settings and clock of this node. They do not change while it runs.
struct NodeContext {
  Settings settings;
  std::string name;  // identifies this node in leases (gateway/app/common/node.h)
  const Clock* clock = &system_clock();
  // SLA clocks wait while the store's clock and this node's clock differ by more. Nothing: the
  // clocks are not compared.
  std::optional<Duration> max_skew;
  ClockHealth clock_health;
};

}  // namespace baton
