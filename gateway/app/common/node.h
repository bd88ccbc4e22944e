#pragma once

#include <string>

#include "mapping/result.h"

namespace baton {

// The name under which a gateway holds leases: random, stored in the file `node` of its data
// folder. Only one gateway at a time holds the lock on that folder, so after a crash the next
// process is the same node. It takes over its leases at once instead of waiting until they expire.
Result<std::string> node_name(const std::string& data);

}  // namespace baton
