#pragma once

#include <memory>
#include <string>

#include "adapters/engine/notify/notifier.h"
#include "mapping/json/json.h"

namespace baton {

// One channel of alerts.yaml on its way to a notifier: what the configuration says, and the
// adapter's spec with the settings put in.
struct ChannelConfig {
  const YamlDocument& alerts;
  std::string place;  // JSON pointer of the channel
  const json::object& channel;
  const YamlDocument& spec;
  std::string name;
  Mode mode = Mode::kObserve;
};

// Nothing where something is wrong; that is in `findings` then.
std::unique_ptr<Notifier> make_http_notifier(const ChannelConfig& config, Findings& findings);
std::unique_ptr<Notifier> make_mail_notifier(const ChannelConfig& config, Findings& findings);

}  // namespace baton
