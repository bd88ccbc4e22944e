#pragma once

#include <memory>

#include "adapters/engine/notify/channel_config.h"

namespace baton {

std::unique_ptr<Notifier> make_mail_notifier(const ChannelConfig& config, Findings& findings);

}  // namespace baton
