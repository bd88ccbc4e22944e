#include <cstdio>
#include <exception>

#include "gateway/cli/cli.h"
#include "gateway/platform/exit_code.h"

// Read by jemalloc before main: what is free goes back to the system after a second, by a thread of its
// own, so that one siege by bodies of a megabyte does not stay in the gateway's size.
extern "C" const char* const malloc_conf = "background_thread:true,dirty_decay_ms:1000,muzzy_decay_ms:0";

int main(int argc, char** argv) {
  try {
    return baton::run_command_line(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "baton: internal error: %s\n", e.what());
    return baton::kExitInternal;
  }
}
