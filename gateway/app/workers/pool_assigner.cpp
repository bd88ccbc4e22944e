#include "gateway/app/workers/pool_assigner.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>

#include "gateway/core/pool/pool_credit.h"
#include "gateway/core/pool/pool_json.h"
#include "gateway/core/pool/pool_parts.h"
#include "gateway/platform/failpoint.h"
#include "gateway/platform/log.h"
#include "gateway/store/seal/packing.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

constexpr int kMostTries = 16;

Result<json::value> content_of(const Document& document) {
  auto text = unpack(document.bytes);
  if (!text) return text.error();
  return parse_json(*text);
}

Status read_turns(const Document& document, PoolBooks& books) {
  books.version = document.version;
  if (document.version == 0) return {};
  auto content = content_of(document);
  if (!content) return content.error();
  auto state = pool_from_json(*content);
  if (!state) return state.error();
  books.turns = std::move(*state);
  return {};
}

Status read_load(const Document& document, const RepId& rep, PoolBooks& books) {
  RepLoad load;
  if (document.version > 0) {
    auto content = content_of(document);
    if (!content) return content.error();
    auto read = rep_load_from_json(*content);
    if (!read) return read.error();
    load = std::move(*read);
  }
  books.loaded.emplace(rep, std::pair(load, document.version));
  books.loads.emplace(rep, std::move(load));
  return {};
}

// Writes the loads that changed. Returns false if another writer changed them, too.
Result<bool> write_loads(Store& store, const PoolBooks& books) {
  std::vector<Commit> commits;
  for (const auto& [rep, load] : books.loads) {
    const auto before = books.loaded.find(rep);
    if (before == books.loaded.end() || before->second.first == load) continue;
    Commit commit;
    commit.key = load_key(rep);
    commit.expected_version = before->second.second;
    commit.bytes = pack(json::serialize(to_json(load)));
    commits.push_back(std::move(commit));
  }
  if (commits.empty()) return true;
  auto answers = store.commit(commits);
  if (!answers) return answers.error();
  return std::all_of(answers->begin(), answers->end(),
                     [](CommitAnswer a) { return a == CommitAnswer::kDone; });
}

Result<bool> write_turns(Store& store, const std::string& turns, const PoolBooks& books,
                         const json::object& ledger) {
  Commit commit;
  commit.key = turns_key(turns);
  commit.expected_version = books.version;
  commit.bytes = pack(json::serialize(to_json(books.turns)));
  commit.log = pack_log(json::serialize(ledger), {});
  auto answers = store.commit({&commit, 1});
  if (!answers) return answers.error();
  return answers->front() == CommitAnswer::kDone;
}

// Applies `change` to the documents until no other writer interferes. If `change` returns no ledger
// entry, the document of turns is not written.
using Change = std::function<std::optional<json::object>(PoolBooks&)>;
Status change_books(Store& store, const std::string& turns, const std::vector<RepId>& reps,
                    const Change& change) {
  for (int round = 0; round < kMostTries; ++round) {
    auto books = open_books(store, turns, reps);
    if (!books) return books.error();
    const auto ledger = change(*books);
    auto done = write_loads(store, *books);
    BATON_FAILPOINT("pool.loads_written");
    if (done && *done && ledger) done = write_turns(store, turns, *books, *ledger);
    if (!done) return done.error();
    if (*done) return {};
  }
  return error(Errc::kConflict, "the pool changes too fast");
}

// Gives back a turn and its place in the day. Returns the row of the ledger, or nothing if that was
// done before.
std::optional<json::object> credit_in(PoolBooks& books, const Credit& credit, const Pool& pool) {
  auto [next, reasons] = give_back(std::move(books.turns), credit, pool);
  books.turns = std::move(next);
  untake(books.loads[credit.rep], credit.pick, {});
  if (reasons.empty()) return std::nullopt;
  return json::object{{"credit", credit.rep.view()}, {"for", credit.key}, {"why", credit.why}};
}

