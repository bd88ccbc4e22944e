#pragma once

// Named places at which a test build ends, stops or slows down on purpose, so that tests can cover
// critical moments (docs/explanation/guarantees.md lists them). They are built in with the CMake
// option BATON_FAILPOINTS; without it the macro is empty and the program contains no name.
//
//   BATON_FAILPOINTS="spool.synced=abort@3,push.answered=sleep:200"
//
// abort ends the process at once, like kill -9. stop sends SIGSTOP to the process. sleep:MS makes
// the thread sleep. @N acts only when the place is reached for the Nth time. Without it, abort and
// stop act the first time, sleep every time.

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

// Fails with kInvalidInput if the text does not have this form.
Result<std::vector<Failpoint>> parse_failpoints(std::string_view text);

// Executes the action that the environment requests. An invalid text there ends the process with
// 78. Thread-safe.
void reach_failpoint(std::string_view name);

}  // namespace baton

#define BATON_FAILPOINT(name) ::baton::reach_failpoint(name)
#else
#define BATON_FAILPOINT(name) static_cast<void>(0)
#endif
