#include <cstdio>
#include <exception>

#include "gateway/cli/cli.h"
#include "gateway/platform/exit_code.h"

int main(int argc, char** argv) {
  try {
    return baton::run_command_line(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "baton: internal error: %s\n", e.what());
    return baton::kExitInternal;
  }
}