// A rep's least recently checked lead. Each update of a rep compares one more lead
// with its person. This finds persons that changed in another way, for instance by erasure or a
// merge.
PersonId stalest_person(const RepLoad& load) {
  const auto older = [](const auto& a, const auto& b) { return a.second.seen < b.second.seen; };
  const auto at = std::min_element(load.leads.begin(), load.leads.end(), older);
  return at != load.leads.end() ? PersonId(person_behind(at->first)) : PersonId();
}

}  // namespace

DocKey turns_key(const std::string& pool) { return {'o', pool}; }
// No pool's id begins with "=".
DocKey load_key(const RepId& rep) { return {'o', "=" + rep.str()}; }

Result<PoolBooks> open_books(Store& store, const std::string& turns,
                             const std::vector<RepId>& reps) {
  std::vector<DocKey> keys;
  if (!turns.empty()) keys.push_back(turns_key(turns));
  for (const auto& rep : reps) keys.push_back(load_key(rep));
  PoolBooks books;
  if (keys.empty()) return books;
  auto documents = store.load(keys);
  if (!documents) return documents.error();
  std::size_t i = 0;
  if (!turns.empty()) {
    if (auto read = read_turns((*documents)[i++], books); !read) return read.error();
  }
  for (const auto& rep : reps) {
    if (auto read = read_load((*documents)[i++], rep, books); !read) return read.error();
  }
  return books;
}

Status PoolAssigner::give_back_in(const std::string& pool_id, const Credit& credit, Instant now) {
  const auto policy = configuration_.policy.load();
  const Pool* pool = policy->routing->pool(pool_id);
  if (pool == nullptr) return {};
  return change_books(store_, pool->turns(), {credit.rep},
                      [&](PoolBooks& books) -> std::optional<json::object> {
                        auto row = credit_in(books, credit, *pool);
                        if (!row) return std::nullopt;
                        row->emplace("at", now.ms);
                        return row;
                      });
}

Status PoolAssigner::pick_in(const std::string& turns, std::span<const OwnerRequest> requests,
                             const std::vector<std::size_t>& mine, Instant now,
                             std::vector<Result<Pick>>& picks) {
  const auto policy = configuration_.policy.load();
  std::set<RepId> reps;
  for (const std::size_t i : mine) {
    for (auto& rep : pickable(*policy->routing, requests[i])) reps.insert(std::move(rep));
  }
  return change_books(
      store_, turns, {reps.begin(), reps.end()},
      [&](PoolBooks& books) -> std::optional<json::object> {
        json::array rows;
        for (const std::size_t i : mine) {
          auto [next, picked] = baton::pick(std::move(books.turns), requests[i], *policy->routing,
                                            policy->calendars, now, books.loads);
          books.turns = std::move(next);
          rows.push_back(json::object{
              {"key", requests[i].key}, {"rep", picked.rep.view()}, {"repeated", picked.repeated}});
          picks[i] = std::move(picked);
        }
        return json::object{{"at", now.ms}, {"policy", policy->hash}, {"picks", std::move(rows)}};
      });
}

std::vector<Result<Pick>> PoolAssigner::pick(std::span<const OwnerRequest> requests, Instant now) {
  const auto policy = configuration_.policy.load();
  std::vector<Result<Pick>> picks;
  std::map<std::string, std::vector<std::size_t>> by_turns;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    picks.emplace_back(Pick{});
    by_turns[policy->routing->turns_of(requests[i].pool)].push_back(i);
  }
  for (const auto& [turns, mine] : by_turns) {
    Status status = pick_in(turns, requests, mine, now, picks);
    for (const std::size_t i : mine) {
      const auto& r = requests[i];
      const bool elsewhere =
          !r.credit_to.empty() && policy->routing->turns_of(r.credit_pool) != turns;
      if (status && elsewhere)
        status =
            give_back_in(r.credit_pool, {r.key, r.credit_to, r.credit_pick, "procedural"}, now);
      if (!status) picks[i] = status.error();
    }
  }
  return picks;
}

