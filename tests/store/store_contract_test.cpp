#include "tests/store/store_contract.h"

#include <map>
#include <set>

namespace baton {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_P(StoreContract, StoresADeliveryOnceHoweverOftenItArrives) {
  const IntakeRecord records[] = {{"d1", "one"}, {"d2", "two"}, {"d1", "one again"}};
  EXPECT_THAT(store_->intake(records).value(),
              ElementsAre(IntakeAnswer::kStored, IntakeAnswer::kStored, IntakeAnswer::kDuplicate));
  EXPECT_THAT(
      store_->intake(records).value(),
      ElementsAre(IntakeAnswer::kDuplicate, IntakeAnswer::kDuplicate, IntakeAnswer::kDuplicate));
  ASSERT_THAT(waiting("d1"), SizeIs(::testing::Ge(1u)));
  EXPECT_EQ(store_->counts()->intake, 2u);
}

TEST_P(StoreContract, ReadsIntakeInOrderAndAfterAnEntryWithBinaryPayloads) {
  const std::string payload("a\0b\r\n\xff", 6);
  std::vector<IntakeRecord> records;
  for (int i = 0; i < 40; ++i)
    records.push_back({"d" + std::to_string(i), payload + std::to_string(i)});
  ASSERT_TRUE(store_->intake(records));
  std::size_t seen = 0;
  for (const auto partition : all()) {
    std::string after;
    for (;;) {
      const auto part = store_->read_intake(partition, after, 3).value();
      if (part.empty()) break;
      for (const auto& entry : part) {
        EXPECT_EQ(entry.partition, partition);
        EXPECT_EQ(entry.payload, payload + entry.id.substr(1));
        EXPECT_GT(entry.appended_at.ms, 0);
        ++seen;
      }
      after = part.back().entry;
    }
  }
  EXPECT_EQ(seen, 40u);
}

TEST_P(StoreContract, ReadsTheOldestOfSeveralPartitionsAtOnce) {
  std::vector<IntakeRecord> records;
  for (int i = 0; i < 200; ++i) records.push_back({"d" + std::to_string(i), "payload"});
  ASSERT_TRUE(store_->intake(records));
  std::set<PartitionId> seen;
  const auto found = store_->waiting_intake(all(), 100).value();
  for (const auto& entry : found) {
    if (!seen.insert(entry.partition).second) continue;
    EXPECT_EQ(entry.entry, store_->read_intake(entry.partition, "", 1)->front().entry);
  }
  EXPECT_EQ(seen.size(), all().size());
  EXPECT_THAT(store_->waiting_intake({}, 100).value(), IsEmpty());
}

TEST_P(StoreContract, FinishedDeliveriesAreGoneButStillKnown) {
  const IntakeRecord record{"d1", "one"};
  ASSERT_TRUE(store_->intake({&record, 1}));
  const auto entry = waiting("d1").front();
  const EntryRef ref{entry.partition, entry.entry, entry.id};
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(store_->finish_intake({&ref, 1}));
  EXPECT_THAT(waiting("d1"), IsEmpty());
  EXPECT_THAT(store_->intake({&record, 1}).value(), ElementsAre(IntakeAnswer::kDuplicate));
}

TEST_P(StoreContract, QuarantineMovesADeliveryOnceAndItCanBeRequeued) {
  const IntakeRecord record{"d1", "one"};
  ASSERT_TRUE(store_->intake({&record, 1}));
  const auto entry = waiting("d1").front();
  const EntryRef ref{entry.partition, entry.entry, entry.id};
  DeadLetter letter;
  letter.destination = "typeform";
  letter.reason = "no e-mail address";
  letter.payload = "one";
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(store_->quarantine({&ref, 1}, {&letter, 1}));
  EXPECT_THAT(waiting("d1"), IsEmpty());
  auto letters = store_->dead_letters(10).value();
  ASSERT_THAT(letters, SizeIs(1));
  EXPECT_EQ(letters[0].origin, "intake");
  EXPECT_EQ(letters[0].subject, "d1");
  EXPECT_EQ(letters[0].destination, "typeform");
  EXPECT_EQ(letters[0].reason, "no e-mail address");
  EXPECT_THAT(store_->intake({&record, 1}).value(), ElementsAre(IntakeAnswer::kDuplicate));

  letters[0].payload = "one, fixed";
  ASSERT_TRUE(store_->requeue_dead_letter(letters[0]));
  EXPECT_EQ(store_->requeue_dead_letter(letters[0]).error().code, Errc::kNotFound);
  ASSERT_THAT(waiting("d1"), SizeIs(1));
  EXPECT_EQ(waiting("d1")[0].payload, "one, fixed");
  EXPECT_THAT(store_->dead_letters(10).value(), IsEmpty());
}

TEST_P(StoreContract, AForgottenLetterIsGone) {
  const IntakeRecord record{"d1", "one"};
  ASSERT_TRUE(store_->intake({&record, 1}));
  const auto entry = waiting("d1").front();
  const EntryRef ref{entry.partition, entry.entry, entry.id};
  const DeadLetter letter;
  ASSERT_TRUE(store_->quarantine({&ref, 1}, {&letter, 1}));
  const auto filed = store_->dead_letters(10).value().front();
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(store_->forget_dead_letter(filed));
  EXPECT_THAT(store_->dead_letters(10).value(), IsEmpty());
  EXPECT_THAT(store_->intake({&record, 1}).value(), ElementsAre(IntakeAnswer::kDuplicate));
}

TEST_P(StoreContract, TheFirstClaimWinsPermanently) {
  const Store::Claim claims[] = {{"e:1", "anna"}, {"t:2", "anna"}, {"e:1", "bert"}};
  EXPECT_THAT(store_->claim_identities(claims).value(), ElementsAre("anna", "anna", "anna"));
  const Store::Claim later{"e:1", "carl"};
  EXPECT_THAT(store_->claim_identities({&later, 1}).value(), ElementsAre("anna"));
  const std::string asked[] = {"e:1", "nobody", "t:2"};
  EXPECT_THAT(store_->holders_of(asked).value(), ElementsAre("anna", "", "anna"));
}

TEST_P(StoreContract, ClaimsMoveOnlyFromTheirHolder) {
  const Store::Claim claims[] = {{"a", "anna"}, {"b", "bert"}, {"c", "anna"}};
  ASSERT_TRUE(store_->claim_identities(claims));
  const Store::Repoint moves[] = {
      {"a", "anna", "carl"}, {"b", "anna", "carl"}, {"c", "anna", ""}, {"d", "anna", "carl"}};
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(store_->repoint(moves));
  const std::string asked[] = {"a", "b", "c", "d"};
  EXPECT_THAT(store_->holders_of(asked).value(), ElementsAre("carl", "bert", "", ""));
}

TEST_P(StoreContract, AnErasureDestroysKeyAndExternalIds) {
  auto commit = next("anna", 0);
  commit.push = {"crm"};
  commit.touched = now();
  commit.timers = {{parse_timer_id("accept"), Instant{1}}};
  ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  const PushDone done{"anna", "crm", 1, "00Q1"};
  ASSERT_TRUE(store_->push_done({&done, 1}));
  commit = next("anna", 1);
  commit.bytes = "erased";
  commit.timers = {{parse_timer_id("accept"), std::nullopt}};
  commit.erase = true;
  ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  const auto document = load("anna");
  EXPECT_EQ(document.version, 2u);
  EXPECT_EQ(document.bytes, "erased");
  EXPECT_EQ(document.sealed_key, "");
  EXPECT_THAT(document.external_ids, IsEmpty());
  EXPECT_THAT(store_->recent_persons(0, 10).value(), IsEmpty());
}

TEST_P(StoreContract, RacingClaimsAgree) {
  constexpr int kThreads = 4, kClaims = 100;
  std::vector<std::vector<std::string>> seen(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t, store = std::shared_ptr<Store>(world_->open())] {
      for (int i = 0; i < kClaims; ++i) {
        const Store::Claim claim{"claim" + std::to_string(i), "thread" + std::to_string(t)};
        seen[static_cast<std::size_t>(t)].push_back(
            store->claim_identities({&claim, 1}).value().front());
      }
    });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& other : seen) EXPECT_EQ(other, seen[0]);
}

