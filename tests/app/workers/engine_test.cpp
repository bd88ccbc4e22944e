// The engine over the memory store: turns deliveries into decisions and effects, without a network.
#include <fstream>
#include <iterator>
#include <latch>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "gateway/app/admin/admin_backend.h"
#include "gateway/app/delivery/deliveries.h"
#include "gateway/app/documents/decision_log.h"
#include "gateway/app/documents/envelope.h"
#include "gateway/app/engine/applier.h"
#include "gateway/app/workers/engine.h"
#include "gateway/app/workers/intake_reader.h"
#include "gateway/core/model/feedback_form.h"
#include "gateway/core/model/person_codec.h"
#include "gateway/store/memory/memory_store.h"
#include "gateway/store/redis/redis_store.h"
#include "mapping/json/json.h"
#include "tests/support/source_dir.h"
#include "tests/support/temp_folder.h"

namespace baton {
namespace {

std::shared_ptr<const Policy> template_policy() {
  std::map<std::string, YamlDocument> documents;
  Findings findings;
  for (const std::string kind : {"calendars", "lifecycle", "routing", "scoring", "sla"}) {
    std::ifstream file(source_dir() + "/gateway/cli/templates/policy/" + kind + ".yaml");
    const std::string text(std::istreambuf_iterator<char>(file), {});
    documents.emplace(kind, parse_yaml(text, kind + ".yaml", findings));
  }
  return load_policy(documents, findings);
}

class Engine : public ::testing::Test {
 protected:
  Engine()
      : database_(std::make_shared<MemoryDatabase>(4, *parse_rfc3339("2026-03-09T09:00:00Z"))) {
    Findings findings;
    runtime_.configuration.sources.push_back(
        make_bare_source("standard_webhooks", "", "DE", findings));
    runtime_.access.open(Keyring::open(folder_.path(), std::string(64, 'a')).value());
    runtime_.stores.open = [this] {
      return Result<std::unique_ptr<Store>>(make_memory_store(database_));
    };
    runtime_.node.settings.partitions = 4;
    runtime_.configuration.destinations.store(std::make_shared<Names>(1, "crm"));
    runtime_.configuration.policy.store(template_policy());
    store_ = make_memory_store(database_);
  }

  void deliver(const std::string& id, const std::string& body) {
    Delivery delivery{
        id, id, {"standard_webhooks", "application/json", {}, body, database_->now()}};
    const auto record = seal_delivery(delivery, *runtime_.access.keys, database_->now());
    ASSERT_TRUE(store_->intake({&*record, 1}));
  }

  // Runs the engine until no work waits or is due.
  void work() {
    baton::Engine engine(runtime_.engine(), runtime_.node.clock_health);
    engine.serve({0, 1, 2, 3}, true);
    runtime_.signals.stopping = false;
    engine.start();
    const std::vector<PartitionId> all{0, 1, 2, 3};
    for (;;) {
      const bool busy = store_->counts()->intake > 0 ||
                        !store_->due_timers(all, 1)->items.empty() ||
                        !store_->due_outbox(all, "owner", 1)->items.empty();
      if (!busy) break;
      runtime_.signals.wake_engine();
      std::this_thread::yield();
    }
    runtime_.signals.stopping = true;
    engine.join();
  }

  PersonState only_person() {
    const auto ids = store_->recent_persons(0, 10).value();
    EXPECT_EQ(ids.size(), 1U);
    return runtime_.access.documents->load(*store_, ids).value().front().state;
  }

  // Creates a person who fits, as a human says, and is offered to a rep; returns the id.
  std::string offered() {
    deliver("d1", R"({"type":"contact.created","data":{"email":"erika.beispiel@example.com"}})");
    work();
    const PersonId id = only_person().id;
    SalesFeedback fits;
    fits.says = IcpAnswer{true};
    fits.at = database_->now();
    const Work confirmed{id, {"icp", fits}, database_->now(), {}};
    EXPECT_TRUE(Applier(runtime_.applier(), *store_).apply({&confirmed, 1}).front().status);
    work();
    return id.str();
  }

  std::string demo_request(const std::string& email) const {
    return R"({"type":"demo_request","data":{"email":")" + email +
           R"(","first_name":"Erika","last_name":"Beispiel","company":"Beispiel GmbH"}})";
  }

  const TempFolder folder_;
  std::shared_ptr<MemoryDatabase> database_;
  Runtime runtime_;
  std::unique_ptr<Store> store_;
};