// Returns the work of each person's lead, or nothing if the person is erased or has no open lead.
Result<std::map<PersonId, std::optional<LeadWork>>> PoolAssigner::look_at(
    const std::vector<PersonId>& persons) {
  std::vector<DocKey> keys;
  for (const auto& id : persons) keys.push_back({'p', id.str()});
  auto documents = store_.load(keys);
  if (!documents) return documents.error();
  std::map<PersonId, std::optional<LeadWork>> work;
  for (std::size_t i = 0; i < persons.size(); ++i) {
    const Document& document = (*documents)[i];
    const bool gone = document.version == 0 || document.sealed_key.empty();
    if (gone) {
      work.emplace(persons[i], std::nullopt);
      continue;
    }
    // A person that cannot be read keeps its known work.
    auto person = documents_.open(persons[i], document);
    if (person) work.emplace(persons[i], work_of(person->state));
  }
  return work;
}

// Reads the documents of the reps before those of the persons. A writer that read a newer version
// of a person then meets a conflict, or causes one here.
Status PoolAssigner::refresh(std::span<const PoolUpdate> notes, Instant now) {
  std::map<RepId, std::set<PersonId>> persons_of;
  std::vector<RepId> reps;
  for (const auto& note : notes)
    for (const auto& rep : note.reps) persons_of[rep].insert(note.person);
  if (persons_of.empty()) return {};
  for (const auto& [rep, persons] : persons_of) reps.push_back(rep);
  Status looked;
  const auto changed =
      change_books(store_, {}, reps, [&](PoolBooks& books) -> std::optional<json::object> {
        auto asked = persons_of;
        std::set<PersonId> all;
        for (auto& [rep, persons] : asked) {
          if (auto stalest = stalest_person(books.loads[rep]); !stalest.empty())
            persons.insert(std::move(stalest));
          all.insert(persons.begin(), persons.end());
        }
        const auto work = look_at({all.begin(), all.end()});
        looked = work ? Status() : Status(work.error());
        if (!work) return std::nullopt;
        for (const auto& [rep, persons] : asked) {
          for (const auto& person : persons)
            if (const auto said = work->find(person); said != work->end())
              note_work(books.loads[rep], rep, person, said->second, now);
        }
        return std::nullopt;
      });
  return looked ? changed : looked;
}

// Applies the updates that concern the turns of one pool, in one step.
Status PoolAssigner::learn_in(const std::string& turns, const std::vector<const PoolUpdate*>& notes,
                              Instant now) {
  const auto policy = configuration_.policy.load();
  std::set<RepId> reps;
  for (const auto* note : notes)
    if (!note->credit_to.empty()) reps.insert(note->credit_to);
  return change_books(
      store_, turns, {reps.begin(), reps.end()},
      [&](PoolBooks& books) -> std::optional<json::object> {
        json::array rows;
        for (const auto* note : notes) {
          if (!note->accepted_by.empty() &&
              count_accepted(books.turns, note->key, note->accepted_by))
            rows.push_back(
                json::object{{"accepted", note->accepted_by.view()}, {"for", note->key}});
          const Pool* pool = policy->routing->pool(note->pool);
          if (note->credit_to.empty() || pool == nullptr) continue;
          auto row = credit_in(
              books, {note->key, note->credit_to, note->credit_pick, note->credit_why}, *pool);
          if (row) rows.push_back(std::move(*row));
        }
        if (rows.empty()) return std::nullopt;
        return json::object{{"at", now.ms}, {"learnt", std::move(rows)}};
      });
}

Status PoolAssigner::learn(std::span<const PoolUpdate> notes, Instant now) {
  const auto policy = configuration_.policy.load();
  std::map<std::string, std::vector<const PoolUpdate*>> by_turns;
  for (const auto& note : notes)
    if (!note.pool.empty()) by_turns[policy->routing->turns_of(note.pool)].push_back(&note);
  for (const auto& [turns, mine] : by_turns) {
    if (auto learnt = learn_in(turns, mine, now); !learnt) return learnt;
  }
  return refresh(notes, now);
}

}  // namespace baton
