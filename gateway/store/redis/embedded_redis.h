#pragma once

#include <memory>
#include <string>

#include "mapping/instant.h"
#include "mapping/result.h"

namespace baton {

// The private Redis that Baton starts where no redis.url is configured: on a unix socket in the
// data folder, durable (appendonly, appendfsync always, noeviction).
//
// Two servers on one append-only folder destroy acknowledged data. So: the gateway holds one lock
// on the data folder and refuses to start a second time on it; the server inherits another, so that
// none starts while an older one still runs; the server dies with the gateway (PDEATHSIG).
//
// PDEATHSIG follows the thread that forked: start() and supervise() must be called by the thread
// that lives as long as the program (main).
class EmbeddedRedis {
 public:
  struct Options {
    std::string data;  // data folder; the server's files are in <data>/redis
    std::string program = "redis-server";
    std::string max_memory;                // "2gb"; "" : no limit
    Duration start_timeout = seconds(60);  // loading a large file takes time
  };

  // kConflict: another gateway runs on this data folder. A server that does not come up (full disk)
  // is no error: supervise() goes on trying.
  static Result<std::unique_ptr<EmbeddedRedis>> start(const Options& options);
  // Stops the server (SIGTERM, then SIGKILL after 10 s).
  ~EmbeddedRedis();

  const std::string& socket() const { return socket_; }
  int pid() const { return pid_; }
  // Restarts the server when it has died, with a growing pause (0.1 s to 5 s). Call it often.
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

// Takes <data>/gateway.lock for this process; the descriptor holds it. kConflict with the holder's
// pid where it is taken.
Result<int> lock_data_folder(const std::string& data);

}  // namespace baton
