#pragma once

#include <string>

namespace baton {

// Checks that a deployment is ready for production and prints one line for each check. kExitFailed
// if a check fails.
int cmd_doctor(const std::string& folder);

// Moves the spooled deliveries into Redis. Fails while a gateway runs on the data folder.
int cmd_spool_drain(const std::string& folder);

// "baton 1.2.0 (commit, compiler)".
std::string version_line();
int cmd_version(bool as_json);

}  // namespace baton
