#pragma once

#include <cstdint>

namespace baton {

// Raises the limit on open descriptors to the maximum for this process, and returns the new limit.
// On many systems the soft limit is 1,024, for programs that use select().
std::uint64_t raise_descriptor_limit();

// Disables core files and hides the memory from other programs of the same user, because it
// contains keys and personal data. Does nothing under a sanitizer, which needs access itself.
void keep_memory_private();

// Returns how many connections may be open under that limit, so that descriptors remain for files,
// Redis and CRMs.
std::uint64_t connections_within(std::uint64_t wanted, std::uint64_t descriptors);

}  // namespace baton
