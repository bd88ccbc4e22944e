#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/core/text/message_pattern.h"
#include "mapping/instant.h"
#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

struct Endpoint {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
};
std::optional<Endpoint> parse_endpoint(std::string_view text);  // "127.0.0.1:8080", "[::1]:80"
std::string to_string(const Endpoint& endpoint);

// baton.yaml after reading (docs/reference/schema/baton.json describes each setting). Paths are
// resolved against the config folder.
struct Settings {
  Endpoint public_listener{"127.0.0.1", 8080};
  Endpoint admin_listener{"127.0.0.1", 8081};
  std::string public_url;  // without a trailing slash
  std::vector<std::string> trusted_proxies;
  std::string tls_certificate, tls_key;

  std::uint64_t header_bytes = 16 << 10;
  Duration header_time = seconds(10);
  std::uint64_t body_bytes = 1 << 20;
  Duration body_time = seconds(30);
  Duration idle_time = seconds(60);
  int connections = 10'000;
  int connections_per_address = 256;
  int requests_per_address = 1'000;
  int unzip_ratio = 100;
  int queue = 10'000;

  std::string redis_url;  // "": the private server
  int partitions = 16;
  bool assume_durable = false;
  std::string redis_max_memory;

  std::string data;
  std::string spool_folder;
  std::uint64_t spool_bytes = 4ULL << 30;

  std::string master_key;  // secret
  int raw_days = 30;
  std::vector<std::string> admin_tokens;  // secret

  int engine_threads = 2;
  int io_threads = 0;                // 0: one for each core
  Duration look_every = seconds(1);  // interval of asking the store for due work
  Duration link_lifetime = days(7);
  std::string log_level = "info", log_format = "auto";
  std::string adapters;
  std::string language = "de", region = "DE";
  Address address = Address::kSie;
};

// Reads a document that passed the schema. `folder` is the config folder.
Settings read_settings(const YamlDocument& document, const std::string& folder, Findings& findings);

// "16 KiB" -> 16384; also accepts plain bytes.
std::optional<std::uint64_t> parse_size(std::string_view text);

}  // namespace baton
