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

// Store is the port to everything Baton remembers. It has two implementations with one contract:
// RedisStore is durable; MemoryStore serves simulation, replay and tests. One test suite checks
// both (tests/store/store_contract_test.cpp).
//
// Every call accepts many items and makes one round trip (a pipeline), because throughput depends
// on batches. Values are opaque bytes: the engine seals personal data before it calls the store.
//
// A call either fails as a whole with kTransient, or answers item by item. kTransient means that
// Redis is down, hangs or is read-only. The effect of a failed call is unknown, so every call may
// be repeated.
//
// A Store is not thread-safe. Open one for each thread.

using PartitionId = std::uint16_t;

// Returns the partition that holds a key: FNV-1a of the key modulo `partitions`, which is fixed for
// a deployment.
PartitionId partition_of(std::string_view key, PartitionId partitions);

// --- intake ------------------------------------------------------------------------------------

// A verified delivery that is to be stored. `id` is the public id of the delivery (a hash of source
// and delivery id). It determines the partition, and duplicates are recognised by it.
struct IntakeRecord {
  std::string id;
  std::string payload;
};

enum class IntakeAnswer { kStored, kDuplicate };

struct IntakeEntry {
  PartitionId partition = 0;
  std::string entry;    // stream id: "1700000000000-0"
  Instant appended_at;  // by the store's clock
  std::string id;
  std::string payload;
};

struct EntryRef {
  PartitionId partition = 0;
  std::string entry;
  std::string id;  // delivery id; its dedupe key expires 7 days later
};

// --- documents ---------------------------------------------------------------------------------

// Names a document: kind 'p' (person) or 'o' (pool) and an id, which is not empty and contains no
// ':'. A person is stored in partition_of(person id), a pool in partition_of(pool id).
struct DocKey {
  char kind = 'p';
  std::string id;
  auto operator<=>(const DocKey&) const = default;
};

struct Document {
  std::uint64_t version = 0;  // 0: the document does not exist
  std::string bytes;
  std::string sealed_key;  // the document's own key, wrapped by the master key
  std::map<std::string, std::string> external_ids;  // destination -> id that push_done recorded
};

// An effect outside the document: a message, a task, a request for an owner. The key is unique
// within its document. Adding a known key again is a no-op, even after the item is done: a key is
// remembered for 7 days after that.
struct OutboxItem {
  std::string key;
  std::string kind;  // "owner", "pool", "notify", "task:<crm>"
  std::string payload;
  Instant not_before;
};

// One step of one document. The store applies it completely or not at all, and only if the stored
// version is `expected_version`.
struct Commit {
  DocKey key;
  std::uint64_t expected_version = 0;
  std::string bytes;       // the next document; its version is expected + 1
  std::string sealed_key;  // written only if the document is new
  std::vector<TimerChange> timers;
  std::vector<OutboxItem> outbox_add;
  std::vector<std::string> outbox_done;  // keys of items that this step finishes
  std::vector<std::string> push;         // destinations that need the new version
  bool priority = false;  // these pushes overtake those that have waited for less than a day
  std::string log;        // one record of the decision log; empty: none
  std::optional<Instant> touched;  // moves the document in the list of recent ones
  // Erases the document. `bytes` is what may remain. The sealed key and the external ids are
  // destroyed, and the document leaves the list of recent ones. Data sealed by the key becomes
  // unreadable.
  bool erase = false;
};

enum class CommitAnswer {
  kDone,
  kConflict,  // the stored version differs: load and decide again
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
  std::uint64_t version = 0;  // of the document when this was read; 0: no document
  std::string ref;            // the person's id at the destination, if known
};

// A priority push, and the message of a breach, is queued this much earlier than others. One day
// puts it first in any usual backlog and still gives the others their turn.
inline constexpr Duration kPriorityLead = days(1);

// Due items, oldest first, and the due time of the next one.
template <class T>
struct DueList {
  Instant now;  // the store's clock, which alone decides what is due
  std::vector<T> items;
  std::optional<Instant> next;  // the earliest that is not due yet
};

// Reports that a push of one person to one destination has ended: the version that was sent, and
// the id at the destination, which the store remembers as `ref`. If a later commit marked the
// person for this destination again, the push stays queued and is due at once. A later commit
// without that mark does not keep it queued.
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

