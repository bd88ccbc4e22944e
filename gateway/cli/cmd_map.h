#pragma once

#include <string>

namespace baton {

struct MapOptions {
  std::string source;         // adapter, or a configured source if `config` is given
  std::string payload = "-";  // file with the body; "-": standard input
  std::string headers_file;   // one header a line
  std::string content_type = "application/json";
  std::string region;  // country of phone numbers without a country code
  std::string config;  // config folder
  bool verify = false;
  std::string secret_env, method = "POST", url, now;  // for the signature; now: RFC 3339
};

// Maps one delivery and prints the canonical touches as JSON. kExitFailed if the signature is
// refused or the delivery would be quarantined.
int cmd_map(const MapOptions& options);

}  // namespace baton
