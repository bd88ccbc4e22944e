#pragma once

#include "gateway/cli/demo/stage.h"

namespace baton {

// The story of `baton demo --once`. Returns the first thing that did not happen as it should.
Status tell_demo_story(DemoStage& stage);

}  // namespace baton
