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

// Redis as the gateway's own private one is set.
std::vector<std::string> redis_settings();

// The real program with a configuration of its own (a signed source, a CRM and a channel in mode
// observe, the template policies around the clock) on a Redis of its own, appendfsync always. Ends
// with the bench, whatever happens.
class GatewayProcess {
 public:
  // `limits`: that section of baton.yaml; the usual one lets the bench's own address do what it
  // wants.
  explicit GatewayProcess(
      const Options& options,
      std::string_view limits = "{requests_per_address: 1000000, connections_per_address: 1000}");
  ~GatewayProcess() { stop(); }
  GatewayProcess(const GatewayProcess&) = delete;
  GatewayProcess& operator=(const GatewayProcess&) = delete;

  void start();  // waits until it is ready
  void stop();   // SIGTERM, and waits for the end
  void kill();   // SIGKILL

  std::uint16_t port() const { return public_port_; }
  // The value of a metric, all its labels summed that contain `label`; 0 where there is none.
  double metric(const std::string& name, const std::string& label = {}) const;
  // Waits until the metric has reached the value; gives up after `most` seconds.
  void wait_for(const std::string& name, const std::string& label, double value, double most) const;
  double rss_mb() const;
  double cpu_seconds() const;  // of all its threads, since it started
  double redis_memory() const;
  double redis_cpu_seconds() const;
  // From here on Redis does not rewrite its file: while it does, each page it writes to is copied
  // first.
  void rest_from_rewriting(double most) const;
  // Bytes of the keys by what they hold, as MEMORY USAGE says: "documents", "log", "receipts",
  // "claims", "done" (outbox keys kept against repeats), "indexes".
  std::map<std::string, double> redis_bytes() const;

  // The bench's own look into the store, with the gateway's keys.
  Store& store() { return *store_; }
  const Keyring& keys() const { return *keys_; }
  // Another node holds the leases: the gateway accepts, and decides nothing.
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

// Decisions as the log tells them: when each was committed (by the store's clock), and what of.
class LogReader {
 public:
  explicit LogReader(GatewayProcess& gateway);
  void skip_to_end() { read(); }
  struct Committed {
    DecisionRecord record;
    Instant at;
  };
  // What was committed since the last call.
  std::vector<Committed> read();

 private:
  Store& store_;
  const Documents documents_;
  std::vector<std::string> after_;  // by partition
};

}  // namespace baton::bench