TEST_F(Engine, ADeliveryBecomesAPersonAndLeavesTheIntake) {
  deliver(
      "d1",
      R"({"type":"contact.created","data":{"email":"erika.beispiel@example.com","first_name":"Erika"}})");
  work();
  const PersonState person = only_person();
  EXPECT_EQ(person.profile.email, "erika.beispiel@example.com");
  ASSERT_TRUE(person.lead);
  EXPECT_EQ(store_->counts()->intake, 0U);
  EXPECT_EQ(store_->counts()->push, 1U);
}

TEST_F(Engine, TheSameDeliveryProcessedTwiceChangesNothing) {
  const std::string body =
      R"({"type":"contact.created","data":{"email":"erika.beispiel@example.com"}})";
  deliver("d1", body);
  work();
  const PersonState before = only_person();
  // As after a crash between commit and finish: the entry comes again under a new stream id.
  IntakeReader reader(runtime_.applier(), *store_);
  Delivery delivery{
      "d1", "d1", {"standard_webhooks", "application/json", {}, body, database_->now()}};
  const auto record = seal_delivery(delivery, *runtime_.access.keys, database_->now());
  auto reads = reader.read({{0, "1-0", database_->now(), "d1", record->payload}});
  ASSERT_TRUE(reads);
  const auto results = Applier(runtime_.applier(), *store_).apply(reads->front().work);
  ASSERT_EQ(results.size(), 1U);
  EXPECT_FALSE(results.front().changed);
  EXPECT_EQ(canonical(to_json(only_person())), canonical(to_json(before)));
}

TEST_F(Engine, ManyDeliveriesOfOnePersonInOneBatchBecomeOnePerson) {
  for (int i = 0; i < 50; ++i) {
    deliver("d" + std::to_string(i), R"({"type":"contact.created","id":")" + std::to_string(i) +
                                         R"(","data":{"email":"Erika.Beispiel@Example.com"}})");
  }
  work();
  EXPECT_EQ(only_person().touches.size() + only_person().sums.size(), 50U);
}

TEST_F(Engine, AnUnreadableDeliveryBecomesADeadLetterWithItsReason) {
  deliver("d1", "{not json");
  deliver("d2", R"({"type":"contact.created","data":{"first_name":"Nobody"}})");
  work();
  const auto letters = store_->dead_letters(10).value();
  ASSERT_EQ(letters.size(), 2U);
  for (const auto& letter : letters) {
    EXPECT_EQ(letter.origin, "intake");
    EXPECT_FALSE(letter.reason.empty());
    EXPECT_EQ(letter.reason.find("Nobody"), std::string::npos);
  }
  EXPECT_EQ(store_->counts()->intake, 0U);
}

TEST_F(Engine, DocumentsHoldNoPersonalValueInClearText) {
  deliver(
      "d1",
      R"({"type":"contact.created","data":{"email":"erika.beispiel@example.com","last_name":"Beispielhausen"}})");
  work();
  const auto ids = store_->recent_persons(0, 1).value();
  const DocKey key{'p', ids.front()};
  const auto document = store_->load({&key, 1})->front();
  EXPECT_EQ(document.bytes.find("example.com"), std::string::npos);
  for (const auto& record : store_->history(key, 10).value()) {
    EXPECT_EQ(record.bytes.find("Beispielhausen"), std::string::npos);
    EXPECT_EQ(record.bytes.find("example.com"), std::string::npos);
  }
}

TEST_F(Engine, TheLogIsReadableWithAndWithoutThePersonsKey) {
  deliver("d1", R"({"type":"contact.created","data":{"email":"erika.beispiel@example.com"}})");
  work();
  const auto ids = store_->recent_persons(0, 1).value();
  const auto person = runtime_.access.documents->load(*store_, ids)->front();
  const auto history = store_->history({'p', ids.front()}, 10).value();
  ASSERT_FALSE(history.empty());
  const auto with = read_record(*runtime_.access.documents, &person, history.front().bytes).value();
  const auto without =
      read_record(*runtime_.access.documents, nullptr, history.front().bytes).value();
  EXPECT_EQ(with.event.id, "d1");
  EXPECT_EQ(without.events, with.events);
  const auto* arrived = std::get_if<TouchesReceived>(&with.event.body);
  ASSERT_NE(arrived, nullptr);
  EXPECT_EQ(arrived->touches.front().person.email, "erika.beispiel@example.com");
}

