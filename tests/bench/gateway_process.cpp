#include "tests/bench/gateway_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include <fmt/format.h>

#include "gateway/app/documents/decision_log.h"
#include "gateway/store/redis/redis_store.h"
#include "tests/bench/deliveries.h"
#include "tests/bench/load.h"

namespace baton::bench {
namespace {

constexpr PartitionId kPartitions = 16;
constexpr std::size_t kLogBatch = 2'000;
constexpr std::string_view kMasterKey =
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

constexpr std::string_view kSettings = R"(schema: 1
listen:
  public: "127.0.0.1:{}"
  admin: "127.0.0.1:{}"
limits: {}
redis:
  url: "{}"
  partitions: {}
data: data
keys:
  master_key: "{}"
admin:
  tokens: ["bench-bench-bench-bench"]
log:
  level: warn
language: en
region: DE
)";

constexpr std::string_view kCrm = R"(adapter: rest
mode: observe
settings:
  base_url: https://crm.example.com/api
  token: bench
upsert:
  method: PUT
  path: /leads/{key}
)";

constexpr std::string_view kAlerts = R"(language: en
channels:
  - name: sales
    adapter: slack
    mode: observe
    settings:
      url: https://hooks.example.com/services/bench
routes:
  - {channel: sales}
)";

void write(const std::filesystem::path& file, std::string_view text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

void pause() { std::this_thread::sleep_for(std::chrono::milliseconds(20)); }

}  // namespace

std::vector<std::string> redis_settings() {
  return {"--rdbcompression",
          "no",
          "--latency-tracking",
          "no",
          "--auto-aof-rewrite-min-size",
          "256mb",
          "--hash-max-listpack-entries",
          "32",
          "--hash-max-listpack-value",
          "4096"};
}

GatewayProcess::GatewayProcess(const Options& options, std::string_view limits)
    : program_(std::filesystem::absolute(options.program).string()), redis_(redis_settings()) {
  public_port_ = free_port();
  do admin_port_ = free_port();
  while (admin_port_ == public_port_);
  write_config(limits);
  auto keys = Keyring::open(folder_.path() + "/data/keys", kMasterKey);
  if (!keys) give_up(keys.error().message);
  keys_ = std::move(*keys);
  RedisOptions redis;
  redis.url = redis_.url();
  redis.partitions = kPartitions;
  redis.command_timeout = seconds(20);
  auto store = make_redis_store(redis);
  if (!store) give_up(store.error().message);
  store_ = std::move(*store);
}

void GatewayProcess::write_config(std::string_view limits) {
  const std::filesystem::path folder = folder_.path();
  write(folder / "baton.yaml", fmt::format(kSettings, public_port_, admin_port_, limits,
                                           redis_.url(), kPartitions, kMasterKey));
  write(folder / "sources/forms.yaml", source_config_text());
  write(folder / "crm/rest.yaml", kCrm);
  write(folder / "alerts.yaml", kAlerts);
  for (const std::string kind : {"calendars", "lifecycle", "routing", "scoring", "sla"}) {
    write(folder / "policy" / (kind + ".yaml"), policy_text(kind, true));
  }
}

void GatewayProcess::start() {
  const std::string folder = folder_.path(), log = folder + "/log";
  pid_ = ::fork();
  if (pid_ < 0) give_up("cannot fork");
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    ::dup2(out, 1);
    ::dup2(out, 2);
    ::execl(program_.c_str(), "baton", "run", "-c", folder.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }
  const Stopwatch watch;
  // Not ready while another node holds the partitions, but it accepts deliveries.
  while (metric("baton_redis_memory_bytes") == 0 ||
         (!leases_held_ && !get(admin_port_, "/readyz"))) {
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_ || watch.seconds() > 30) {
      std::ostringstream text;
      text << std::ifstream(log).rdbuf();
      if (watch.seconds() <= 30) pid_ = -1;
      give_up("the gateway did not start: " + text.str());
    }
    pause();
  }
}

void GatewayProcess::stop() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGTERM);
  const Stopwatch watch;
  while (::waitpid(pid_, nullptr, WNOHANG) == 0) {
    if (watch.seconds() > 15) ::kill(pid_, SIGKILL);
    pause();
  }
  pid_ = -1;
}

void GatewayProcess::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

