#pragma once

#include <memory>
#include <string>

#include "adapters/engine/notify/notifier.h"
#include "mapping/json/json.h"

namespace baton {

// A channel of alerts.yaml while it is built: its configuration, and the adapter's spec with the
// settings substituted.
struct ChannelConfig {
  const YamlDocument& alerts;
  std::string place;  // JSON pointer to the channel
  const json::object& channel;
  const YamlDocument& spec;
  std::string name;
  Mode mode = Mode::kObserve;
};

}  // namespace baton
