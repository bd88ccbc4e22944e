#pragma once

#include <memory>
#include <string>

#include "gateway/app/config/deployment.h"

namespace baton {

struct RedisOptions;

// One running gateway: edge, engine, senders and admin API, put together. cmd_run owns the process
// around it (signals, the private Redis).
class Gateway {
 public:
  struct Options {
    std::string redis_url;  // of the private server, or as configured
  };

  // Serves when it returns. Does not wait for Redis: deliveries take the spool until it is well.
  static Result<std::unique_ptr<Gateway>> start(Deployment deployment, const Options& options);

  virtual ~Gateway() = default;

  virtual std::uint16_t public_port() const = 0;
  virtual std::uint16_t admin_port() const = 0;
  // Writes the state of the public listener into the metrics. Called now and then.
  virtual void publish() = 0;
  // Takes over sources, policies and destinations of a configuration read again; what is under way
  // ends with the old ones. Listeners, Redis and data folder need a restart.
  virtual void reload(Deployment deployment) = 0;
  // Unready first, then no new deliveries, then what is in flight, then the rest. At most `grace`.
  virtual void stop(Duration grace) = 0;
};

}  // namespace baton
