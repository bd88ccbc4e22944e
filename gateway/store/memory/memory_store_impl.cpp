#include "gateway/store/memory/memory_store_impl.h"

#include <charconv>

#include <fmt/format.h>

#include "gateway/store/store_names.h"

namespace baton {

std::string to_entry(StreamId id) { return fmt::format("{}-{}", id.first, id.second); }

StreamId to_stream_id(std::string_view entry) {
  StreamId id{entry_instant(entry).ms, 0};
  if (const auto dash = entry.find('-'); dash != entry.npos) {
    std::from_chars(entry.data() + dash + 1, entry.data() + entry.size(), id.second);
  }
  return id;
}

}  // namespace baton
