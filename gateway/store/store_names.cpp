#include "gateway/store/store_names.h"

#include <algorithm>
#include <tuple>

#include <charconv>

namespace baton {

std::string document_name(const DocKey& key) {
  std::string name;
  name.reserve(key.id.size() + 2);
  name += key.kind;
  name += ':';
  name += key.id;
  return name;
}

std::string member_name(const DocKey& key, std::string_view rest) {
  auto name = document_name(key);
  name += ':';
  name += rest;
  return name;
}

std::pair<DocKey, std::string> split_member(std::string_view member) {
  DocKey key;
  if (member.size() < 2) return {key, {}};
  key.kind = member[0];
  member.remove_prefix(2);
  const auto colon = member.find(':');
  key.id = std::string(member.substr(0, colon));
  return {std::move(key),
          colon == member.npos ? std::string() : std::string(member.substr(colon + 1))};
}

Status check_key(const DocKey& key) {
  if (key.kind != 'p' && key.kind != 'o')
    return error(Errc::kInvalidInput, "the kind of a document must be p or o");
  if (key.id.empty() || key.id.find(':') != std::string::npos) {
    return error(Errc::kInvalidInput, "the id of a document must not be empty or contain a colon");
  }
  return {};
}

Status check_commit(const Commit& commit) {
  for (const auto& item : commit.outbox_add) {
    if (item.kind.empty() || item.kind.find('\0') != std::string::npos) {
      return error(Errc::kInvalidInput,
                   "the kind of an outbox item must not be empty or contain a NUL");
    }
  }
  return check_key(commit.key);
}

Status check_dead_letter(const DeadLetter& letter, const DocKey& owner) {
  if (letter.origin != "push" && letter.origin != "outbox") {
    return error(Errc::kInvalidInput,
                 "only a push or an outbox item can be dead-lettered; a delivery is quarantined");
  }
  return check_key(owner);
}

Store::Queued queued_from(Store::Queue queue, std::string_view name, std::string_view member,
                          Instant due) {
  if (queue == Store::Queue::kPush) return {{'p', std::string(member)}, std::string(name), due};
  auto [key, item] = split_member(member);
  return {std::move(key), std::move(item), due};
}

void keep_earliest(std::vector<Store::Queued>& all, std::size_t limit) {
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::tie(a.due, a.key, a.item) < std::tie(b.due, b.key, b.item);
  });
  if (all.size() > limit) all.resize(limit);
}

Instant entry_instant(std::string_view entry) {
  Instant at;
  std::from_chars(entry.data(), entry.data() + entry.size(), at.ms);
  return at;
}

}  // namespace baton
