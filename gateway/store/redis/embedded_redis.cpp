#include "gateway/store/redis/embedded_redis.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gateway/platform/clock.h"
#include "gateway/platform/files.h"
#include "gateway/platform/log.h"

namespace baton {
namespace {

namespace fs = std::filesystem;

constexpr Duration kLongestPause = seconds(5);
constexpr Duration kStopGrace = seconds(10);
constexpr std::size_t kLongestSocketPath = sizeof(sockaddr_un{}.sun_path) - 1;

void nap() { std::this_thread::sleep_for(std::chrono::milliseconds(5)); }

int open_lock(const std::string& path, int flags) {
  return ::open(path.c_str(), O_RDWR | O_CREAT | flags, 0600);
}

// Returns the answer to PING on the socket: "+PONG", an error such as "-LOADING ...", or "" if no
// server answers.
std::string ping(const std::string& path) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return {};
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), std::min(path.size(), kLongestSocketPath));
  const timeval second{1, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
  std::string answer(64, '\0');
  ssize_t n = -1;
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
      ::write(fd, "PING\r\n", 6) == 6) {
    n = ::read(fd, answer.data(), answer.size());
  }
  ::close(fd);
  answer.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return answer;
}

std::string config_text(const std::string& folder, const std::string& socket,
                        const std::string& max_memory) {
  // Large values are sealed, and ciphertext does not compress: the attempt would take a fifth of
  // Redis's time during a rewrite of the append-only file. Latencies by command are not used.
  std::string text = fmt::format(
      "# Written by Baton at every start. Changes are lost. Settings: baton.yaml, redis.\n"
      "port 0\nunixsocket \"{}\"\nunixsocketperm 700\ndir \"{}\"\nlogfile \"{}/redis.log\"\n"
      "daemonize no\nsupervised no\nsave \"\"\nappendonly yes\nappendfsync always\n"
      "no-appendfsync-on-rewrite no\naof-load-truncated yes\nmaxmemory-policy noeviction\n"
      "hash-max-listpack-entries 32\nhash-max-listpack-value 4096\nenable-debug-command "
      "no\nrdbcompression no\nlatency-tracking no\n"
      "auto-aof-rewrite-min-size 256mb\n",
      socket, folder, folder);
  if (!max_memory.empty()) text += fmt::format("maxmemory {}\n", max_memory);
  return text;
}

// Waits until no older server uses the folder. One may still be shutting down after its gateway
// crashed.
Result<int> lock_for_server(const std::string& folder, Duration patience) {
  const std::string path = folder + "/server.lock";
  const int fd = open_lock(path, 0);  // without CLOEXEC: the server inherits it
  if (fd < 0) return io_error("cannot open", path, errno);
  const Instant end = steady_now() + patience;
  while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (steady_now() > end) {
      ::close(fd);
      return error(Errc::kConflict, "another redis-server still uses this data folder", path);
    }
    nap();
  }
  return fd;
}

[[noreturn]] void become_server(const std::string& program, const std::string& config,
                                pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);  // the gateway died between fork and prctl
  ::setsid();
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execlp(program.c_str(), program.c_str(), config.c_str(), static_cast<char*>(nullptr));
  ::_exit(127);
}

}  // namespace

Result<int> lock_data_folder(const std::string& data) {
  if (auto made = make_private_folder(data); !made) return made.error();
  const std::string path = data + "/gateway.lock";
  const int fd = open_lock(path, O_CLOEXEC);
  if (fd < 0) return io_error("cannot open", path, errno);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    char holder[32] = {};
    [[maybe_unused]] const auto n = ::pread(fd, holder, sizeof holder - 1, 0);
    ::close(fd);
    return error(Errc::kConflict,
                 fmt::format("another gateway (pid {}) uses this data folder; stop it, or set "
                             "--data another folder",
                             std::atoi(holder)),
                 data);
  }
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, pid.data(), pid.size(), 0) < 0) {
    log_warn("store", "cannot write the pid into the lock file");
  }
  return fd;
}

