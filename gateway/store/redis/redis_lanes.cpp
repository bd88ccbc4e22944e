#include "gateway/store/redis/redis_lanes.h"

#include <algorithm>

namespace baton {

RedisLanes::RedisLanes(const RedisEndpoint& endpoint, const RedisOptions& options,
                       const RedisConnection::Prepare& prepare)
    : waiting_(static_cast<std::size_t>(std::max(options.lanes, 1))) {
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    lanes_.push_back(std::make_unique<RedisConnection>(endpoint, options, prepare));
  }
}

Result<RedisReplies> RedisLanes::pipeline(std::span<const RedisCommand> commands) {
  if (lanes_.size() == 1 || commands.size() < 2) {
    const std::size_t lane = commands.empty() ? 0 : commands.front().partition() % lanes_.size();
    return lanes_[lane]->pipeline(commands);
  }
  for (std::size_t i = 0; i < commands.size(); ++i) {
    waiting_[commands[i].partition() % lanes_.size()].push_back(i);
  }
  RedisReplies replies;
  replies.resize(commands.size());
  const auto status = exchange(commands, replies);
  for (auto& list : waiting_) list.clear();
  if (status) return replies;
  // Replies that are still outstanding have no reader any more.
  for (auto& lane : lanes_) lane->close();
  return status.error();
}

Status RedisLanes::exchange(std::span<const RedisCommand> commands, RedisReplies& replies) {
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    if (waiting_[i].empty()) continue;
    if (auto status = lanes_[i]->ensure(); !status) return status;
  }
  const auto left = [](const auto& list) { return !list.empty(); };
  while (std::any_of(waiting_.begin(), waiting_.end(), left)) {
    if (auto status = exchange_chunks(commands, replies); !status) return status;
  }
  return {};
}

// Sends a chunk over each lane before it waits for the first reply.
Status RedisLanes::exchange_chunks(std::span<const RedisCommand> commands, RedisReplies& replies) {
  std::vector<std::size_t> sent(lanes_.size());
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    sent[i] = chunk_length(commands, waiting_[i]);
    if (sent[i] == 0) continue;
    if (auto status = lanes_[i]->send(commands, std::span(waiting_[i]).first(sent[i])); !status)
      return status;
  }
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    if (sent[i] == 0) continue;
    if (auto status = lanes_[i]->receive(replies, std::span(waiting_[i]).first(sent[i])); !status)
      return status;
    waiting_[i].erase(waiting_[i].begin(),
                      waiting_[i].begin() + static_cast<std::ptrdiff_t>(sent[i]));
  }
  return {};
}

}  // namespace baton
