#pragma once

#include <memory>
#include <string>

#include "gateway/app/config/deployment.h"

namespace baton {

struct RedisOptions;

// One running gateway: edge, engine, senders and admin API. cmd_run owns the process around it
// (signals, the private Redis).
class Gateway {
 public:
  struct Options {
    std::string redis_url;  // of the private server, or as configured
  };

  // Returns when it is serving. Does not wait for Redis: deliveries go to the spool until it is
  // healthy.
  static Result<std::unique_ptr<Gateway>> start(Deployment deployment, const Options& options);

  virtual ~Gateway() = default;

  virtual std::uint16_t public_port() const = 0;
  virtual std::uint16_t admin_port() const = 0;
  // Updates the metrics of the public listener. Called periodically.
  virtual void publish() = 0;
  // Replaces sources, policies and destinations by those of a newly read configuration. Work in
  // progress finishes with the old ones. Changes of listeners, Redis and data folder need a
  // restart.
  virtual void reload(Deployment deployment) = 0;
  // Becomes unready, then refuses new deliveries, then finishes what is in flight, then stops the
  // rest. Takes at most `grace`.
  virtual void stop(Duration grace) = 0;
};

}  // namespace baton