EmbeddedRedis::EmbeddedRedis(Options options, int gateway_lock)
    : options_(std::move(options)), gateway_lock_(gateway_lock) {
  std::error_code ec;
  folder_ = fs::absolute(options_.data, ec).string() + "/redis";
  socket_ = folder_ + "/redis.sock";
}

Result<std::unique_ptr<EmbeddedRedis>> EmbeddedRedis::start(const Options& options) {
  auto lock = lock_data_folder(options.data);
  if (!lock) return lock.error();
  std::unique_ptr<EmbeddedRedis> redis(new EmbeddedRedis(options, *lock));
  if (redis->socket_.size() > kLongestSocketPath) {
    return error(
        Errc::kInvalidInput,
        fmt::format(
            "the path of the data folder is too long for a unix socket ({} bytes, at most {}); "
            "set --data to a shorter one, or set redis.url",
            redis->socket_.size(), kLongestSocketPath),
        options.data);
  }
  if (auto made = make_private_folder(redis->folder_); !made) return made.error();
  if (auto spawned = redis->spawn(); !spawned) {
    if (spawned.error().code != Errc::kTransient) return spawned.error();
    // The disk may be full, for example. Deliveries go to the spool until supervise() succeeds.
    log_error("store", "cannot start redis-server", {{"error", spawned.error().message}});
    redis->next_try_ = steady_now() + kLongestPause;
  }
  return redis;
}

Status EmbeddedRedis::spawn() {
  auto lock = lock_for_server(folder_, seconds(30));
  if (!lock) return lock.error();
  const std::string config = folder_ + "/redis.conf";
  if (auto written =
          write_file_durably(config, config_text(folder_, socket_, options_.max_memory), 0600);
      !written) {
    ::close(*lock);
    return written.error();
  }
  ::unlink(socket_.c_str());
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) become_server(options_.program, config, parent);
  ::close(*lock);  // the server holds it now
  if (pid_ < 0) return io_error("cannot start", options_.program, errno);
  started_at_ = steady_now();
  const Instant end = started_at_ + options_.start_timeout;
  while (steady_now() < end) {
    if (ping(socket_).starts_with("+PONG")) return {};
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      const bool absent = WIFEXITED(status) && WEXITSTATUS(status) == 127;
      return error(absent ? Errc::kNotFound : Errc::kTransient,
                   absent ? "redis-server is not installed (Debian: apt-get install redis-server); "
                            "install it, or set redis.url"
                          : "redis-server exited immediately; see its log",
                   folder_ + "/redis.log");
    }
    nap();
  }
  return error(Errc::kTransient, "redis-server does not answer; see its log",
               folder_ + "/redis.log");
}

void EmbeddedRedis::supervise() {
  const Instant now = steady_now();
  if (pid_ > 0) {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != pid_) return;
    log_error("store", "redis-server exited; restarting it", {{"status", status}});
    pid_ = -1;
    if (now - started_at_ > seconds(60)) pause_ = milliseconds(100);
    next_try_ = now + pause_;
  }
  if (now < next_try_) return;
  if (auto spawned = spawn(); !spawned) {
    log_error("store", "cannot start redis-server", {{"error", spawned.error().message}});
    pause_ = std::min(Duration{pause_.ms * 2}, kLongestPause);
    next_try_ = steady_now() + pause_;
  }
}

EmbeddedRedis::~EmbeddedRedis() {
  if (pid_ > 0) {
    ::kill(pid_, SIGTERM);
    const Instant end = steady_now() + kStopGrace;
    int status = 0;
    while (::waitpid(pid_, &status, WNOHANG) == 0) {
      if (steady_now() > end) ::kill(pid_, SIGKILL);
      nap();
    }
  }
  if (gateway_lock_ >= 0) ::close(gateway_lock_);
}

}  // namespace baton
