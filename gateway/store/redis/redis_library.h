#pragma once

#include <string>

#include "gateway/store/redis/redis_connection.h"

namespace baton {

// The version of LAYOUT.md this program reads and writes.
constexpr int kLayoutVersion = 1;

// The Lua library, joined from the embedded files, and the revision in its second line.
const std::string& function_library();
int library_revision(std::string_view code);

// Loads the library where it is missing or older than ours; a newer revision is left alone.
Status load_library(RedisConnection& connection);

// Writes the layout's version and the number of partitions into an empty database; refuses one that
// holds a newer layout or another number of partitions.
Status check_layout(RedisConnection& connection, PartitionId partitions);

}  // namespace baton
