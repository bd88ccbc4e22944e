// Faults of Redis: it dies, fills up, loses functions, hangs, or has keys of other programs.
#include "tests/store/store_contract.h"

#include <atomic>
#include <set>

namespace baton {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class RedisFaults : public ::testing::Test {
 protected:
  std::unique_ptr<Store> open(Duration timeout = seconds(2), PartitionId partitions = 8) {
    return make_redis_store({server_.url(), partitions, seconds(1), timeout}).value();
  }
  static Commit commit(const std::string& person, std::uint64_t expected) {
    Commit next;
    next.key = {'p', person};
    next.expected_version = expected;
    next.bytes = "document";
    return next;
  }
  // Repeats a call until the connection is back: after a failure the store waits before it connects
  // again.
  static Status settle(Store& store) {
    for (int i = 0; i < 400; ++i) {
      if (store.now()) return {};
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return store.now().error();
  }
  std::string tag(const std::string& id) const {
    const auto p = partition_of(id, 8);
    return "{p0" + std::to_string(p) + "}:";
  }

  RedisServer server_;
};

TEST_F(RedisFaults, EveryAcknowledgedDeliverySurvivesKillNine) {
  std::vector<std::string> acknowledged;
  for (int round = 0; round < 3; ++round) {
    std::atomic<bool> stop = false;
    std::thread sender([&, round] {
      const auto store = open();
      for (int i = 0; !stop; ++i) {
        const IntakeRecord record{"d" + std::to_string(round) + "-" + std::to_string(i),
                                  std::string(600, 'x')};
        if (const auto answer = store->intake({&record, 1}); answer)
          acknowledged.push_back(record.id);
      }
    });
    const auto watch = open();
    while (watch->counts().value().intake < static_cast<std::uint64_t>(300 * (round + 1)))
      std::this_thread::yield();
    server_.kill9();
    stop = true;
    sender.join();
    server_.start();
  }
  ASSERT_GE(acknowledged.size(), 800u);
  const auto store = open();
  std::set<std::string> there;
  for (PartitionId p = 0; p < 8; ++p) {
    for (const auto& entry : store->read_intake(p, "", 1'000'000).value()) there.insert(entry.id);
  }
  for (const auto& id : acknowledged) EXPECT_TRUE(there.contains(id)) << id;
}

TEST_F(RedisFaults, AFullRedisRefusesIntakeWhileTheRestGoesOn) {
  const auto store = open();
  auto first = commit("anna", 0);
  first.timers = {{parse_timer_id("accept"), Instant{1}}};
  first.push = {"crm"};
  ASSERT_TRUE(store->commit({&first, 1}));
  const IntakeRecord before{"d1", "x"}, after{"d2", "x"};
  ASSERT_TRUE(store->intake({&before, 1}));
  ASSERT_EQ(server_.run("CONFIG SET maxmemory 1"), "OK");
  const auto refused = store->intake({&after, 1});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kTransient);
  EXPECT_THAT(refused.error().message, HasSubstr("full"));
  EXPECT_EQ(store->due_timers(std::vector<PartitionId>{partition_of("anna", 8)}, 10)->items.size(),
            1u);
  auto second = commit("anna", 1);
  second.timers = {{parse_timer_id("accept"), std::nullopt}};
  EXPECT_THAT(store->commit({&second, 1}).value(), ElementsAre(CommitAnswer::kDone));
  const PushDone done{"anna", "crm", 2, "00Q1"};
  EXPECT_TRUE(store->push_done({&done, 1}));
  const auto entry = store->read_intake(partition_of("d1", 8), "", 10).value().front();
  const EntryRef ref{entry.partition, entry.entry, entry.id};
  EXPECT_TRUE(store->finish_intake({&ref, 1}));
  EXPECT_EQ(store->counts()->intake, 0u);
  EXPECT_GT(store->health()->used_memory, store->health()->max_memory);
  ASSERT_EQ(server_.run("CONFIG SET maxmemory 0"), "OK");
  EXPECT_THAT(store->intake({&after, 1}).value(), ElementsAre(IntakeAnswer::kStored));
}

TEST_F(RedisFaults, ALostFunctionLibraryIsLoadedAgain) {
  const auto store = open();
  auto first = commit("anna", 0);
  ASSERT_TRUE(store->commit({&first, 1}));
  ASSERT_EQ(server_.run("FUNCTION FLUSH"), "OK");
  std::vector<Commit> commits = {commit("anna", 1), commit("bert", 0), commit("anna", 2)};
  EXPECT_THAT(store->commit(commits).value(),
              ElementsAre(CommitAnswer::kDone, CommitAnswer::kDone, CommitAnswer::kDone));
  ASSERT_EQ(server_.run("FUNCTION FLUSH"), "OK");
  const IntakeRecord record{"d1", "x"};
  EXPECT_THAT(store->intake({&record, 1}).value(), ElementsAre(IntakeAnswer::kStored));
}

TEST_F(RedisFaults, AnOlderLibraryIsReplacedAndANewerOneLeftAlone) {
  const std::string head = "#!lua name=baton_v1\n-- revision: ";
  const std::string body = "\nredis.register_function('intake_v1', function() return 1 end)";
  server_.run({"FUNCTION", "LOAD", head + "0" + body});
  ASSERT_TRUE(open()->counts());
  EXPECT_THAT(server_.run("FUNCTION LIST"), HasSubstr("commit_v1"));
  server_.run({"FUNCTION", "LOAD", "REPLACE", head + "999" + body});
  const auto store = open();
  ASSERT_TRUE(store->now());
  EXPECT_THAT(server_.run("FUNCTION LIST"), Not(HasSubstr("commit_v1")));
}

// Two commits of one partition in one call: refusing the second must not lose the first.
TEST_F(RedisFaults, ARefusedCommitDoesNotAffectEarlierOnes) {
  const auto store = open();
  auto good = commit("anna", 0), bad = commit("anna", 1);
  good.timers = {{parse_timer_id("accept"), Instant{1}}};
  good.push = {"crm"};
  good.touched = Instant{1};
  bad.push = {"other"};
  server_.run({"SET", tag("anna") + "q:other", "planted"});
  ASSERT_FALSE(store->commit(std::vector<Commit>{good, bad}));
  EXPECT_EQ(store->load(std::vector<DocKey>{good.key})->front().version, 1u);
  const auto counts = store->counts().value();
  EXPECT_EQ(counts.timers, 1u);
  EXPECT_EQ(counts.push, 1u);
  EXPECT_EQ(counts.persons, 1u);
}

TEST_F(RedisFaults, AKeyOfAnotherTypeIsAnErrorWithoutPartialEffect) {
  const auto store = open();
  auto good = commit("anna", 0);
  ASSERT_TRUE(store->commit({&good, 1}));
  const auto partition = tag("anna");
  for (const std::string key : {"t", "l", "u", "xb", "x:notify", "q:crm", "qs"}) {
    ASSERT_EQ(server_.run({"DEL", partition + key}).size(), 1u);
    server_.run({"SET", partition + key, "planted"});
    auto next = commit("anna", 1);
    next.timers = {{parse_timer_id("accept"), Instant{1}}};
    next.outbox_add = {{"alert", "notify", "payload", Instant{1}}};
    next.push = {"crm"};
    next.log = "record";
    next.touched = Instant{1};
    const auto answer = store->commit({&next, 1});
    ASSERT_FALSE(answer) << key;
    EXPECT_EQ(answer.error().code, Errc::kPermanent) << key;
    EXPECT_THAT(answer.error().message, HasSubstr("WRONGTYPE")) << key;
    server_.run({"DEL", partition + key});
    EXPECT_EQ(store->load(std::vector<DocKey>{good.key})->front().version, 1u) << key;
    const auto counts = store->counts().value();
    EXPECT_EQ(counts.timers + counts.outbox + counts.push + counts.persons, 0u) << key;
    EXPECT_TRUE(store->history(good.key, 10)->empty()) << key;
  }
}

TEST_F(RedisFaults, AnIntakeKeyOfTheWrongTypeLeavesNoDedupeKey) {
  const auto store = open();
  server_.run({"SET", tag("d1") + "i", "planted"});
  const IntakeRecord record{"d1", "x"};
  EXPECT_EQ(store->intake({&record, 1}).error().code, Errc::kPermanent);
  server_.run({"DEL", tag("d1") + "i"});
  EXPECT_THAT(store->intake({&record, 1}).value(), ElementsAre(IntakeAnswer::kStored));
}

TEST_F(RedisFaults, AHangingRedisIsTransientAndTheConnectionIsNotReused) {
  const auto store = open(milliseconds(100));
  const IntakeRecord first{"d1", "x"}, second{"d2", "x"};
  ASSERT_TRUE(store->intake({&first, 1}));
  server_.pause();
  const auto hung = store->intake({&second, 1});
  ASSERT_FALSE(hung);
  EXPECT_EQ(hung.error().code, Errc::kTransient);
  EXPECT_THAT(hung.error().message, HasSubstr("in time"));
  server_.resume();
  ASSERT_TRUE(settle(*store));
  EXPECT_EQ(store->holders_of(std::vector<std::string>{"nobody"}).value(),
            std::vector<std::string>{""});
  const auto again =
      store->intake({&second, 1})
          .value();  // unknown before: both answers are correct, but the delivery must not be lost
  EXPECT_EQ(store->counts()->intake, 2u);
}

TEST_F(RedisFaults, APausedClientIsTransientToo) {
  const auto store = open(milliseconds(100));
  ASSERT_TRUE(store->now());
  ASSERT_EQ(server_.run("CLIENT PAUSE 60000 WRITE"), "OK");
  const IntakeRecord record{"d1", "x"};
  EXPECT_EQ(store->intake({&record, 1}).error().code, Errc::kTransient);
  ASSERT_EQ(server_.run("CLIENT UNPAUSE"), "OK");
  ASSERT_TRUE(settle(*store));
  EXPECT_TRUE(store->intake({&record, 1}));
}

TEST_F(RedisFaults, TheFirstCallAfterARestartDoesNotFail) {
  const auto store = open();
  auto first = commit("anna", 0);
  ASSERT_TRUE(store->commit({&first, 1}));
  server_.kill9();
  server_.start();
  EXPECT_EQ(store->load(std::vector<DocKey>{first.key})->front().version, 1u);
}

TEST_F(RedisFaults, ReconnectsAfterARestart) {
  const auto store = open();
  auto first = commit("anna", 0);
  ASSERT_TRUE(store->commit({&first, 1}));
  server_.kill9();
  EXPECT_EQ(store->now().error().code, Errc::kTransient);
  EXPECT_EQ(store->now().error().code, Errc::kTransient);
  server_.start();
  ASSERT_TRUE(settle(*store));
  EXPECT_EQ(store->load(std::vector<DocKey>{first.key})->front().version, 1u);
}

TEST_F(RedisFaults, RefusesANewerLayoutAndAnotherNumberOfPartitions) {
  ASSERT_TRUE(open()->now());
  const auto other = open(seconds(2), 16)->now();
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Errc::kPermanent);
  EXPECT_THAT(other.error().message, HasSubstr("8 partitions"));
  server_.run("HSET baton:layout version 2");
  const auto newer = open()->now();
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().code, Errc::kPermanent);
  EXPECT_THAT(newer.error().message, HasSubstr("layout 2"));
}

