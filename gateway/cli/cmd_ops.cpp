#include "gateway/cli/cmd_ops.h"

#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/app/config/deployment.h"
#include "gateway/cli/output.h"
#include "gateway/cli/version.h"
#include "gateway/platform/exit_code.h"
#include "gateway/store/redis/embedded_redis.h"
#include "gateway/store/redis/redis_store.h"
#include "gateway/store/spool/spool.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLowDisk = 1ULL << 30;

std::string spool_folder(const Settings& settings) {
  return settings.spool_folder.empty() ? settings.data + "/spool" : settings.spool_folder;
}

bool is_installed(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path != nullptr ? path : "";
  while (!rest.empty()) {
    const auto end = rest.find(':');
    if (::access((std::string(rest.substr(0, end)) + '/' + program).c_str(), X_OK) == 0)
      return true;
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  return false;
}

// Prints one line for each check and remembers whether any check failed.
class Doctor {
 public:
  void say(bool good, const std::string& what, const std::string& fix = {}) {
    print(fmt::format("{} {}{}", good ? "ok  " : "FIX ", what,
                      good || fix.empty() ? "" : ": " + fix));
    failed_ = failed_ || !good;
  }
  bool failed() const { return failed_; }

 private:
  bool failed_ = false;
};

void check_files(Doctor& doctor, const Settings& settings) {
  std::error_code ec;
  fs::create_directories(settings.data, ec);
  doctor.say(::access(settings.data.c_str(), W_OK) == 0,
             "data folder " + settings.data + " is writable",
             "create it, owned by the user that runs baton");
  const auto space = fs::space(settings.data, ec);
  doctor.say(ec || space.available > kLowDisk,
             fmt::format("disk has {} MiB free", ec ? 0 : space.available >> 20),
             "below 1 GiB; a full disk stops Redis");
  struct stat info {};
  const std::string key = settings.data + "/keys/master.key";
  if (settings.master_key.empty() && ::stat(key.c_str(), &info) == 0) {
    doctor.say((info.st_mode & 077) == 0, "master key is private", "chmod 600 " + key);
    print("note back up " + key + ": without it the stored data cannot be read");
  }
  auto spool = Spool::open(spool_folder(settings), {});
  const auto waiting = spool ? (*spool)->stats().records : 0;
  doctor.say(spool.has_value() && waiting == 0,
             "spool holds " + counted(waiting, "delivery", "deliveries"),
             "the gateway drains it when Redis is healthy; or run: baton spool drain");
}

void check_redis(Doctor& doctor, const Settings& settings) {
  if (settings.redis_url.empty()) {
    doctor.say(is_installed("redis-server"), "redis-server is installed",
               "apt-get install redis-server, or configure redis.url");
    return;
  }
  RedisOptions options;
  options.url = settings.redis_url;
  options.partitions = static_cast<PartitionId>(settings.partitions);
  auto store = make_redis_store(options);
  auto health = store ? (*store)->health() : Result<StoreHealth>(store.error());
  doctor.say(health.has_value(), "Redis answers", health ? "" : health.error().message);
  if (!health) return;
  const auto durable = check_durability(*health, settings.assume_durable);
  doctor.say(durable.has_value(), "Redis is durable", durable ? "" : durable.error().message);
}

}  // namespace

int cmd_doctor(const std::string& folder) {
  Doctor doctor;
  Findings findings;
  const Deployment deployment = load_deployment(folder, findings);
  complain(findings);
  doctor.say(!has_errors(findings), "configuration", "see above; baton check " + folder);
  check_files(doctor, deployment.settings);
  check_redis(doctor, deployment.settings);
  doctor.say(!deployment.settings.admin_tokens.empty(), "the admin API has a token",
             "set admin.tokens; without a token the API refuses all requests");
  doctor.say(!deployment.settings.public_url.empty(), "public_url is set",
             "links in alerts and URL signatures need it");
  return doctor.failed() ? kExitFailed : kExitOk;
}

int cmd_spool_drain(const std::string& folder) {
  Findings findings;
  const Deployment deployment = load_deployment(folder, findings);
  if (has_errors(findings)) {
    complain(findings);
    return kExitConfig;
  }
  const Settings& settings = deployment.settings;
  std::unique_ptr<EmbeddedRedis> embedded;
  RedisOptions options;
  options.url = settings.redis_url;
  options.partitions = static_cast<PartitionId>(settings.partitions);
  if (options.url.empty()) {
    auto started = EmbeddedRedis::start({.data = settings.data});
    if (!started) return fail(started.error());
    embedded = std::move(*started);
    options.url = "unix://" + embedded->socket();
  } else if (auto lock = lock_data_folder(settings.data); !lock) {
    return fail(lock.error());
  }
  auto store = make_redis_store(options);
  if (!store) return fail(store.error());
  auto spool = Spool::open(spool_folder(settings), {});
  if (!spool) return fail(spool.error());
  auto drained = (*spool)->drain([&](std::span<const IntakeRecord> records) -> Status {
    auto answers = (*store)->intake(records);
    if (!answers) return answers.error();
    return {};
  });
  if (!drained) return fail(drained.error());
  complain(counted(*drained, "delivery", "deliveries") + " moved into Redis");
  return kExitOk;
}

std::string version_line() {
  return fmt::format("baton {} ({}, {})", kVersion, kCommit, kCompiler);
}

int cmd_version(bool as_json) {
  if (as_json)
    print(json::serialize(
        json::object{{"version", kVersion}, {"commit", kCommit}, {"compiler", kCompiler}}));
  else
    print(version_line());
  return kExitOk;
}

}  // namespace baton
