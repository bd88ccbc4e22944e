// Documents of pools over the memory store: two gateways at once, updates that arrive twice or
// late.
#include "gateway/app/workers/pool_assigner.h"
#include "gateway/core/routing/routing_load.h"

#include <fstream>
#include <iterator>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "gateway/app/engine/runtime.h"
#include "gateway/store/memory/memory_store.h"
#include "gateway/store/seal/packing.h"
#include "mapping/json/json.h"
#include "tests/support/ids.h"
#include "tests/support/temp_folder.h"

namespace baton {
namespace {

const Instant kNow = *parse_rfc3339("2026-03-09T09:00:00Z");

constexpr std::string_view kRouting = R"(reps:
  - {id: anna, name: Anna Beispiel, email: anna@example.com, cap: {day: 10}}
  - {id: ben, name: Ben Beispiel, email: ben@example.com, cap: {day: 10}}
pools:
  - {id: north, hours: ignore, members: [{rep: anna}, {rep: ben}]}
  - {id: south, hours: ignore, members: [{rep: anna}, {rep: ben}]}
catch_all: {pool: north}
)";

std::shared_ptr<const Policy> policy_with(std::string_view routing) {
  auto policy = std::make_shared<Policy>();
  Findings findings;
  policy->routing = load_routing(parse_yaml(routing, "routing.yaml", findings), findings);
  EXPECT_TRUE(findings.empty());
  return policy;
}

class PoolAssignerTest : public ::testing::Test {
 protected:
  PoolAssignerTest()
      : database_(std::make_shared<MemoryDatabase>(4, kNow)), store_(make_memory_store(database_)) {
    runtime_.access.open(Keyring::open(folder_.path(), std::string(64, 'a')).value());
    runtime_.configuration.policy.store(policy_with(kRouting));
  }

  OwnerRequest request(std::size_t n, std::string pool = "north") {
    OwnerRequest r;
    r.person = PersonId(fmt::format("p{}", n));
    r.key = r.person.str() + ":1:1";
    r.pool = std::move(pool);
    r.tie_break = LeadId(r.person.str() + ".1");
    return r;
  }

  RepId pick(const OwnerRequest& r) {
    PoolAssigner desk(runtime_.configuration, *runtime_.access.documents, *store_);
    return desk.pick({&r, 1}, kNow).front().value().rep;
  }

  RepLoad load(const RepId& rep) { return open_books(*store_, {}, {rep}).value().loads.at(rep); }
  PoolState turns(const std::string& pool) { return open_books(*store_, pool, {}).value().turns; }

  // Commits a person whose lead is with `rep`, in the given state of work.
  void person(std::size_t n, const RepId& rep, WorkStatus work) {
    const std::string id = fmt::format("p{}", n);
    auto open = runtime_.access.documents->load(*store_, {{id}}).value().front();
    Decision decision;
    decision.next = open.state;
    decision.next.id = PersonId(id);
    Lead lead;
    lead.id = LeadId(id + ".1");
    lead.stage = Stage::kMql;
    lead.owner = RepId(rep);
    lead.work = work;
    decision.next.lead = lead;
    const auto commit = runtime_.access.documents->close(open, decision, {}, {}, kNow);
    ASSERT_EQ(store_->commit({&commit, 1}).value().front(), CommitAnswer::kDone);
  }

  Status learn(const std::vector<PoolUpdate>& notes) {
    return PoolAssigner(runtime_.configuration, *runtime_.access.documents, *store_)
        .learn(notes, kNow);
  }

