#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "gateway/store/store.h"

namespace baton {

// Names inside a partition, the same in every store: a document is "p:<id>", what belongs to it
// "p:<id>:<rest>" (rest may hold ':' again, the id may not).
std::string document_name(const DocKey& key);
std::string member_name(const DocKey& key, std::string_view rest);
std::pair<DocKey, std::string> split_member(std::string_view member);

// kInvalidInput where a key or commit could not be told from another one.
Status check_key(const DocKey& key);
Status check_commit(const Commit& commit);
Status check_burial(const DeadLetter& letter, const DocKey& owner);

// A member of a queue as Store::queued shows it.
Store::Queued queued_from(Store::Queue queue, std::string_view name, std::string_view member,
                          Instant due);
// Sorts by due time and cuts to `limit`.
void keep_earliest(std::vector<Store::Queued>& all, std::size_t limit);

// The milliseconds in a stream's entry id "<ms>-<n>".
Instant entry_instant(std::string_view entry);

}  // namespace baton
