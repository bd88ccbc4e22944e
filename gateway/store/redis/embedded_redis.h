#pragma once

#include <memory>
#include <string>

#include "mapping/instant.h"
#include "mapping/result.h"

namespace baton {

// The private Redis that Baton starts if no redis.url is configured. It listens on a unix socket in
// the data folder and is durable (appendonly, appendfsync always, noeviction).
//
// Two servers on one append-only folder would destroy acknowledged data. Therefore the gateway
// locks the data folder and refuses to start on it a second time. The server inherits another lock,
// so that no server starts while an older one still runs. The server dies with the gateway
// (PDEATHSIG).
//
// PDEATHSIG follows the thread that forked: call start() and supervise() on the thread that lives
// as long as the program (main).
class EmbeddedRedis {
 public:
  struct Options {
    std::string data;  // data folder; the server's files are in <data>/redis
    std::string program = "redis-server";
    std::string max_memory;                // "2gb"; "": no limit
    Duration start_timeout = seconds(60);  // loading a large file takes time
  };

  // Fails with kConflict if another gateway uses this data folder. A server that does not start
  // (full disk) is not an error: supervise() retries.
  static Result<std::unique_ptr<EmbeddedRedis>> start(const Options& options);
  // Stops the server: SIGTERM, then SIGKILL after 10 s.
  ~EmbeddedRedis();

  const std::string& socket() const { return socket_; }
  int pid() const { return pid_; }
  // Restarts the server if it has died, after a growing pause (0.1 s to 5 s). Call it often.
  void supervise();

 private:
  EmbeddedRedis(Options options, int gateway_lock);
  Status spawn();

  Options options_;
  std::string folder_, socket_;
  int gateway_lock_ = -1;
  int pid_ = -1;
  Duration pause_ = milliseconds(100);
  Instant next_try_, started_at_;
};

// Takes <data>/gateway.lock for this process and returns the descriptor that holds the lock. If it
// is taken, fails with kConflict and the pid of the holder.
Result<int> lock_data_folder(const std::string& data);

}  // namespace baton