TEST_P(StoreContract, CommitsByVersionAndLoadsExistingDocuments) {
  EXPECT_EQ(load("anna").version, 0u);
  EXPECT_EQ(apply(next("anna", 0)), CommitAnswer::kDone);
  EXPECT_EQ(apply(next("anna", 0)), CommitAnswer::kConflict);
  auto second = next("anna", 1);
  second.sealed_key = "another key";
  EXPECT_EQ(apply(second), CommitAnswer::kDone);
  const auto document = load("anna");
  EXPECT_EQ(document.version, 2u);
  EXPECT_EQ(document.bytes, "document 2");
  EXPECT_EQ(document.sealed_key, "key");
  EXPECT_EQ(apply(next("anna", 7)), CommitAnswer::kConflict);
  const DocKey keys[] = {{'p', "anna"}, {'o', "anna"}, {'p', "bert"}};
  const auto documents = store_->load(keys).value();
  EXPECT_EQ(documents[0].version, 2u);
  EXPECT_EQ(documents[1].version, 0u);
  EXPECT_EQ(documents[2].version, 0u);
}

TEST_P(StoreContract, SeveralCommitsOfADocumentApplyInTheirOrder) {
  std::vector<Commit> commits;
  for (std::uint64_t v = 0; v < 200; ++v) commits.push_back(next("anna", v));
  commits.push_back(next("anna", 17));
  commits.push_back(next("bert", 0));
  const auto answers = store_->commit(commits).value();
  for (std::size_t i = 0; i < 200; ++i) EXPECT_EQ(answers[i], CommitAnswer::kDone) << i;
  EXPECT_EQ(answers[200], CommitAnswer::kConflict);
  EXPECT_EQ(answers[201], CommitAnswer::kDone);
  EXPECT_EQ(load("anna").version, 200u);
}

