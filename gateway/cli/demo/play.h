#pragma once

#include <atomic>

#include "gateway/cli/demo/stage.h"

namespace baton {

// Sends leads and lets reps act on them until interrupted, or until the gateway ends.
Status play_demo(DemoStage& stage, const std::atomic<bool>& interrupted);

}  // namespace baton