// The store keeps text shared by two touches once, with the person's key.
TEST_F(Engine, LaterTouchesAreReadWithTheBaseTextOfTheFirst) {
  deliver("d1", R"({"type":"contact.created","data":{"email":"erika.beispiel@example.com"}})");
  work();
  deliver("d2", R"({"type":"contact.created","data":{"email":"erika.beispiel@example.com"}})");
  work();
  const auto ids = store_->recent_persons(0, 1).value();
  const auto person = runtime_.access.documents->load(*store_, ids)->front();
  EXPECT_NE(person.base_text.find("erika.beispiel"), std::string::npos);
  for (const auto& entry : store_->history({'p', ids.front()}, 10).value()) {
    const auto record = read_record(*runtime_.access.documents, &person, entry.bytes).value();
    if (const auto* arrived = std::get_if<TouchesReceived>(&record.event.body)) {
      EXPECT_EQ(arrived->touches.front().person.email, "erika.beispiel@example.com")
          << record.event.id;
    }
  }
}

// As written by a version without base texts: the wrapped key alone, the complete document.
TEST_F(Engine, APersonStoredWithoutABaseTextIsReadAndContinues) {
  deliver("d1", R"({"type":"contact.created","data":{"email":"erika.beispiel@example.com"}})");
  work();
  const auto ids = store_->recent_persons(0, 1).value();
  auto person = runtime_.access.documents->load(*store_, ids)->front();
  auto document = store_->load(std::vector<DocKey>{{'p', ids.front()}})->front();
  document.sealed_key.resize(kSealOverhead + sizeof(Key));
  document.bytes =
      runtime_.access.documents->seal_for(person, write_person(person.state), "p:" + ids.front());
  const auto old = runtime_.access.documents->open(PersonId(ids.front()), document);
  ASSERT_TRUE(old);
  EXPECT_EQ(old->base_text, "");
  EXPECT_EQ(write_person(old->state), write_person(person.state));
  EXPECT_TRUE(read_person(write_person(old->state, old->base_text)));
}