TEST_P(StoreContract, TheLastOfSeveralCommitsSetsTheTimers) {
  auto first = next("anna", 0), second = next("anna", 1);
  first.timers = {{parse_timer_id("moved"), Instant{1}},
                  {parse_timer_id("ended"), Instant{1}},
                  {parse_timer_id("begun"), std::nullopt}};
  second.timers = {{parse_timer_id("moved"), Instant{2}},
                   {parse_timer_id("ended"), std::nullopt},
                   {parse_timer_id("begun"), Instant{3}}};
  first.push = second.push = {"crm"};
  ASSERT_THAT(store_->commit(std::vector<Commit>{first, second}).value(),
              Each(CommitAnswer::kDone));
  std::map<std::string, Instant> due;
  for (const auto& timer : store_->due_timers(all(), 10).value().items)
    due[to_string(timer.timer)] = timer.due;
  EXPECT_EQ(due, (std::map<std::string, Instant>{{"moved", Instant{2}}, {"begun", Instant{3}}}));
  ASSERT_THAT(pushes(), SizeIs(1));
  EXPECT_EQ(pushes()[0].version, 2U);
}

// Many commits of one partition travel as one argument; their content must not matter.
TEST_P(StoreContract, LargeBatchesArriveByteForByte) {
  std::vector<Commit> commits;
  for (int i = 0; commits.size() < 60; ++i) {
    const auto id = "big" + std::to_string(i);
    if (partition_of(id, store_->partitions()) != 0) continue;
    auto commit = next(id, 0);
    commit.bytes.clear();
    for (int b = 0; b < 40 * i; ++b) commit.bytes += static_cast<char>(b * 7 + i);
    commit.log = commit.bytes + "\r\n$3\r\n";
    commit.timers = {{parse_timer_id("accept#1"), Instant{4'000'000'000'000 + i}},
                     {parse_timer_id("old#1"), std::nullopt}};
    commit.outbox_add = {{"offer", "notify", commit.bytes, Instant{1}}};
    commits.push_back(std::move(commit));
  }
  const auto answers = store_->commit(commits).value();
  ASSERT_THAT(answers, Each(CommitAnswer::kDone));
  for (const auto& commit : commits) {
    EXPECT_EQ(load(commit.key.id).bytes, commit.bytes);
    EXPECT_EQ(store_->history(commit.key, 1).value().at(0).bytes, commit.log);
  }
  EXPECT_THAT(outbox(), SizeIs(60));
}

TEST_P(StoreContract, AConflictLeavesNoTrace) {
  ASSERT_EQ(apply(next("anna", 0)), CommitAnswer::kDone);
  auto late = next("anna", 0);
  late.timers = {{parse_timer_id("accept"), now()}};
  late.outbox_add = {item("alert", now())};
  late.push = {"crm"};
  late.log = "record";
  late.touched = now();
  EXPECT_EQ(apply(late), CommitAnswer::kConflict);
  const auto counts = store_->counts().value();
  EXPECT_EQ(counts.timers + counts.outbox + counts.push + counts.persons, 0u);
  EXPECT_THAT(store_->history({'p', "anna"}, 10).value(), IsEmpty());
}

