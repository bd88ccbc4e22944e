#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "mapping/instant.h"
#include "mapping/result.h"

namespace baton {

// The gateway of the demo as a process of its own (this program, `run -c FOLDER`), so that it can
// be killed as a power cut would. It dies with the demo. To be used by the main thread only: what a
// child does when its parent dies follows the thread that forked it.
class GatewayChild {
 public:
  // Its messages go to `log`, behind what is there.
  static Result<std::unique_ptr<GatewayChild>> start(const std::string& folder,
                                                     const std::string& log);
  ~GatewayChild();  // SIGTERM; SIGKILL where that does not end it within 12 s

  bool running();
  void kill_hard();  // SIGKILL, and waits until it is gone

 private:
  explicit GatewayChild(pid_t pid) : pid_(pid) {}
  bool reap(Duration at_most);

  pid_t pid_;
};

// Ports nobody listens on just now.
Result<std::uint16_t> free_port();

// Whether a program is on the search path.
bool find_program(std::string_view name);

}  // namespace baton