TEST_F(RedisFaults, APasswordIsRequiredUsedAndNeverShown) {
  server_.run("ACL SETUSER baton on >s3cret ~* +@all -config");
  server_.run("ACL SETUSER default off");
  const auto refused = open()->now();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kUnauthorised);
  const auto url = "unix://baton:s3cret@" + server_.socket();
  EXPECT_TRUE(make_redis_store({url, 8, seconds(1), seconds(2)}).value()->counts());
  EXPECT_THAT(parse_redis_url(url)->display(), Not(HasSubstr("s3cret")));
  const auto wrong =
      make_redis_store({"unix://baton:s4cret@" + server_.socket(), 8, seconds(1), seconds(2)})
          .value();
  EXPECT_EQ(wrong->now().error().code, Errc::kUnauthorised);
  EXPECT_THAT(wrong->now().error().message, Not(HasSubstr("s4cret")));
}

TEST_F(RedisFaults, ReportsTheDurabilityOfTheData) {
  const auto store = open();
  auto health = store->health().value();
  EXPECT_EQ(health.durability, "always");
  EXPECT_EQ(health.eviction, "noeviction");
  EXPECT_FALSE(health.loading);
  EXPECT_TRUE(check_durability(health, false));
  const auto weak = [&](const std::string& setting, const std::string& back) {
    server_.run("CONFIG SET " + setting);
    const auto status = check_durability(store->health().value(), false);
    EXPECT_TRUE(check_durability(store->health().value(), true));
    server_.run("CONFIG SET " + back);
    return status ? std::string() : status.error().message;
  };
  EXPECT_THAT(weak("appendfsync everysec", "appendfsync always"),
              HasSubstr("set appendfsync always"));
  EXPECT_THAT(weak("no-appendfsync-on-rewrite yes", "no-appendfsync-on-rewrite no"),
              HasSubstr("on-rewrite no"));
  EXPECT_THAT(weak("maxmemory-policy allkeys-lru", "maxmemory-policy noeviction"),
              HasSubstr("noeviction"));
  EXPECT_THAT(weak("appendonly no", "appendonly yes"), HasSubstr("set appendonly yes"));
  server_.run("ACL SETUSER default -config");
  EXPECT_EQ(store->health()->durability, "unknown");
  EXPECT_THAT(check_durability(store->health().value(), false).error().message,
              HasSubstr("+config|get"));
}

