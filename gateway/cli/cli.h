#pragma once

namespace baton {

// Parses the command line with CLI11 and runs the command. Returns the exit code
// (gateway/platform/exit_code.h).
int run_command_line(int argc, const char* const* argv);

}  // namespace baton
