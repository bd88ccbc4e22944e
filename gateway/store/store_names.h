#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "gateway/store/store.h"

namespace baton {

// Names inside a partition, the same in every store. A document is "p:<id>", and everything that
// belongs to it is "p:<id>:<rest>". `rest` may contain ':', the id may not.
std::string document_name(const DocKey& key);
std::string member_name(const DocKey& key, std::string_view rest);
std::pair<DocKey, std::string> split_member(std::string_view member);

// Fail with kInvalidInput if a key or commit would be ambiguous as a name.
Status check_key(const DocKey& key);
Status check_commit(const Commit& commit);
Status check_dead_letter(const DeadLetter& letter, const DocKey& owner);

// Returns a member of a queue in the form of Store::queued.
Store::Queued queued_from(Store::Queue queue, std::string_view name, std::string_view member,
                          Instant due);
// Sorts by due time and truncates to `limit`.
void keep_earliest(std::vector<Store::Queued>& all, std::size_t limit);

// Returns the milliseconds of a stream entry id "<ms>-<n>".
Instant entry_instant(std::string_view entry);

}  // namespace baton
