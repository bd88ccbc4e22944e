#include <cstdio>
#include <exception>

#include "gateway/cli/cli.h"
#include "gateway/platform/exit_code.h"

// jemalloc reads this before main. Large blocks return to the system as soon as they are free,
// small ones within half a second. Otherwise a burst of bodies of a megabyte each would leave the
// process large.
extern "C" const char* const malloc_conf =
    "narenas:4,oversize_threshold:262144,dirty_decay_ms:500,muzzy_decay_ms:0";

// Fails if something of the output was not written, so that no script goes on with half a file.
int written(int code) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
  std::fprintf(stderr, "baton: the output could not be written completely\n");
  return code == baton::kExitOk ? baton::kExitOutput : code;
}

int main(int argc, char** argv) {
  try {
    return written(baton::run_command_line(argc, argv));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "baton: internal error: %s\n", e.what());
    return baton::kExitInternal;
  }
}
