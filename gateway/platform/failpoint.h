#pragma once

// Named places at which a test build ends, stops or slows down on purpose, so that tests can try
// the instants that matter (docs/explanation/guarantees.md lists them). Built in with the CMake
// option BATON_FAILPOINTS; without it the macro is nothing and no name is in the program.
//
//   BATON_FAILPOINTS="spool.synced=abort@3,push.answered=sleep:200"
//
// abort: the process is gone at once, as by kill -9. stop: SIGSTOP to itself. sleep:MS: the thread
// sleeps. @N: at the Nth time the place is reached, and only then; without it abort and stop act at
// the first, sleep acts always.

#include "gateway/platform/failpoint_built.h"  // generated: BATON_FAILPOINTS_BUILT is 0 or 1

#if BATON_FAILPOINTS_BUILT

#include <string>
#include <string_view>
#include <vector>

#include "mapping/result.h"

namespace baton {

struct Failpoint {
  enum class Action { kAbort, kStop, kSleep };
  std::string name;
  Action action = Action::kAbort;
  int sleep_ms = 0;
  int at = 0;  // 0: always
};

// kInvalidInput where the text is not of the form above.
Result<std::vector<Failpoint>> parse_failpoints(std::string_view text);

// Acts as the environment asks for; a wrong text there ends the process with 78. Thread-safe.
void reach_failpoint(std::string_view name);

}  // namespace baton

#define BATON_FAILPOINT(name) ::baton::reach_failpoint(name)
#else
#define BATON_FAILPOINT(name) static_cast<void>(0)
#endif
