#pragma once

#include <cstdint>

namespace baton {

// Raises the limit on open descriptors to what the system allows this process, and says what it is
// then. The soft limit is 1,024 on many systems, for the sake of programs that use select().
std::uint64_t raise_descriptor_limit();

// From now on a crash leaves no core file, and other programs of the same user cannot look into the
// memory: it holds keys and persons. Not under a sanitizer, which has to look itself.
void keep_memory_private();

// How many connections may be open under that limit, so that files, Redis and CRMs still find a
// descriptor.
std::uint64_t connections_within(std::uint64_t wanted, std::uint64_t descriptors);

}  // namespace baton