double GatewayProcess::metric(const std::string& name, const std::string& label) const {
  std::istringstream lines(get(admin_port_, "/metrics").value_or(""));
  double sum = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(name) || (line[name.size()] != ' ' && line[name.size()] != '{')) continue;
    if (line.find(label) != std::string::npos) sum += std::atof(line.c_str() + line.rfind(' ') + 1);
  }
  return sum;
}

void GatewayProcess::wait_for(const std::string& name, const std::string& label, double value,
                              double most) const {
  const Stopwatch watch;
  while (metric(name, label) < value) {
    if (watch.seconds() > most)
      give_up(fmt::format("{}{{{}}} is {} after {} s, {} was expected", name, label,
                          metric(name, label), most, value));
    pause();
  }
}

double GatewayProcess::rss_mb() const {
  std::ifstream status(fmt::format("/proc/{}/status", pid_));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::atof(line.c_str() + 6) / 1024;
  }
  return 0;
}

double GatewayProcess::cpu_seconds() const {
  std::ifstream stat(fmt::format("/proc/{}/stat", pid_));
  std::string line;
  std::getline(stat, line);
  std::istringstream fields(line.substr(std::min(line.size(), line.rfind(')') + 1)));
  std::string skipped;
  for (int i = 3; i < 14; ++i) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double GatewayProcess::redis_info(const std::string& section, std::string_view name) const {
  std::istringstream lines(redis_.run("INFO " + section));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(name) && line[name.size()] == ':')
      return std::atof(line.c_str() + name.size() + 1);
  }
  return 0;
}

std::map<std::string, double> GatewayProcess::redis_bytes() const {
  constexpr const char* kScript = R"(
    local names = {p = 'documents', o = 'documents', l = 'log', d = 'receipts', c = 'claims', xd = 'done'}
    local sums, out = {}, {}
    for _, key in ipairs(redis.call('KEYS', '*')) do
      local family = string.match(key, '^{p%d+}:([^:]*)')
      local name = family and (names[family] or 'indexes') or 'indexes'
      sums[name] = (sums[name] or 0) + redis.call('MEMORY', 'USAGE', key, 'SAMPLES', '0')
    end
    for name, sum in pairs(sums) do out[#out + 1] = name .. '=' .. sum end
    return out)";
  std::istringstream words(redis_.run(std::vector<std::string>{"EVAL", kScript, "0"}));
  std::map<std::string, double> bytes;
  for (std::string word; words >> word;) {
    if (const auto sign = word.find('='); sign != word.npos)
      bytes[word.substr(0, sign)] = std::atof(word.c_str() + sign + 1);
  }
  return bytes;
}

void GatewayProcess::rest_from_rewriting(double most) const {
  redis_.run("CONFIG SET auto-aof-rewrite-percentage 0");
  const Stopwatch watch;
  while (redis_info("persistence", "aof_rewrite_in_progress") +
             redis_info("persistence", "aof_rewrite_scheduled") >
         0) {
    if (watch.seconds() > most)
      give_up(fmt::format("Redis rewrites its file for more than {} s", most));
    pause();
  }
}

double GatewayProcess::redis_memory() const { return redis_info("memory", "used_memory"); }

double GatewayProcess::redis_cpu_seconds() const {
  return redis_info("cpu", "used_cpu_user") + redis_info("cpu", "used_cpu_sys");
}

void GatewayProcess::hold_leases(Duration ttl) {
  std::vector<PartitionId> all;
  for (PartitionId p = 0; p < kPartitions; ++p) all.push_back(p);
  const auto held = store_->lease("bench", all, ttl);
  if (!held || held->size() != all.size()) give_up("cannot hold the leases");
  leases_held_ = true;
}

LogReader::LogReader(GatewayProcess& gateway)
    : store_(gateway.store()), documents_(gateway.keys()), after_(gateway.store().partitions()) {}

std::vector<LogReader::Committed> LogReader::read() {
  std::vector<Committed> all;
  for (PartitionId p = 0; p < store_.partitions(); ++p) {
    for (;;) {
      auto records = store_.read_log(p, after_[p], kLogBatch);
      if (!records) give_up(records.error().message);
      for (const auto& record : *records) {
        auto read = read_record(documents_, nullptr, record.bytes);
        if (!read) continue;  // a record of a pool, not of a person
        all.push_back({std::move(*read), record.at});
      }
      if (records->empty()) break;
      after_[p] = records->back().entry;
    }
  }
  return all;
}

}  // namespace baton::bench
