#pragma once

#include <string>

#include "gateway/store/redis/redis_connection.h"

namespace baton {

// The version of LAYOUT.md that this program reads and writes.
constexpr int kLayoutVersion = 1;

// Return the Lua library, joined from the embedded files, and the revision in its second line.
const std::string& function_library();
int library_revision(std::string_view code);

// Loads the library if it is missing or older than this program's. Keeps a newer revision.
Status load_library(RedisConnection& connection);

// Writes the layout version and the number of partitions into an empty database. Refuses a database
// with a newer layout or another number of partitions.
Status check_layout(RedisConnection& connection, PartitionId partitions);

}  // namespace baton
