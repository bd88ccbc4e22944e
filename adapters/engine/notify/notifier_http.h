#pragma once

#include <memory>

#include "adapters/engine/notify/channel_config.h"

namespace baton {

// Return null after errors, which are in `findings`.
std::unique_ptr<Notifier> make_http_notifier(const ChannelConfig& config, Findings& findings);

}  // namespace baton
