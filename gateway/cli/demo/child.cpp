#include "gateway/cli/demo/child.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "gateway/platform/clock.h"

namespace baton {
namespace {

constexpr Duration kGrace = seconds(12);
constexpr useconds_t kReapPause = 5'000;

Error system_error(std::string_view what) {
  return error(Errc::kTransient, std::string(what) + ": " + std::strerror(errno));
}

// Runs between fork and exec: only async-signal-safe calls.
[[noreturn]] void become_gateway(const char* folder, int log, pid_t parent) {
  ::setpgid(0, 0);  // the demo handles Ctrl-C and then stops the gateway
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(1);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  ::execl("/proc/self/exe", "baton", "run", "-c", folder, static_cast<char*>(nullptr));
  ::_exit(127);
}

}  // namespace

Result<std::unique_ptr<GatewayChild>> GatewayChild::start(const std::string& folder,
                                                          const std::string& log) {
  const int fd = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return system_error("the gateway's log " + log);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) become_gateway(folder.c_str(), fd, parent);
  ::close(fd);
  if (pid < 0) return system_error("starting the gateway");
  return std::unique_ptr<GatewayChild>(new GatewayChild(pid));
}

GatewayChild::~GatewayChild() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGTERM);
  if (reap(kGrace)) return;
  ::kill(pid_, SIGKILL);
  reap(kGrace);
}

bool GatewayChild::reap(Duration at_most) {
  const auto deadline = system_clock().steady_ns() + at_most.ms * 1'000'000;
  while (pid_ > 0) {
    if (::waitpid(pid_, nullptr, WNOHANG) != 0) {
      pid_ = -1;
      return true;
    }
    if (system_clock().steady_ns() > deadline) return false;
    ::usleep(kReapPause);
  }
  return true;
}

bool GatewayChild::running() { return !reap(Duration{0}); }

void GatewayChild::kill_hard() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  reap(kGrace);
}

Result<std::uint16_t> free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return system_error("a socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const bool ok = ::bind(fd, generic, size) == 0 && ::getsockname(fd, generic, &size) == 0;
  const Error failed = system_error("a free port");
  ::close(fd);
  if (!ok) return failed;
  return ntohs(address.sin_port);
}

bool find_program(std::string_view name) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path != nullptr ? path : "/usr/bin:/bin";
  while (!rest.empty()) {
    const auto end = std::min(rest.find(':'), rest.size());
    const std::string file = std::string(rest.substr(0, end)) + '/' + std::string(name);
    if (::access(file.c_str(), X_OK) == 0) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

}  // namespace baton
