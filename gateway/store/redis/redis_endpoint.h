#pragma once

#include <string>
#include <string_view>

#include "gateway/store/store.h"

namespace baton {

struct RedisOptions {
  // redis://[[user]:password@]host[:port][/db] or unix://[[user]:password@]/path[?db=n], user and
  // password percent-encoded. TLS is left to a tunnel.
  std::string url;
  PartitionId partitions = 64;  // fixed when the deployment is created
  Duration connect_timeout = seconds(1);
  Duration command_timeout = seconds(2);  // of silence; then the connection is given up
  // Connections of a store. Redis takes about 16 KiB from each before it writes and syncs, so that
  // large batches travel faster over several (docs/decisions/0011).
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

// Redis's error reply as one of ours. Only the leading word ("OOM", "WRONGTYPE") is carried over:
// the rest may quote a payload.
Error redis_error(std::string_view reply);

// Whether the reply says that the function library has to be loaded (again).
bool is_missing_function(std::string_view reply);

}  // namespace baton
