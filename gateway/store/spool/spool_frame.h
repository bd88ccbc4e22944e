#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "gateway/store/store.h"

namespace baton {

// The spool's frame (grammar in spool.h), apart from files so that it can be fuzzed.
void append_frame(const IntakeRecord& record, std::string& out);

struct FramesRead {
  std::uint64_t records = 0;
  std::size_t bytes = 0;  // up to the end of the last whole frame
};

// Hands out every whole frame; stops at the first that is cut, too long or broken.
FramesRead read_frames(std::string_view content, const std::function<void(IntakeRecord&&)>& each);

}  // namespace baton
