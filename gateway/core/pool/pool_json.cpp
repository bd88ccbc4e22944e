#include "gateway/core/pool/pool_json.h"

#include "gateway/core/pool/pool.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

// Document format 1. Omits zero and empty values; ignores unknown members.
constexpr std::int64_t kFormat = 1;

void put_number(json::object& o, std::string_view key, std::int64_t value) {
  if (value != 0) o.emplace(key, value);
}

json::object member_json(const MemberState& m) {
  json::object o;
  put_number(o, "pass", m.pass);
  put_number(o, "carry", m.carry);
  put_number(o, "count", m.count);
  put_number(o, "owned", m.owned);
  put_number(o, "mass", m.mass);
  put_number(o, "debt", m.debt);
  put_number(o, "credits", m.credits);
  put_number(o, "rejected", m.rejected);
  put_number(o, "accepted", m.accepted);
  if (m.joined) o.emplace("joined", true);
  if (m.away) o.emplace("away", true);
  if (m.last_pick) o.emplace("last_pick", m.last_pick->ms);
  put_number(o, "day", m.day);
  put_number(o, "week", m.week);
  put_number(o, "in_day", m.in_day);
  put_number(o, "in_week", m.in_week);
  return o;
}

MemberState read_member(const json::object& o) {
  MemberState m;
  m.pass = integer(o, "pass");
  m.carry = integer(o, "carry");
  m.count = integer(o, "count");
  m.owned = integer(o, "owned");
  m.mass = integer(o, "mass");
  m.debt = integer(o, "debt");
  m.credits = integer(o, "credits");
  m.rejected = integer(o, "rejected");
  m.accepted = integer(o, "accepted");
  m.joined = boolean(o, "joined");
  m.away = boolean(o, "away");
  if (member(o, "last_pick") != nullptr) m.last_pick = Instant{integer(o, "last_pick")};
  m.day = static_cast<std::int32_t>(integer(o, "day"));
  m.week = static_cast<std::int32_t>(integer(o, "week"));
  m.in_day = static_cast<std::int32_t>(integer(o, "in_day"));
  m.in_week = static_cast<std::int32_t>(integer(o, "in_week"));
  return m;
}

json::object pick_json(const KeptPick& p) {
  json::object o;
  put(o, "key", p.key);
  put(o, "rep", p.rep.view());
  put_number(o, "cost", p.cost);
  put_number(o, "mass", p.mass);
  put_number(o, "day", p.day);
  if (p.given_back) o.emplace("given_back", true);
  if (p.retry_at) o.emplace("retry_at", p.retry_at->ms);
  return o;
}

KeptPick read_pick(const json::object& o) {
  KeptPick p;
  p.key = text(o, "key");
  p.rep = RepId(text(o, "rep"));
  p.cost = integer(o, "cost");
  p.mass = integer(o, "mass");
  p.day = static_cast<std::int32_t>(integer(o, "day"));
  p.given_back = boolean(o, "given_back");
  if (member(o, "retry_at") != nullptr) p.retry_at = Instant{integer(o, "retry_at")};
  return p;
}

void read_members(const json::object& all, PoolState& state) {
  for (const auto& entry : all) {
    if (const auto* o = entry.value().if_object())
      state.members.emplace(RepId(entry.key()), read_member(*o));
  }
}

void read_lists(const json::object& o, PoolState& state) {
  if (const auto* recent = array(o, "recent")) {
    for (const auto& item : *recent)
      if (const auto* p = item.if_object()) state.recent.push_back(read_pick(*p));
  }
  if (const auto* credited = array(o, "credited")) {
    for (const auto& item : *credited)
      if (const auto* key = item.if_string()) state.credited.emplace_back(key->data(), key->size());
  }
}

}  // namespace

json::value to_json(const PoolState& state) {
  json::object o{{"format", kFormat}};
  json::object members;
  for (const auto& [rep, m] : state.members) members.emplace(rep.view(), member_json(m));
  if (!members.empty()) o.emplace("members", std::move(members));
  put_number(o, "reach", state.reach);
  put_number(o, "picks", state.picks);
  put_number(o, "nobody", state.nobody);
  put_number(o, "caught", state.caught);
  json::array recent;
  for (const auto& p : state.recent) recent.push_back(pick_json(p));
  if (!recent.empty()) o.emplace("recent", std::move(recent));
  json::array credited;
  for (const auto& key : state.credited) credited.emplace_back(key);
  if (!credited.empty()) o.emplace("credited", std::move(credited));
  return o;
}

Result<PoolState> pool_from_json(const json::value& value) {
  const auto* o = value.if_object();
  if (o == nullptr) return error(Errc::kInternal, "a pool document is not an object");
  if (integer(*o, "format") > kFormat)
    return error(Errc::kPermanent,
                 "a pool document was written by a newer Baton; upgrade this node");
  PoolState state;
  if (const auto* members = object(*o, "members")) read_members(*members, state);
  state.reach = integer(*o, "reach");
  state.picks = integer(*o, "picks");
  state.nobody = integer(*o, "nobody");
  state.caught = integer(*o, "caught");
  read_lists(*o, state);
  return state;
}

}  // namespace baton
