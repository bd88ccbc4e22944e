#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/model/timer_id.h"
#include "mapping/instant.h"
#include "mapping/result.h"

namespace baton {

// The port to what Baton remembers. Two implementations hold the same contract, proved by one test
// suite (tests/store/store_contract_test.cpp): RedisStore, durable, and MemoryStore, for
// simulation, replay and tests. Every call takes many items and makes one round trip (a pipeline):
// batches are what the throughput hangs on.
//
// Values are opaque bytes here: the engine seals what is personal before it comes in. A call either
// fails as a whole with kTransient (store away, hanging, read-only: nothing is known of its effect,
// so only calls that may be repeated are offered) or answers item by item. One Store object is used
// by one thread at a time; open one a thread.

using PartitionId = std::uint16_t;

// Which partition holds a key: FNV-1a of the key modulo the deployment's fixed number.
PartitionId partition_of(std::string_view key, PartitionId partitions);

// --- intake ------------------------------------------------------------------------------------

// A verified delivery on its way to the disk. `id` is the delivery's public id (hash of source and
// delivery id): it names the partition and is what a repeat is recognised by.
struct IntakeRecord {
  std::string id;
  std::string payload;
};

enum class IntakeAnswer { kStored, kDuplicate };

struct IntakeEntry {
  PartitionId partition = 0;
  std::string entry;    // the stream's id: "1700000000000-0"
  Instant appended_at;  // by the store's clock
  std::string id;
  std::string payload;
};

struct EntryRef {
  PartitionId partition = 0;
  std::string entry;
  std::string id;  // the delivery's id; its dedupe key then lives 7 more days
};

// --- documents ---------------------------------------------------------------------------------

// A document's name: kind 'p' (person) or 'o' (pool), and id (not empty, without ':'). Persons live
// in partition_of(person id), pools in partition_of(pool id).
struct DocKey {
  char kind = 'p';
  std::string id;
  auto operator<=>(const DocKey&) const = default;
};

struct Document {
  std::uint64_t version = 0;  // 0: there is none yet
  std::string bytes;
  std::string sealed_key;  // the document's own key, wrapped by the master key
  std::map<std::string, std::string> external_ids;  // destination -> what push_done noted there
};

// An effect that is not state: a message, a task, a request for an owner. The key is unique for
// ever within its document; adding a known key again is a no-op, also after it was done (the key is
// remembered for 7 days).
struct OutboxItem {
  std::string key;
  std::string kind;  // "owner", "pool", "notify", "task:<crm>"
  std::string payload;
  Instant not_before;
};

// One step of one document. Applied as a whole or not at all, guarded by the version.
struct Commit {
  DocKey key;
  std::uint64_t expected_version = 0;
  std::string bytes;       // the next document; its version is expected + 1
  std::string sealed_key;  // written where the document is new
  std::vector<TimerChange> timers;
  std::vector<OutboxItem> outbox_add;
  std::vector<std::string> outbox_done;  // keys that this step finishes
  std::vector<std::string> push;         // destinations that have to learn of the new version
  bool priority = false;  // these pushes go before others that wait, but for those of a day ago
  std::string log;        // one record of the decision log; empty: none
  std::optional<Instant> touched;  // moves the document in the list of recent ones
  // Erasure: `bytes` is what may stay; the sealed key and the refs are destroyed and the document
  // leaves the list of recent ones. What the key sealed cannot be read again.
  bool erase = false;
};

enum class CommitAnswer {
  kDone,
  kConflict,  // another version is there: load and decide again
};

// --- timers, outbox, push ----------------------------------------------------------------------

struct DueTimer {
  PartitionId partition = 0;
  DocKey key;
  TimerId timer;
  Instant due;
};

struct OutboxEntry {
  PartitionId partition = 0;
  DocKey key;  // the document it belongs to
  OutboxItem item;
  int attempts = 0;
  Instant due;
};

struct PushEntry {
  PartitionId partition = 0;
  std::string person;
  std::string destination;
  int attempts = 0;
  Instant due;
  std::uint64_t version = 0;  // of the document when this was read; 0 where there is none
  std::string ref;            // the person's id over there, where it is known
};

// By so much a priority push, or the message of a breach, stands before others: long, so that it
// goes first whatever has piled up, and not without end, so that the others have their turn.
inline constexpr Duration kPriorityLead = days(1);

// What is due, oldest first, and when the next one will be.
template <class T>
struct DueList {
  Instant now;  // the store's clock: it alone judges what is due
  std::vector<T> items;
  std::optional<Instant> next;  // the earliest that is not due yet
};

// The push of one person to one destination has come to an end: the version that went out, and what
// is to be remembered (the id over there). Where a later commit marked the person for this
// destination again, it stays queued, due at once; a later commit that did not mark it does not.
struct PushDone {
  std::string person;
  std::string destination;
  std::uint64_t version = 0;
  std::string ref;
};

struct Retry {
  DocKey key;        // for a push: the person
  std::string item;  // outbox key, or destination
  Instant at;
};

// --- dead letters ------------------------------------------------------------------------------

// Something that could not be done and waits for a human: a delivery that could not be mapped
// (origin "intake"), a push or message refused for good ("push", "outbox").
struct DeadLetter {
  PartitionId partition = 0;
  std::string entry;  // filled by the store
  Instant at;         // filled by the store
  std::string origin;
  std::string subject;      // delivery id, person id or outbox key
  std::string destination;  // source or destination by name
  std::string reason;       // no personal data
  std::string payload;      // what is needed to try again
};

struct LogRecord {
  std::string entry;
  Instant at;
  std::string bytes;
};

struct StoreHealth {
  std::uint64_t used_memory = 0;
  std::uint64_t max_memory = 0;  // 0: no limit
  bool loading = false;
  std::string durability;     // "always", "everysec", "no", "off", "unknown" (not allowed to ask)
  std::string eviction;       // "noeviction", ...
  bool fsync_pauses = false;  // no-appendfsync-on-rewrite yes: no fsync while the file is rewritten
  // Which history of changes the data has, and which one before it was made a primary; "": not
  // told.
  std::string replication_id, former_replication_id;
};

// What a person's document says of the indexes it is found by.
struct IndexEntry {
  std::string person;
  std::uint64_t version = 0;        // of the document
  std::vector<TimerChange> timers;  // all it has
  Instant touched;                  // where it is to stand among the recent ones, if it does not
};

// What an index lacked, or had otherwise.
struct IndexMended {
  bool current = true;  // false: the document is another by now, and nothing was done
  std::uint64_t timers = 0, pushes = 0, listed = 0;
};

// Refuses a store that could lose what it acknowledged; names the setting and the mend. `assume`:
// the operator vouches for it (redis.assume_durable).
Status check_durability(const StoreHealth& health, bool assume);

class Store {
 public:
  virtual ~Store() = default;

