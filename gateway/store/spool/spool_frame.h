#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "gateway/store/store.h"

namespace baton {

// The frame of the spool (grammar in spool.h), separate from files so that it can be fuzzed.
void append_frame(const IntakeRecord& record, std::string& out);

struct FramesRead {
  std::uint64_t records = 0;
  std::size_t bytes = 0;  // up to the end of the last complete frame
};

// Passes on every complete frame. Stops at the first one that is truncated, too long or damaged.
FramesRead read_frames(std::string_view content, const std::function<void(IntakeRecord&&)>& each);

}  // namespace baton