TEST(RedisUrl, ReadsAddressesAndReportsFaults) {
  EXPECT_EQ(parse_redis_url("unix:///run/redis.sock?db=3")->db, 3);
  EXPECT_EQ(parse_redis_url("unix:///run/redis.sock")->socket, "/run/redis.sock");
  EXPECT_EQ(parse_redis_url("redis://cache")->port, 6379);
  EXPECT_EQ(parse_redis_url("redis://:p%40ss@[::1]:7/2")->host, "::1");
  EXPECT_EQ(parse_redis_url("redis://:p%40ss@[::1]:7/2")->password, "p@ss");
  for (const auto* wrong :
       {"", "cache:6379", "rediss://cache", "redis://", "redis://cache:x", "redis://cache/x",
        "unix://run", "unix:///run?base=1", "redis://cache:70000"}) {
    EXPECT_EQ(parse_redis_url(wrong).error().code, Errc::kInvalidInput) << wrong;
  }
}

TEST(RedisErrors, ContainTheCodeAndNoPayload) {
  EXPECT_EQ(redis_error("LOADING Redis is loading the dataset in memory").code, Errc::kTransient);
  EXPECT_EQ(redis_error("MISCONF Errors writing to the AOF file").code, Errc::kTransient);
  EXPECT_EQ(redis_error("READONLY You can't write against a read only replica.").code,
            Errc::kTransient);
  EXPECT_EQ(redis_error("BUSY Redis is busy running a script.").code, Errc::kTransient);
  EXPECT_EQ(redis_error("NOAUTH Authentication required.").code, Errc::kUnauthorised);
  EXPECT_EQ(redis_error("NOPERM this user has no permissions").code, Errc::kUnauthorised);
  const auto unknown = redis_error(
      "ERR unknown command 'x', with args beginning with: 'erika.beispiel@example.com'");
  EXPECT_EQ(unknown.code, Errc::kPermanent);
  EXPECT_THAT(unknown.message, Not(HasSubstr("erika")));
}

}  // namespace
}  // namespace baton
