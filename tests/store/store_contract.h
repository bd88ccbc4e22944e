#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/store/memory/memory_store.h"
#include "gateway/store/redis/redis_store.h"
#include "tests/support/redis_server.h"

namespace baton {

// The environment of the contract suite: it opens stores over the same data and lets time pass.
class StoreWorld {
 public:
  virtual ~StoreWorld() = default;
  virtual std::unique_ptr<Store> open() = 0;
  virtual void pass(Duration time) = 0;  // Redis really waits, so only short times
};

class MemoryWorld final : public StoreWorld {
 public:
  std::unique_ptr<Store> open() override { return make_memory_store(database_); }
  void pass(Duration time) override { database_->advance(time); }

 private:
  std::shared_ptr<MemoryDatabase> database_ = std::make_shared<MemoryDatabase>(PartitionId{8});
};

class RedisWorld final : public StoreWorld {
 public:
  std::unique_ptr<Store> open() override { return std::move(*make_redis_store(options())); }
  // The server's clock must advance, and no condition can be waited for.
  void pass(Duration time) override {
    std::this_thread::sleep_for(std::chrono::milliseconds(time.ms));
  }
  RedisOptions options() const { return {server_.url(), 8, seconds(1), seconds(2)}; }

 private:
  RedisServer server_;
};

using MakeWorld = std::unique_ptr<StoreWorld> (*)();

class StoreContract : public ::testing::TestWithParam<MakeWorld> {
 protected:
  StoreContract() : world_(GetParam()()), store_(world_->open()) {}

  std::vector<PartitionId> all() const {
    std::vector<PartitionId> list;
    for (PartitionId p = 0; p < store_->partitions(); ++p) list.push_back(p);
    return list;
  }
  Instant now() { return store_->now().value(); }
  Commit next(const std::string& person, std::uint64_t expected) const {
    Commit commit;
    commit.key = {'p', person};
    commit.expected_version = expected;
    commit.bytes = "document " + std::to_string(expected + 1);
    commit.sealed_key = "key";
    return commit;
  }
  CommitAnswer apply(const Commit& commit) { return store_->commit({&commit, 1}).value().front(); }
  Document load(const std::string& person) {
    const DocKey key{'p', person};
    return store_->load({&key, 1}).value().front();
  }
  OutboxItem item(const std::string& key, Instant at, const std::string& kind = "notify") const {
    return {key, kind, "payload of " + key, at};
  }
  std::vector<OutboxEntry> outbox(const std::string& kind = "notify") {
    return store_->due_outbox(all(), kind, 100).value().items;
  }
  std::vector<PushEntry> pushes(const std::string& destination = "crm") {
    return store_->due_push(all(), destination, 100).value().items;
  }
  std::vector<IntakeEntry> waiting(const std::string& id) {
    return store_->read_intake(partition_of(id, store_->partitions()), "", 100).value();
  }

  std::unique_ptr<StoreWorld> world_;
  std::unique_ptr<Store> store_;
};

}  // namespace baton
