#include "gateway/cli/cmd_demo.h"

#include <atomic>
#include <csignal>
#include <sstream>

#include <fmt/format.h>

#include "gateway/cli/demo/child.h"
#include "gateway/cli/demo/play.h"
#include "gateway/cli/demo/report.h"
#include "gateway/cli/demo/story.h"
#include "gateway/cli/output.h"
#include "gateway/platform/exit_code.h"
#include "gateway/platform/files.h"
#include "gateway/platform/log.h"

namespace baton {
namespace {

constexpr std::size_t kLogLines = 8;

std::atomic<bool> interrupted = false;

void on_signal(int) { interrupted.store(true); }

void catch_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

// Prints the last lines of the gateway's log, so that the user can find the cause.
void show_end_of_log(const std::string& file) {
  const auto content = read_file(file);
  if (!content) return;
  std::istringstream in(*content);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  for (std::size_t i = lines.size() > kLogLines ? lines.size() - kLogLines : 0; i < lines.size();
       ++i)
    complain("gateway: " + lines[i]);
}

int conclude(DemoStage& stage, bool whole_story) {
  const auto numbers = demo_numbers(*stage.client, *stage.sandbox, stage.language);
  if (!numbers) return fail(numbers.error());
  print(json::serialize(*numbers));
  const auto faults = demo_faults(*numbers, whole_story);
  for (const auto& fault : faults) complain(fault);
  return faults.empty() ? kExitOk : kExitFailed;
}

int give_up(const DemoStage& stage, const Error& why, int code) {
  complain(why.message);
  if (interrupted.load()) return kExitFailed;
  show_end_of_log(stage.home->log());
  return code;
}

int play(DemoStage& stage, bool once) {
  if (auto serving = stage.start_gateway(); !serving)
    return give_up(stage, serving.error(), kExitUnavailable);
  const Status played = once ? tell_demo_story(stage) : play_demo(stage, interrupted);
  if (!played) return give_up(stage, played.error(), kExitFailed);
  interrupted.store(false);  // a second Ctrl-C also ends the counting
  return conclude(stage, once);
}

}  // namespace

int cmd_demo(const DemoOptions& options) {
  if (!find_program("redis-server")) {
    complain(
        "the demo needs redis-server on the search path; install it (Debian: apt-get install "
        "redis-server)");
    return kExitUnavailable;
  }
  catch_signals();
  set_log(LogLevel::kError, false);
  auto stage = DemoStage::set(options.language, interrupted);
  if (!stage) {
    complain(stage.error().message);
    return kExitUnavailable;
  }
  return play(**stage, options.once);
}

}  // namespace baton
