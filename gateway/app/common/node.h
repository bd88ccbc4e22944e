#pragma once

#include <string>

#include "mapping/result.h"

namespace baton {

// The name under which a gateway holds leases: random, kept in the file `node` of its data folder.
// One gateway at a time holds the lock on that folder, so after a crash the next one is the same
// node: it takes its leases up at once instead of waiting until they run out.
Result<std::string> node_name(const std::string& data);

}  // namespace baton
