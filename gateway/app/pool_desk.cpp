#include "gateway/app/pool_desk.h"

#include <functional>
#include <map>

#include "gateway/platform/log.h"
#include "gateway/store/packing.h"
#include "mapping/json.h"

namespace baton {
namespace {

constexpr int kMostTries = 16;

struct OpenPool {
  PoolState state;
  std::uint64_t version = 0;
};

Result<OpenPool> load_pool(Store& store, const std::string& pool) {
  const DocKey key{'o', pool};
  auto documents = store.load({&key, 1});
  if (!documents) return documents.error();
  OpenPool open;
  open.version = documents->front().version;
  if (open.version == 0) return open;
  auto text = unpack(documents->front().bytes);
  if (!text) return text.error();
  auto parsed = parse_json(*text);
  if (!parsed) return parsed.error();
  auto state = pool_from_json(*parsed);
  if (!state) return state.error();
  open.state = std::move(*state);
  return open;
}

// Applies `change` to the pool document until nobody else came in between.
Status change_pool(Store& store, const std::string& pool, const std::function<json::object(PoolState&)>& change) {
  for (int round = 0; round < kMostTries; ++round) {
    auto open = load_pool(store, pool);
    if (!open) return open.error();
    const json::object ledger = change(open->state);
    Commit commit;
    commit.key = {'o', pool};
    commit.expected_version = open->version;
    commit.bytes = pack(json::serialize(to_json(open->state)));
    commit.log = pack_log(json::serialize(ledger), {});
    auto answers = store.commit({&commit, 1});
    if (!answers) return answers.error();
    if (answers->front() == CommitAnswer::kDone) return {};
  }
  return error(Errc::kConflict, "the pool changes too fast");
}

}  // namespace

Status PoolDesk::give_back_elsewhere(const OwnerRequest& request, Instant now) {
  if (request.credit_to.empty() || request.credit_pool == request.pool) return {};
  const auto policy = runtime_.policy.load();
  const Pool* pool = policy->routing->pool(request.credit_pool);
  if (pool == nullptr) return {};
  return change_pool(store_, request.credit_pool, [&](PoolState& state) {
    auto [next, reasons] = give_back(std::move(state), {request.key, request.credit_to, {}}, *pool);
    state = std::move(next);
    return json::object{{"at", now.ms}, {"credit", request.credit_to}, {"for", request.key}};
  });
}

Status PoolDesk::pick_in(const std::string& pool, std::span<const OwnerRequest> requests,
                         const std::vector<std::size_t>& mine, Instant now, std::vector<Result<Pick>>& picks) {
  const auto policy = runtime_.policy.load();
  return change_pool(store_, pool, [&](PoolState& state) {
    json::array rows;
    for (const std::size_t i : mine) {
      auto [next, picked] = baton::pick(std::move(state), requests[i], *policy->routing, policy->calendars, now);
      state = std::move(next);
      rows.push_back(json::object{{"key", requests[i].key}, {"rep", picked.rep}, {"repeated", picked.repeated}});
      picks[i] = std::move(picked);
    }
    return json::object{{"at", now.ms}, {"policy", policy->hash}, {"picks", std::move(rows)}};
  });
}

std::vector<Result<Pick>> PoolDesk::pick(std::span<const OwnerRequest> requests, Instant now) {
  std::vector<Result<Pick>> picks;
  std::map<std::string, std::vector<std::size_t>> by_pool;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    picks.emplace_back(Pick{});
    by_pool[requests[i].pool].push_back(i);
  }
  for (const auto& [pool, mine] : by_pool) {
    Status status = pick_in(pool, requests, mine, now, picks);
    for (const std::size_t i : mine) {
      if (status) status = give_back_elsewhere(requests[i], now);
      if (!status) picks[i] = status.error();
    }
  }
  return picks;
}

}  // namespace baton
