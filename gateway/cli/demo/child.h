#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "mapping/instant.h"
#include "mapping/result.h"

namespace baton {

// The demo's gateway as a child process (this program, `run -c FOLDER`), so that the demo can kill
// it as a power cut would. It ends when the demo ends. Use it from the main thread only: the kernel
// signals a child when the thread that forked it ends.
class GatewayChild {
 public:
  // Appends the gateway's messages to `log`.
  static Result<std::unique_ptr<GatewayChild>> start(const std::string& folder,
                                                     const std::string& log);
  ~GatewayChild();  // SIGTERM, then SIGKILL if it still runs after 12 s

  bool running();
  void kill_hard();  // SIGKILL; returns when the process has ended

 private:
  explicit GatewayChild(pid_t pid) : pid_(pid) {}
  bool reap(Duration at_most);

  pid_t pid_;
};

// Ports on which nothing listens at the moment.
Result<std::uint16_t> free_port();

// Whether a program is on the search path.
bool find_program(std::string_view name);

}  // namespace baton