  TempFolder folder_;
  std::shared_ptr<MemoryDatabase> database_;
  std::unique_ptr<Store> store_;
  Runtime runtime_;
};

TEST_F(PoolAssignerTest, ARepHasOneDailyCountInAllPools) {
  for (std::size_t i = 0; i < 20; ++i)
    EXPECT_NE(pick(request(i, i % 2 == 0 ? "north" : "south")), "");
  EXPECT_EQ(pick(request(21, "north")), "");
  EXPECT_EQ(pick(request(22, "south")), "");
  EXPECT_EQ(load("anna"_rep).in_day, 10);
  EXPECT_EQ(load("ben"_rep).in_day, 10);
}

TEST_F(PoolAssignerTest, TwoGatewaysAtOnceNeverPassACapNorAnswerARequestTwice) {
  std::vector<OwnerRequest> requests;
  for (std::size_t i = 0; i < 60; ++i)
    requests.push_back(request(i, i % 2 == 0 ? "north" : "south"));
  std::vector<RepId> answers[2] = {std::vector<RepId>(60), std::vector<RepId>(60)};
  const auto gateway = [&](std::size_t which) {
    const auto own = make_memory_store(database_);
    PoolAssigner desk(runtime_.configuration, *runtime_.access.documents, *own);
    for (std::size_t k = 0; k < 60; ++k) {
      const std::size_t i = which == 0 ? k : 59 - k;
      const auto picked = desk.pick({&requests[i], 1}, kNow);
      answers[which][i] = picked.front() ? picked.front()->rep : "conflict"_rep;
    }
  };
  std::thread other(gateway, 1);
  gateway(0);
  other.join();
  int given = 0;
  for (std::size_t i = 0; i < 60; ++i) {
    EXPECT_EQ(answers[0][i], answers[1][i]) << i;
    given += answers[0][i].empty() ? 0 : 1;
  }
  EXPECT_EQ(given, 20);
  EXPECT_EQ(load("anna"_rep).leads.size() + load("ben"_rep).leads.size(), 20U);
  EXPECT_EQ(load("anna"_rep).in_day, 10);
  EXPECT_EQ(load("ben"_rep).in_day, 10);
}

// The gateway dies between the documents of the reps and the document of the pool. The next answer
// to the request withdraws the entry of the first.
TEST_F(PoolAssignerTest, AnInterruptedAnswerCountsForNoOtherRep) {
  const auto r = request(1);
  auto books = open_books(*store_, {}, {"ben"_rep}).value();
  take(books.loads["ben"_rep], r.key, r.tie_break, "UTC", kNow);
  Commit cut;
  cut.key = load_key("ben"_rep);
  cut.bytes = pack(json::serialize(to_json(books.loads["ben"_rep])));
  ASSERT_EQ(store_->commit({&cut, 1}).value().front(), CommitAnswer::kDone);

  const auto rep = pick(r);
  EXPECT_EQ(load("ben"_rep).in_day + load("anna"_rep).in_day, 1);
  EXPECT_EQ(load("ben"_rep).leads.size() + load("anna"_rep).leads.size(), 1U);
  EXPECT_TRUE(load(rep).leads.contains("p1.1"));
}

TEST_F(PoolAssignerTest, RepeatedUpdatesAlignARepsWorkWithThePerson) {
  const auto rep = pick(request(1));
  EXPECT_EQ(load(rep).untouched(), 1);
  person(1, rep, WorkStatus::kAttempting);
  PoolUpdate note;
  note.key = "p1.1:work:f1";
  note.person = "p1"_person;
  note.reps = {rep};
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(learn({note}));
  EXPECT_EQ(load(rep).untouched(), 0);
  EXPECT_EQ(load(rep).leads.size(), 1U);

  const RepId other = rep == "anna" ? "ben"_rep : "anna"_rep;
  person(1, other, WorkStatus::kAssigned);
  note.reps = {rep, other};
  ASSERT_TRUE(learn({note}));
  EXPECT_TRUE(load(rep).leads.empty());
  EXPECT_EQ(load(other).untouched(), 1);
  EXPECT_EQ(load(rep).in_day, 1);  // the day's count includes leads that have left the rep
}

TEST_F(PoolAssignerTest, AStaleEntryIsRemovedByTheNextUpdateOfTheRep) {
  const auto rep = pick(request(1));  // a person who was never committed
  std::size_t n = 2;
  while (pick(request(n)) != rep) ++n;
  person(n, rep, WorkStatus::kAssigned);
  PoolUpdate note;
  note.key = "k";
  note.person = PersonId(fmt::format("p{}", n));
  note.reps = {rep};
  ASSERT_TRUE(learn({note}));
  EXPECT_FALSE(load(rep).leads.contains("p1.1"));
  EXPECT_TRUE(load(rep).leads.contains(note.person.str() + ".1"));
}

TEST_F(PoolAssignerTest, ATurnIsReturnedOnceAndFreesItsPlace) {
  const auto rep = pick(request(1));
  PoolUpdate note;
  note.key = "p1.1/1:credit";
  note.person = "p1"_person;
  note.credit_to = rep;
  note.pool = "north";
  note.credit_pick = "p1:1:1";
  note.credit_why = "clerical";
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(learn({note}));
  EXPECT_EQ(turns("north").members.at(rep).count, 0);
  EXPECT_EQ(turns("north").members.at(rep).credits, 1);
  EXPECT_EQ(turns("north").members.at(rep).rejected, 1);
  EXPECT_EQ(load(rep).in_day, 0);
}

}  // namespace
}  // namespace baton
