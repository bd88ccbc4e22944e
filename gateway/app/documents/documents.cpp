#include "gateway/app/documents/documents.h"

#include <fmt/format.h>

#include "gateway/app/documents/effect_codec.h"
#include "gateway/core/model/event_codec.h"
#include "gateway/core/model/person_codec.h"
#include "gateway/core/model/transitions.h"
#include "gateway/store/seal/packing.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

// Sales has the lead or is about to get it. Their CRM update must not wait behind those of other
// persons.
bool is_in_handover(const PersonState& person) {
  const auto* lead = open_lead(person);
  return lead != nullptr && funnel_rank(lead->stage) >= funnel_rank(Stage::kMql);
}

// A breach must be reported in time even while thousands of messages wait for a channel.
bool is_urgent(NoticeKind kind) {
  return kind == NoticeKind::kBreach || kind == NoticeKind::kEscalation;
}

constexpr std::size_t kWrappedKey = kSealOverhead + sizeof(Key);
// Longer ones are imports of many touches, which have little in common with later events.
constexpr std::size_t kLongestStem = 2048;

std::string place_of(const PersonId& person) { return "p:" + person.str(); }
std::string stem_place(const PersonId& person) { return "s:" + person.str(); }
std::string outbox_place(std::string_view key) { return fmt::format("x:{}", key); }

}  // namespace

Result<OpenPerson> Documents::open(const PersonId& id, const Document& document) const {
  OpenPerson person;
  person.version = document.version;
  person.external_ids = document.external_ids;
  if (document.version == 0) {
    person.state.id = id;
    person.key = keys_.new_key(id.str(), person.sealed_key);
    return person;
  }
  const auto sealed_key = std::string_view(document.sealed_key);
  auto key = keys_.unwrap(sealed_key.substr(0, kWrappedKey), id.str());
  if (!key) return key.error();
  person.key = *key;
  if (sealed_key.size() > kWrappedKey) {
    auto stem = unseal_for(person, sealed_key.substr(kWrappedKey), stem_place(id));
    if (!stem) return stem.error();
    person.base_text = std::move(*stem);
  }
  auto plain = unseal_for(person, document.bytes, place_of(id));
  if (!plain) return plain.error();
  auto state = read_person(*plain, person.base_text);
  if (!state) return state.error();
  person.state = std::move(*state);
  return person;
}

Result<std::vector<OpenPerson>> Documents::load(Store& store,
                                                std::span<const std::string> persons) const {
  std::vector<DocKey> keys;
  keys.reserve(persons.size());
  for (const auto& id : persons) keys.push_back({'p', id});
  auto documents = store.load(keys);
  if (!documents) return documents.error();
  std::vector<OpenPerson> opened;
  opened.reserve(persons.size());
  for (std::size_t i = 0; i < persons.size(); ++i) {
    auto person = open(PersonId(persons[i]), (*documents)[i]);
    if (!person) return person.error();
    opened.push_back(std::move(*person));
  }
  return opened;
}

void Documents::set_stem(OpenPerson& person, const PersonId& id, const Event& event) const {
  person.sealed_key.resize(kWrappedKey);
  person.base_text = personal_part(event);
  if (person.base_text.size() > kLongestStem) person.base_text.clear();
  if (!person.base_text.empty())
    person.sealed_key += seal_for(person, person.base_text, stem_place(id));
}

std::string Documents::seal_for(const OpenPerson& person, std::string_view plain,
                                std::string_view place) const {
  return seal(person.key, pack(plain), place);
}

Result<std::string> Documents::unseal_for(const OpenPerson& person, std::string_view sealed,
                                          std::string_view place) const {
  auto packed = unseal(person.key, sealed, place);
  if (!packed) return packed;
  return unpack(*packed);
}

Result<json::object> Documents::open_item(const OpenPerson& person, const OutboxItem& item) const {
  auto plain = unseal_for(person, item.payload, outbox_place(item.key));
  if (!plain) return plain.error();
  auto parsed = parse_json(*plain);
  if (!parsed) return parsed.error();
  if (!parsed->is_object()) return error(Errc::kInvalidInput, "an outbox item is not an object");
  return std::move(parsed->get_object());
}

Commit Documents::close(const OpenPerson& before, const Decision& decision,
                        std::span<const std::string> destinations, std::string log, Instant now,
                        std::span<const std::string> task_takers) const {
  Commit commit;
  commit.key = {'p', decision.next.id.str()};
  commit.expected_version = before.version;
  commit.bytes =
      seal_for(before, write_person(decision.next, before.base_text), place_of(decision.next.id));
  if (before.version == 0) commit.sealed_key = before.sealed_key;
  commit.timers = decision.timers;
  const auto add = [&](std::string_view kind, const std::string& key, const json::object& payload,
                       bool priority = false) {
    const auto due = priority ? now - kPriorityLead : now;
    commit.outbox_add.push_back({key, std::string(kind),
                                 seal_for(before, json::serialize(payload), outbox_place(key)),
                                 due});
  };
  const auto add_task = [&](const TaskSyncRequested& task) {
    for (const auto& crm : task_takers)
      add(task_queue(crm), fmt::format("{}@{}", task.key, crm), to_json(task));
  };
  for (const auto& effect : decision.effects) {
    if (const auto* owner = std::get_if<OwnerRequest>(&effect))
      add("owner", owner->key, to_json(*owner));
    else if (const auto* notice = std::get_if<Notice>(&effect))
      add("notify", notice->key, to_json(*notice), is_urgent(notice->kind));
    else if (const auto* task = std::get_if<TaskSyncRequested>(&effect))
      add_task(*task);
    else if (const auto* note = std::get_if<PoolUpdate>(&effect))
      add("pool", note->key, to_json(*note));
    else
      commit.push.assign(destinations.begin(), destinations.end());
  }
  commit.priority = is_in_handover(decision.next);
  commit.log = std::move(log);
  commit.touched = now;
  return commit;
}

std::string task_queue(std::string_view crm) { return fmt::format("task:{}", crm); }

std::string pack_log(std::string_view text, std::string_view sealed) {
  const std::string plain = pack(text);
  std::string out;
  out.reserve(4 + plain.size() + sealed.size());
  for (int shift = 0; shift < 32; shift += 8)
    out += static_cast<char>((plain.size() >> shift) & 0xff);
  out += plain;
  out += sealed;
  return out;
}

Result<LogParts> unpack_log(std::string_view record) {
  if (record.size() < 4) return error(Errc::kInvalidInput, "a log record has no head");
  std::size_t length = 0;
  for (int i = 3; i >= 0; --i)
    length = (length << 8) | static_cast<unsigned char>(record[static_cast<std::size_t>(i)]);
  if (record.size() - 4 < length) return error(Errc::kInvalidInput, "a log record is truncated");
  auto plain = unpack(record.substr(4, length));
  if (!plain) return plain.error();
  return LogParts{std::move(*plain), std::string(record.substr(4 + length))};
}

}  // namespace baton
