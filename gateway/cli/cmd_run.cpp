#include "gateway/cli/cmd_run.h"

#include <csignal>
#include <ctime>

#include <fmt/format.h>
#include <unistd.h>

#include "gateway/app/config/deployment.h"
#include "gateway/cli/output.h"
#include "gateway/platform/descriptors.h"
#include "gateway/platform/exit_code.h"
#include "gateway/platform/log.h"
#include "gateway/server/gateway.h"
#include "gateway/store/redis/embedded_redis.h"

namespace baton {
namespace {

constexpr Duration kGrace = seconds(10);

// SIGTERM and SIGINT stop the gateway, SIGHUP reloads the configuration. All threads inherit the
// mask, and only the main thread waits for these signals.
sigset_t block_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGCHLD}) sigaddset(&set, signal);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  return set;
}

void set_up_log(const Settings& settings) {
  const LogLevel level = settings.log_level == "debug"   ? LogLevel::kDebug
                         : settings.log_level == "warn"  ? LogLevel::kWarn
                         : settings.log_level == "error" ? LogLevel::kError
                                                         : LogLevel::kInfo;
  set_log(level, settings.log_format == "json" ||
                     (settings.log_format == "auto" && ::isatty(STDERR_FILENO) == 0));
}

// Lowers the connection limit if the limit on open descriptors is too small. Otherwise client
// connections could use up the descriptors that the gateway needs for its own files.
void fit_into_descriptors(Settings& settings) {
  const auto descriptors = raise_descriptor_limit();
  const auto fit = static_cast<int>(
      connections_within(static_cast<std::uint64_t>(settings.connections), descriptors));
  if (fit == settings.connections) return;
  log_warn(
      "gateway", "fewer connections than configured: the limit on open descriptors is low",
      {{"descriptors", descriptors}, {"configured", settings.connections}, {"connections", fit}});
  settings.connections = fit;
}

// The private Redis, or only the lock on the data folder if Redis runs elsewhere.
struct Storage {
  std::unique_ptr<EmbeddedRedis> redis;
  int lock = -1;
  std::string url;
};

Result<Storage> open_storage(const Settings& settings) {
  Storage storage;
  storage.url = settings.redis_url;
  if (!storage.url.empty()) {
    auto lock = lock_data_folder(settings.data);
    if (!lock) return lock.error();
    storage.lock = *lock;
    return storage;
  }
  auto redis =
      EmbeddedRedis::start({.data = settings.data, .max_memory = settings.redis_max_memory});
  if (!redis) return redis.error();
  storage.redis = std::move(*redis);
  storage.url = "unix://" + storage.redis->socket();
  return storage;
}

void reload(Gateway& gateway, const std::string& folder) {
  Findings findings;
  Deployment deployment = load_deployment(folder, findings);
  if (!has_errors(findings)) return gateway.reload(std::move(deployment));
  for (const auto& finding : findings)
    log_error("gateway", "the configuration has a finding", {{"finding", to_string(finding)}});
  log_error("gateway", "the configuration has errors; keeping the old one",
            {{"findings", findings.size()}});
}

void wait_for_the_end(const sigset_t& signals, Gateway& gateway, EmbeddedRedis* redis,
                      const std::string& folder) {
  for (;;) {
    const timespec tick{0, 100'000'000};
    const int signal = ::sigtimedwait(&signals, nullptr, &tick);
    if (redis != nullptr) redis->supervise();
    gateway.publish();
    if (signal == SIGHUP) reload(gateway, folder);
    if (signal == SIGTERM || signal == SIGINT) return;
  }
}

}  // namespace

int cmd_run(const RunOptions& options) {
  keep_memory_private();
  Findings findings;
  Deployment deployment = load_deployment(options.config, findings);
  complain(findings);
  if (has_errors(findings)) return kExitConfig;
  if (!options.data.empty()) deployment.settings.data = options.data;
  if (deployment.settings.public_url.empty())
    deployment.settings.public_url = "http://" + to_string(deployment.settings.public_listener);
  set_up_log(deployment.settings);
  fit_into_descriptors(deployment.settings);
  const sigset_t signals = block_signals();
  auto storage = open_storage(deployment.settings);
  if (!storage) return fail(storage.error());
  {
    auto gateway = Gateway::start(std::move(deployment), {storage->url});
    if (!gateway) return fail(gateway.error());
    log_info(
        "gateway", "serving",
        {{"public_port", (*gateway)->public_port()}, {"admin_port", (*gateway)->admin_port()}});
    wait_for_the_end(signals, **gateway, storage->redis.get(), options.config);
    log_info("gateway", "stopping");
    (*gateway)->stop(kGrace);
  }
  storage->redis.reset();
  log_info("gateway", "stopped");
  return kExitOk;
}

}  // namespace baton
