#include "gateway/app/workers/intake.h"

#include <algorithm>
#include <array>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "gateway/app/documents/envelope.h"
#include "gateway/platform/failpoint.h"
#include "gateway/platform/metrics.h"

namespace baton {
namespace {

using Done = std::function<void(Stored)>;

class GatewaySink final : public IntakeSink {
 public:
  GatewaySink(boost::asio::io_context& io, const IntakeParts& parts, const RedisOptions& redis)
      : io_(io), parts_(parts), state_(parts.state), spool_(parts.spool) {
    AsyncLimits limits;
    limits.pending = std::max<std::size_t>(
        1, static_cast<std::size_t>(parts.node.settings.queue) / redis_.size());
    // The URL was checked when the gateway started. Without a client, all deliveries go to the
    // spool.
    for (auto& connection : redis_) {
      if (auto client = AsyncIntake::make(io, redis, limits)) connection = std::move(*client);
    }
  }

  void store(Delivery delivery, Done done) override {
    BATON_FAILPOINT("edge.verified");
    auto record = seal_delivery(delivery, parts_.keys, parts_.node.clock->now());
    if (!record) {
      count("intake_total", "path=refused");
      done(Stored::kUnavailable);
      return;
    }
    const auto& redis = redis_[partition_of(record->id, partitions()) % redis_.size()];
    if (!redis || !state_.direct()) {
      to_spool(std::move(*record), std::move(done));
      return;
    }
    auto kept = std::make_shared<IntakeRecord>(std::move(*record));
    BATON_FAILPOINT("intake.before_script");
    redis->intake(*kept, [this, kept, done = std::move(done)](Result<IntakeAnswer> answer) mutable {
      if (answer) {
        finish(*kept, *answer, done);
      } else {
        state_.failed(steady_now(*parts_.node.clock));
        to_spool(std::move(*kept), std::move(done));
      }
    });
  }

 private:
  void finish(const IntakeRecord& record, IntakeAnswer answer, const Done& done) {
    BATON_FAILPOINT("intake.stored");
    count("intake_total", "path=redis");
    done(answer == IntakeAnswer::kDuplicate ? Stored::kDuplicate : Stored::kStored);
    parts_.signals.engine->intake(partition_of(record.id, partitions()));
  }

  PartitionId partitions() const {
    return static_cast<PartitionId>(parts_.node.settings.partitions);
  }

  void to_spool(IntakeRecord record, Done done) {
    // The spool answers on its own thread. The sender's connection belongs to this one.
    auto& io = io_;
    spool_.append(std::move(record), [&io, done = std::move(done)](Status status) mutable {
      boost::asio::post(io, [status = std::move(status), done = std::move(done)] {
        count("intake_total", status ? "path=spool" : "path=refused");
        done(status ? Stored::kStored : Stored::kUnavailable);
      });
    });
  }

  boost::asio::io_context& io_;
  const IntakeParts parts_;
  StoreState& state_;
  Spool& spool_;
  // Redis reads about eight deliveries from each connection before it syncs (docs/decisions/0011).
  // The deliveries of a partition always use the same connection.
  std::array<std::unique_ptr<AsyncIntake>, 4> redis_;
};

}  // namespace

std::unique_ptr<IntakeSink> make_gateway_sink(boost::asio::io_context& io, const IntakeParts& parts,
                                              const RedisOptions& redis) {
  return std::make_unique<GatewaySink>(io, parts, redis);
}

}  // namespace baton