TEST_P(StoreContract, RefusesAmbiguousNames) {
  const auto refused = [&](const Commit& commit) {
    return store_->commit({&commit, 1}).error().code;
  };
  EXPECT_EQ(refused(next("", 0)), Errc::kInvalidInput);
  EXPECT_EQ(refused(next("a:b", 0)), Errc::kInvalidInput);
  auto commit = next("anna", 0);
  commit.key.kind = 'x';
  EXPECT_EQ(refused(commit), Errc::kInvalidInput);
  commit = next("anna", 0);
  commit.outbox_add = {item("key", now(), "")};
  EXPECT_EQ(refused(commit), Errc::kInvalidInput);
}

TEST_P(StoreContract, HistoryKeepsTheOrderAndTheNewestRecords) {
  for (std::uint64_t v = 0; v < 6; ++v) {
    auto commit = next("anna", v);
    if (v != 3) commit.log = "record " + std::to_string(v);
    ASSERT_EQ(apply(commit), CommitAnswer::kDone);
    auto other = next("bert", v);
    other.log = "other";
    ASSERT_EQ(apply(other), CommitAnswer::kDone);
  }
  const auto bytes = [](const std::vector<LogRecord>& records) {
    std::vector<std::string> list;
    for (const auto& record : records) list.push_back(record.bytes);
    return list;
  };
  EXPECT_THAT(bytes(store_->history({'p', "anna"}, 10).value()),
              ElementsAre("record 0", "record 1", "record 2", "record 4", "record 5"));
  EXPECT_THAT(bytes(store_->history({'p', "anna"}, 2).value()),
              ElementsAre("record 4", "record 5"));
  std::set<std::string> entries;
  for (const auto partition : all()) {
    std::string after;
    for (auto part = store_->read_log(partition, after, 4).value(); !part.empty();
         part = store_->read_log(partition, after, 4).value()) {
      for (const auto& record : part)
        entries.insert(std::to_string(partition) + "/" + record.entry);
      after = part.back().entry;
    }
  }
  EXPECT_EQ(entries.size(), 11u);
}

TEST_P(StoreContract, ALongHistoryIsComplete) {
  for (std::uint64_t v = 0; v < 300; ++v) {
    auto commit = next("anna", v);
    commit.log = std::to_string(v);
    ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  }
  const auto records = store_->history({'p', "anna"}, 1000).value();
  ASSERT_THAT(records, SizeIs(300));
  for (std::size_t i = 0; i < 300; ++i) EXPECT_EQ(records[i].bytes, std::to_string(i));
  EXPECT_EQ(store_->history({'p', "anna"}, 200)->front().bytes, "100");
  EXPECT_THAT(store_->history({'p', "anna"}, 0).value(), IsEmpty());
}

TEST_P(StoreContract, RecentPersonsComeNewestFirst) {
  for (int i = 0; i < 12; ++i) {
    auto commit = next("person" + std::to_string(i), 0);
    commit.touched = Instant{1000 + i};
    ASSERT_EQ(apply(commit), CommitAnswer::kDone);
  }
  auto again = next("person3", 1);
  again.touched = Instant{5000};
  ASSERT_EQ(apply(again), CommitAnswer::kDone);
  EXPECT_THAT(store_->recent_persons(0, 3).value(), ElementsAre("person3", "person11", "person10"));
  EXPECT_THAT(store_->recent_persons(2, 2).value(), ElementsAre("person10", "person9"));
  EXPECT_EQ(store_->counts()->persons, 12u);
}

std::unique_ptr<StoreWorld> memory_world() { return std::make_unique<MemoryWorld>(); }
std::unique_ptr<StoreWorld> redis_world() { return std::make_unique<RedisWorld>(); }

INSTANTIATE_TEST_SUITE_P(Store, StoreContract, ::testing::Values(&memory_world, &redis_world),
                         [](const auto& world) {
                           return std::string(world.index == 0 ? "Memory" : "Redis");
                         });

}  // namespace
}  // namespace baton
