#pragma once

#include <string>
#include <string_view>

#include "gateway/store/store.h"

namespace baton {

struct RedisOptions {
  // redis://[[user]:password@]host[:port][/db] or unix://[[user]:password@]/path[?db=n], with user
  // and password percent-encoded. TLS needs a tunnel.
  std::string url;
  PartitionId partitions = 64;  // fixed when the deployment is created
  Duration connect_timeout = seconds(1);
  Duration command_timeout = seconds(2);  // of silence, after which the connection is closed
  // Number of connections of a store. Redis reads about 16 KiB of each before it writes and syncs,
  // so several connections carry large batches faster (docs/decisions/0011).
  int lanes = 1;
};

struct RedisEndpoint {
  std::string socket;  // path of a unix socket; empty: TCP
  std::string host;
  int port = 6379;
  std::string user;
  std::string password;
  int db = 0;

  std::string display() const;  // for messages: without user and password
};

Result<RedisEndpoint> parse_redis_url(std::string_view url);

// Converts Redis's error reply. Only its first word ("OOM", "WRONGTYPE") is kept, because the rest
// may quote a payload.
Error redis_error(std::string_view reply);

// Returns whether the reply means that the function library must be loaded.
bool is_missing_function(std::string_view reply);

}  // namespace baton