// An item that failed permanently and waits for an operator: a delivery that could not be mapped
// (origin "intake"), or a push or message that was refused ("push", "outbox").
struct DeadLetter {
  PartitionId partition = 0;
  std::string entry;  // set by the store
  Instant at;         // set by the store
  std::string origin;
  std::string subject;      // delivery id, person id or outbox key
  std::string destination;  // name of the source or destination
  std::string reason;       // no personal data
  std::string payload;      // data needed to try again
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
  std::string durability;  // "always", "everysec", "no", "off", or "unknown" (not permitted to ask)
  std::string eviction;    // "noeviction", ...
  bool fsync_pauses = false;  // no-appendfsync-on-rewrite yes: no fsync during a rewrite
  // Identify the history of changes the data belongs to, and the one before this server became
  // primary. Empty if unknown.
  std::string replication_id, former_replication_id;
};

// The index entries that a person's document implies.
struct IndexEntry {
  std::string person;
  std::uint64_t version = 0;        // of the document
  std::vector<TimerChange> timers;  // all timers of the document
  Instant touched;                  // its place in the list of recent ones, if it has none
};

// Counts what reindex added or corrected.
struct IndexFix {
  bool current = true;  // false: the document has another version by now, and nothing was changed
  std::uint64_t timers = 0, pushes = 0, listed = 0;
};

// Refuses a store that could lose acknowledged data. The message names the setting and the fix.
// `assume` means that the operator vouches for durability (redis.assume_durable).
Status check_durability(const StoreHealth& health, bool assume);

class Store {
 public:
  virtual ~Store() = default;

  virtual PartitionId partitions() const = 0;
  virtual Result<Instant> now() = 0;
  virtual Result<StoreHealth> health() = 0;

  // Appends each delivery once, however often it is called. The deliveries are durable when it
  // returns.
  virtual Result<std::vector<IntakeAnswer>> intake(std::span<const IntakeRecord> records) = 0;
  // Returns up to `limit` entries of a partition, oldest first, after the entry `after` (empty:
  // from the start).
  virtual Result<std::vector<IntakeEntry>> read_intake(PartitionId partition,
                                                       std::string_view after,
                                                       std::size_t limit) = 0;
  // Reads several partitions in one round trip, each from its start: about `limit` entries in
  // total. Every partition gets a share, so a full one does not delay the others. `finished` is
  // first removed as by finish_intake, in the same round trip.
  virtual Result<std::vector<IntakeEntry>> waiting_intake(
      std::span<const PartitionId> partitions, std::size_t limit,
      std::span<const EntryRef> finished = {}) = 0;
  // Removes entries whose effects are committed and remembers their ids for 7 days.
  virtual Status finish_intake(std::span<const EntryRef> entries) = 0;
  // Moves each entry to the dead letters in one atomic step: no entry is lost or duplicated.
  virtual Status quarantine(std::span<const EntryRef> entries,
                            std::span<const DeadLetter> letters) = 0;

  // Identity. Returns the person that holds each claim; the engine hashes claims with HMAC first. A
  // claim without a holder goes to its candidate. The first claim wins and stays.
  struct Claim {
    std::string claim;
    std::string candidate;
  };
  virtual Result<std::vector<std::string>> claim_identities(std::span<const Claim> claims) = 0;
  // Returns the holders of claims, "" for a claim without one. Claims nothing.
  virtual Result<std::vector<std::string>> holders_of(std::span<const std::string> claims) = 0;
  // For merge, split and erasure. A claim that `from` still holds passes to `to`, or becomes free
  // if `to` is empty. Other claims are unchanged.
  struct Repoint {
    std::string claim;
    std::string from;
    std::string to;
  };
  virtual Status repoint(std::span<const Repoint> moves) = 0;

  virtual Result<std::vector<Document>> load(std::span<const DocKey> keys) = 0;
  // Applies several commits of one document in their order. All commits without a conflict are
  // durable when it returns.
  virtual Result<std::vector<CommitAnswer>> commit(std::span<const Commit> commits) = 0;

