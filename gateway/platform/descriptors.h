#pragma once

#include <cstdint>

namespace baton {

// Raises the limit on open descriptors to what the system allows this process, and says what it is
// then. The soft limit is 1,024 on many systems, for the sake of programs that use select().
std::uint64_t raise_descriptor_limit();

// How many connections may be open under that limit, so that files, Redis and CRMs still find a
// descriptor.
std::uint64_t connections_within(std::uint64_t wanted, std::uint64_t descriptors);

}  // namespace baton
