#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/app/documents/documents.h"
#include "gateway/core/explain/decision_record.h"
#include "gateway/store/seal/keyring.h"
#include "gateway/store/store.h"
#include "tests/bench/bench.h"
#include "tests/support/redis_server.h"
#include "tests/support/temp_folder.h"

namespace baton::bench {

// A Redis with the settings of the gateway's private Redis.
std::vector<std::string> redis_settings();

// The real program with a separate configuration (a signed source, a CRM and a channel in mode
// observe, the template policies around the clock) and a separate Redis with appendfsync always. It
// always ends with the benchmark.
class GatewayProcess {
 public:
  // `limits` is that section of baton.yaml. The default exempts the address of the benchmark.
  explicit GatewayProcess(
      const Options& options,
      std::string_view limits = "{requests_per_address: 1000000, connections_per_address: 1000}");
  ~GatewayProcess() { stop(); }
  GatewayProcess(const GatewayProcess&) = delete;
  GatewayProcess& operator=(const GatewayProcess&) = delete;

  void start();  // returns when it is ready
  void stop();   // SIGTERM, and waits for the end
  void kill();   // SIGKILL

  std::uint16_t port() const { return public_port_; }
  // The sum of the metric's values whose labels contain `label`; 0 if there are none.
  double metric(const std::string& name, const std::string& label = {}) const;
  // Waits until the metric has reached the value; gives up after `most` seconds.
  void wait_for(const std::string& name, const std::string& label, double value, double most) const;
  double rss_mb() const;
  double cpu_seconds() const;  // of all its threads, since it started
  double redis_memory() const;
  double redis_cpu_seconds() const;
  // Stops rewrites of Redis's file from now on. During a rewrite, Redis copies each page before it
  // writes to it.
  void rest_from_rewriting(double most) const;
  // Bytes of the keys by kind of content, from MEMORY USAGE: "documents", "log", "receipts",
  // "claims", "done" (keys of finished outbox items), "indexes".
  std::map<std::string, double> redis_bytes() const;

  // Access of the benchmark to the store, with the keys of the gateway.
  Store& store() { return *store_; }
  const Keyring& keys() const { return *keys_; }
  // Another node holds the leases, so that the gateway accepts deliveries and decides nothing.
  void hold_leases(Duration ttl);

 private:
  void write_config(std::string_view limits);
  double redis_info(const std::string& section, std::string_view name) const;

  const std::string program_;
  RedisServer redis_;
  TempFolder folder_;
  std::uint16_t public_port_ = 0, admin_port_ = 0;
  std::unique_ptr<Keyring> keys_;
  std::unique_ptr<Store> store_;
  bool leases_held_ = false;
  pid_t pid_ = -1;
};

// Decisions from the log: the time of each commit, by the store's clock, and the person.
class LogReader {
 public:
  explicit LogReader(GatewayProcess& gateway);
  void skip_to_end() { read(); }
  struct Committed {
    DecisionRecord record;
    Instant at;
  };
  // The commits since the last call.
  std::vector<Committed> read();

 private:
  Store& store_;
  const Documents documents_;
  std::vector<std::string> after_;  // by partition
};

}  // namespace baton::bench