  // Limits of the due_* calls. A call returns at most `limit` items in total, and at most kMaxDue
  // of one partition. For outbox items, thousands of which may form one message, the limit is
  // kMaxDueOutbox.
  static constexpr std::size_t kMaxDue = 256, kMaxDueOutbox = 10'000;
  virtual Result<DueList<DueTimer>> due_timers(std::span<const PartitionId> partitions,
                                               std::size_t limit) = 0;
  virtual Result<DueList<OutboxEntry>> due_outbox(std::span<const PartitionId> partitions,
                                                  std::string_view kind, std::size_t limit) = 0;
  virtual Result<DueList<PushEntry>> due_push(std::span<const PartitionId> partitions,
                                              std::string_view destination, std::size_t limit) = 0;
  // Lists what waits in a queue, due or not, earliest first, over all partitions. It is for display
  // only. `name` is the kind of outbox items, or the destination of pushes.
  enum class Queue { kOutbox, kPush };
  struct Queued {
    DocKey key;        // the document or person it belongs to
    std::string item;  // outbox key, or destination
    Instant due;
  };
  virtual Result<std::vector<Queued>> queued(Queue queue, std::string_view name,
                                             std::size_t limit) = 0;
  // Ends outbox items that were delivered or superseded.
  virtual Status outbox_done(std::span<const OutboxEntry> entries) = 0;
  // Records a failed attempt and sets the time of the next one.
  virtual Status outbox_retry(std::span<const Retry> retries) = 0;
  // Postpones items without counting an attempt.
  virtual Status outbox_later(std::span<const Retry> items) = 0;
  virtual Status push_done(std::span<const PushDone> done) = 0;
  virtual Status push_retry(std::span<const Retry> retries) = 0;
  // Ends the item or push (identified by origin, subject and destination) and files it as a dead
  // letter, each in one atomic step.
  virtual Status dead_letter(std::span<const DeadLetter> letters,
                             std::span<const DocKey> owners) = 0;

  // Returns dead letters of all partitions, newest first.
  virtual Result<std::vector<DeadLetter>> dead_letters(std::size_t limit) = 0;
  virtual Status forget_dead_letter(const DeadLetter& letter) = 0;
  // Requeues a push or outbox item with 0 attempts, or the payload of a delivery in intake. The
  // caller may have edited the letter's payload; if it is empty, the stored one is used. Fails with
  // kNotFound if the letter no longer exists.
  virtual Status requeue_dead_letter(const DeadLetter& letter) = 0;

  // Returns the decision log of one document, oldest first: at most the newest `limit` records.
  virtual Result<std::vector<LogRecord>> history(const DocKey& key, std::size_t limit) = 0;
  // Returns the log of a partition after an entry, for replay and archive.
  virtual Result<std::vector<LogRecord>> read_log(PartitionId partition, std::string_view after,
                                                  std::size_t limit) = 0;
  // Returns ids of persons by last change, newest first, over all partitions.
  virtual Result<std::vector<std::string>> recent_persons(std::size_t offset,
                                                          std::size_t limit) = 0;

  // Iterates over persons that have a document, about `limit` at a time. Start with an empty cursor
  // and continue until it is empty again. A person that exists throughout is returned at least
  // once. Erased persons, whose document key is gone, are returned too.
  struct Walk {
    std::vector<std::string> persons;
    std::string cursor;
  };
  virtual Result<Walk> walk_persons(std::string_view cursor, std::size_t limit) = 0;
  // Corrects the index entries of these persons, each in one step and only if the document still
  // has that version. It restores missing or wrong timers, pushes that a commit requested and no
  // queue contains, and the place in the list of recent ones. It leaves surplus timers: when such a
  // timer fires, the document ignores it.
  virtual Result<std::vector<IndexFix>> reindex(std::span<const IndexEntry> entries) = 0;

  // Returns true for the first caller of a key within its time to live (single-use links, test
  // pings).
  virtual Result<bool> consume_once(std::string_view key, Duration ttl) = 0;
  // A small named value (policy texts by hash, cursors of pollers, wrapped day keys). Empty means
  // none; putting an empty value removes it.
  virtual Status put_value(std::string_view name, std::string_view value) = 0;
  virtual Result<std::string> get_value(std::string_view name) = 0;

  // Acquires or renews the lease on each partition for `node` and returns the partitions it holds.
  // A lease only saves polling; correctness depends on versions.
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
