#pragma once

namespace baton {

// Reads the command line and runs the command; the result is the exit code. CLI11 stands behind it.
int run_command_line(int argc, const char* const* argv);

}  // namespace baton