  virtual PartitionId partitions() const = 0;
  virtual Result<Instant> now() = 0;
  virtual Result<StoreHealth> health() = 0;

  // Appends each delivery once, however often it is called; durable when it returns.
  virtual Result<std::vector<IntakeAnswer>> intake(std::span<const IntakeRecord> records) = 0;
  // Up to `limit` entries a partition, oldest first, after the entry named in `after` (empty: from
  // the start).
  virtual Result<std::vector<IntakeEntry>> read_intake(PartitionId partition,
                                                       std::string_view after,
                                                       std::size_t limit) = 0;
  // The same for several partitions in one round trip, from the start of each: about `limit`
  // entries in all, each partition having its share, so that a full one does not keep the others
  // waiting. `finished` is forgotten first, as by finish_intake, without a round trip of its own.
  virtual Result<std::vector<IntakeEntry>> waiting_intake(
      std::span<const PartitionId> partitions, std::size_t limit,
      std::span<const EntryRef> finished = {}) = 0;
  // Forgets the entries (their effects are committed) and keeps their ids for 7 days.
  virtual Status finish_intake(std::span<const EntryRef> entries) = 0;
  // Moves entries to the dead letters in one step each: neither lost nor doubled.
  virtual Status quarantine(std::span<const EntryRef> entries,
                            std::span<const DeadLetter> letters) = 0;

  // Identity: for each claim (already keyed by HMAC) the person that holds it; the candidate is
  // taken where nobody does. The first claim in an empty place wins for ever.
  struct Claim {
    std::string claim;
    std::string candidate;
  };
  virtual Result<std::vector<std::string>> claim_identities(std::span<const Claim> claims) = 0;
  // The holders of claims, "" where there is none; claims nothing.
  virtual Result<std::vector<std::string>> holders_of(std::span<const std::string> claims) = 0;
  // Merge, split, erasure: claims that `from` still holds go over to `to`, or are free where that
  // is empty; others stay as they are.
  struct Repoint {
    std::string claim;
    std::string from;
    std::string to;
  };
  virtual Status repoint(std::span<const Repoint> moves) = 0;

  virtual Result<std::vector<Document>> load(std::span<const DocKey> keys) = 0;
  // Several commits of one document in a call are applied in their order. All but the conflicting
  // ones are durable when it returns.
  virtual Result<std::vector<CommitAnswer>> commit(std::span<const Commit> commits) = 0;