TEST_F(Engine, AConflictIsDecidedAgainOnTheNewerVersion) {
  deliver("d1", R"({"type":"contact.created","data":{"email":"erika.beispiel@example.com"}})");
  work();
  const PersonId id = only_person().id;
  SalesFeedback feedback;
  feedback.says = IcpAnswer{true};
  feedback.via = "api";
  feedback.at = database_->now();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      auto own = make_memory_store(database_);
      for (int i = 0; i < 10; ++i) {
        SalesFeedback mine = feedback;
        mine.id = std::to_string(t) + "-" + std::to_string(i);
        const Work work{id, {mine.id, mine}, database_->now(), {}};
        // A thread that keeps losing gets an answer that says so and tries again, as the worker
        // does.
        for (;;) {
          const Status status = Applier(runtime_.applier(), *own).apply({&work, 1}).front().status;
          if (status) break;
          ASSERT_EQ(status.error().code, Errc::kConflict);
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(only_person().feedback.size(), 40U);
}

// Two nodes get touches of one new person at once. None may be lost, whichever node is first, and
// the document must stay readable under the key stored with it.
TEST_F(Engine, NodesThatRaceForOnePersonLoseNoTouch) {
  constexpr int kNodes = 2, kRounds = 200, kEach = 4;
  std::latch start(kNodes);
  const auto node = [&](int n) {
    const auto store = make_memory_store(database_);
    Applier applier(runtime_.applier(), *store);
    start.arrive_and_wait();
    for (int round = 0; round < kRounds; ++round) {
      std::vector<Work> batch;
      for (int i = 0; i < kEach; ++i) {
        Touch touch;
        touch.source = "forms";
        touch.id = fmt::format("{}-{}-{}", n, round, i);
        touch.at = database_->now();
        batch.push_back({PersonId(fmt::format("{:020x}", round)),
                         {touch.id, TouchesReceived{{touch}}},
                         touch.at,
                         {}});
      }
      for (const auto& result : applier.apply(batch))
        EXPECT_TRUE(result.status) << result.status.error().message;
    }
  };
  std::thread other(node, 1);
  node(0);
  other.join();
  for (int round = 0; round < kRounds; ++round) {
    const std::string id = fmt::format("{:020x}", round);
    const auto opened = runtime_.access.documents->load(*store_, {&id, 1});
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(opened->front().state.touches.size(), std::size_t{kNodes * kEach}) << "person " << id;
  }
}

// A delivery under the key of another node, and a store that does not answer requests for that key.
TEST_F(Engine, ADeliveryStaysInTheIntakeWhileItsKeyIsUnavailable) {
  const TempFolder elsewhere;
  const auto others = Keyring::open(elsewhere.path(), std::string(64, 'a')).value();
  const Delivery delivery{"d1",
                          "d1",
                          {"standard_webhooks",
                           "application/json",
                           {},
                           demo_request("erika.beispiel@example.com"),
                           database_->now()}};
  const auto record = seal_delivery(delivery, *others, database_->now()).value();
  const auto away =
      make_redis_store({.url = "unix://" + elsewhere.path() + "/nobody.sock"}).value();
  const auto reads = IntakeReader(runtime_.applier(), *away)
                         .read({{0, "1-0", database_->now(), "d1", record.payload}})
                         .value();
  ASSERT_EQ(reads.size(), 1U);
  EXPECT_FALSE(reads.front().whole);
  EXPECT_FALSE(reads.front().letter);
  EXPECT_TRUE(reads.front().work.empty());
}

// The cached person of this node is older than the store, in both ways that matter: the node would
// repeat work that another node has done, and would omit work that only the newer version wants.
TEST_F(Engine, ACachedPersonThatAnotherNodeChangedIsLoadedAgain) {
  deliver("d1", R"({"type":"contact.created","data":{"email":"erika.beispiel@example.com"}})");
  work();
  const PersonId id = only_person().id;
  const auto feedback = [&](const std::string& name, FeedbackKind kind) {
    FeedbackForm said;
    said.id = name;
    said.kind = kind;
    said.fits = true;
    said.rep = "erika";
    said.at = database_->now();
    return Work{id, {name, to_feedback(said)}, database_->now(), {}};
  };
  DocumentCache before;
  const auto swap = [&] {  // to the cache of the other node, and back
    auto mine = runtime_.access.cache.take(id), theirs = before.take(id);
    if (mine) before.put(std::move(*mine), 0);
    if (theirs) runtime_.access.cache.put(std::move(*theirs), 0);
  };
  const Work fits = feedback("icp", FeedbackKind::kIcp);
  swap();
  EXPECT_TRUE(Applier(runtime_.applier(), *store_).apply({&fits, 1}).front().changed);
  swap();
  EXPECT_FALSE(Applier(runtime_.applier(), *store_).apply({&fits, 1}).front().changed);
  EXPECT_EQ(only_person().feedback, std::vector<std::string>{"icp"});
}

TEST_F(Engine, AnOverdueClockIsDecidedAtTheTimeItRuns) {
  offered();
  database_->advance(hours(30));
  work();
  const PersonState person = only_person();
  EXPECT_GE(person.last_now, database_->now() - seconds(1));
  const auto accept = std::find_if(person.clocks.begin(), person.clocks.end(),
                                   [](const ClockInstance& c) { return c.definition == "accept"; });
  ASSERT_NE(accept, person.clocks.end());
  ASSERT_TRUE(accept->breached_at);
  EXPECT_EQ(accept->excused, "downtime");
  EXPECT_EQ(person.lead->handovers.size(), 1U);  // the owner has five minutes
  database_->advance(minutes(6));
  work();
  EXPECT_EQ(only_person().lead->handovers.size(), 2U);
}

TEST_F(Engine, AWarningIsSentOnlyWhileItsClockRuns) {
  const PersonId id(offered());
  database_->advance(hours(3));  // three quarters of the four hours to accept
  work();
  Deliveries deliveries(runtime_);
  const auto warning = [&]() -> std::optional<Message> {
    const auto ports = deliveries.ports();
    const auto due = store_->due_outbox(std::vector<PartitionId>{0, 1, 2, 3}, "notify", 10).value();
    for (const auto& entry : due.items) {
      auto outgoing = ports.messages.prepare_messages({&entry, 1})->front();
      if (outgoing && *outgoing && (*outgoing)->message.kind == "warning")
        return (*outgoing)->message;
    }
    return std::nullopt;
  };
  ASSERT_TRUE(warning());
  SalesFeedback accept;
  accept.says = Accept{};
  accept.rep = only_person().lead->owner;
  accept.at = database_->now();
  const Work accepted{id, {"accept", accept}, database_->now(), {}};
  ASSERT_TRUE(Applier(runtime_.applier(), *store_).apply({&accepted, 1}).front().status);
  EXPECT_FALSE(warning());
}

}  // namespace
}  // namespace baton
