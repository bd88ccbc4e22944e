#include <cstdio>
#include <exception>

#include "gateway/cli/cli.h"
#include "gateway/platform/exit_code.h"

// Read by jemalloc before main: what is large goes back to the system as soon as it is free, what
// is small within half a second of work, so that a siege by bodies of a megabyte neither makes the
// gateway large nor stays in its size.
extern "C" const char* const malloc_conf =
    "narenas:4,oversize_threshold:262144,dirty_decay_ms:500,muzzy_decay_ms:0";

int main(int argc, char** argv) {
  try {
    return baton::run_command_line(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "baton: internal error: %s\n", e.what());
    return baton::kExitInternal;
  }
}