  // At most `limit` items over all the partitions asked, and at most kMaxDue of one partition; of
  // outbox items, of which thousands may go as one message, kMaxDueOutbox.
  static constexpr std::size_t kMaxDue = 256, kMaxDueOutbox = 10'000;
  virtual Result<DueList<DueTimer>> due_timers(std::span<const PartitionId> partitions,
                                               std::size_t limit) = 0;
  virtual Result<DueList<OutboxEntry>> due_outbox(std::span<const PartitionId> partitions,
                                                  std::string_view kind, std::size_t limit) = 0;
  virtual Result<DueList<PushEntry>> due_push(std::span<const PartitionId> partitions,
                                              std::string_view destination, std::size_t limit) = 0;
  // What waits in a queue, due or not, earliest first, over all partitions: to be shown, not to be
  // worked off. `name`: the kind of outbox items, or the destination of pushes.
  enum class Queue { kOutbox, kPush };
  struct Queued {
    DocKey key;        // whose it is
    std::string item;  // outbox key, or destination
    Instant due;
  };
  virtual Result<std::vector<Queued>> queued(Queue queue, std::string_view name,
                                             std::size_t limit) = 0;
  // Ends outbox items (delivered, superseded).
  virtual Status outbox_done(std::span<const OutboxEntry> entries) = 0;
  // An attempt failed: the next one is due then.
  virtual Status outbox_retry(std::span<const Retry> retries) = 0;
  // It is not yet time: due then, with no attempt counted.
  virtual Status outbox_later(std::span<const Retry> items) = 0;
  virtual Status push_done(std::span<const PushDone> done) = 0;
  virtual Status push_retry(std::span<const Retry> retries) = 0;
  // Ends the item or push (by origin, subject, destination) and files it, in one step each.
  virtual Status dead_letter(std::span<const DeadLetter> letters,
                             std::span<const DocKey> owners) = 0;

  // Over all partitions, newest first.
  virtual Result<std::vector<DeadLetter>> dead_letters(std::size_t limit) = 0;
  virtual Status forget_dead_letter(const DeadLetter& letter) = 0;
  // Puts a push or outbox item back with attempts 0, or the payload of a delivery back into intake.
  // The letter's payload may have been edited; an empty one stands for what is on file. kNotFound
  // where the letter is gone.
  virtual Status requeue_dead_letter(const DeadLetter& letter) = 0;

  // The decision log of one document, oldest first, at most the newest `limit`.
  virtual Result<std::vector<LogRecord>> history(const DocKey& key, std::size_t limit) = 0;
  // The whole log of a partition after an entry, for replay and archive.
  virtual Result<std::vector<LogRecord>> read_log(PartitionId partition, std::string_view after,
                                                  std::size_t limit) = 0;
  // Ids of persons by last change, newest first, over all partitions.
  virtual Result<std::vector<std::string>> recent_persons(std::size_t offset,
                                                          std::size_t limit) = 0;

  // Walks over the persons whose documents are there, about `limit` at a time: from an empty cursor
  // until it is empty again. One that is there throughout comes at least once. Persons without a
  // document key, which were erased, come too.
  struct Walk {
    std::vector<std::string> persons;
    std::string cursor;
  };
  virtual Result<Walk> walk_persons(std::string_view cursor, std::size_t limit) = 0;
  // Puts right what the indexes say of these persons, each in one step and only while its document
  // is of that version: timers that are missing or set to another instant, pushes that a commit
  // asked for and nobody queues, a place among the recent ones. A timer too many stays: when it
  // falls due the document tells that it does not count.
  virtual Result<std::vector<IndexMended>> reindex(std::span<const IndexEntry> entries) = 0;

  // True for the first caller of a key within its time to live (single-use links, test pings).
  virtual Result<bool> consume_once(std::string_view key, Duration ttl) = 0;
  // A small value by name (policy texts by hash, cursors of pollers, wrapped day keys). Empty:
  // none; putting an empty one removes it.
  virtual Status put_value(std::string_view name, std::string_view value) = 0;
  virtual Result<std::string> get_value(std::string_view name) = 0;

  // Takes or renews the lease on each partition for `node`; answers those it holds. A lease saves
  // polling; correctness comes from the versions.
  virtual Result<std::vector<PartitionId>> lease(std::string_view node,
                                                 std::span<const PartitionId> wanted,
                                                 Duration ttl) = 0;
  virtual Status release(std::string_view node, std::span<const PartitionId> held) = 0;

  struct Counts {
    std::uint64_t intake = 0, timers = 0, outbox = 0, push = 0, dead_letters = 0, persons = 0;
  };
  virtual Result<Counts> counts() = 0;
};

}  // namespace baton
