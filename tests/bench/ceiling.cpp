#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>

#include "gateway/store/redis/redis_command.h"
#include "gateway/store/redis/redis_store.h"
#include "tests/bench/bench.h"
#include "tests/bench/gateway_process.h"
#include "tests/support/redis_server.h"

namespace baton::bench {
namespace {

constexpr PartitionId kPartitions = 16;
constexpr std::size_t kLanes = 4;  // connections, as many as an engine thread has
constexpr std::size_t kIntakes = 60'000, kIntakesAtOnce = 64;
constexpr std::size_t kCommitsACall = 32, kCallsAtOnce = 4;
constexpr std::size_t kPersons = 320 * kCommitsACall, kRounds = 4, kCommits = kRounds * kPersons;
// The same data as in measure_whole_way(): a sealed delivery; a packed document, its key, its
// record.
constexpr std::size_t kDelivery = 1'300, kDocument = 700, kSealedKey = 60, kRecord = 450;

// A batch of commands in wire form, and the number of lines of their replies, which are integers
// and arrays of integers.
struct Batch {
  std::string bytes;
  std::size_t lines = 0;

  void add(const RedisCommand& command, std::size_t reply_lines) {
    bytes += command.header();
    bytes += command.body();
    lines += reply_lines;
  }
};

// The smallest possible client: sends prepared bytes and counts lines of replies.
class BareClient {
 public:
  explicit BareClient(const std::string& socket) {
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::strncpy(to.sun_path, socket.c_str(), sizeof to.sun_path - 1);
    if (fd_ < 0 || ::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
      give_up("cannot connect to Redis");
  }
  ~BareClient() { ::close(fd_); }
  BareClient(const BareClient&) = delete;
  BareClient& operator=(const BareClient&) = delete;

  int fd() const { return fd_; }
  bool busy() const { return awaited_ > 0; }
  void send(const Batch& batch) {
    for (std::size_t at = 0; at < batch.bytes.size();) {
      const auto n = ::send(fd_, batch.bytes.data() + at, batch.bytes.size() - at, MSG_NOSIGNAL);
      if (n <= 0) give_up("Redis closed a connection");
      at += static_cast<std::size_t>(n);
    }
    awaited_ = batch.lines;
  }
  void receive() {
    std::array<char, 65'536> buffer;
    const auto n = ::recv(fd_, buffer.data(), buffer.size(), 0);
    if (n <= 0) give_up("Redis closed a connection");
    const std::string_view text(buffer.data(), static_cast<std::size_t>(n));
    if (text.find('-') != text.npos || text.find(":0") != text.npos)
      give_up("Redis refused a command of the ceiling");
    awaited_ -=
        std::min(awaited_, static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')));
  }

 private:
  int fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::size_t awaited_ = 0;
};

double seconds_for(const std::string& socket, const std::vector<Batch>& batches) {
  std::vector<std::unique_ptr<BareClient>> clients;
  std::vector<pollfd> polled;
  for (std::size_t i = 0; i < kLanes; ++i) {
    clients.push_back(std::make_unique<BareClient>(socket));
    polled.push_back({clients.back()->fd(), POLLIN, 0});
  }
  const Stopwatch watch;
  for (std::size_t next = 0, busy = 1; busy > 0;) {
    busy = 0;
    for (auto& client : clients) {
      if (!client->busy() && next < batches.size()) client->send(batches[next++]);
      busy += client->busy() ? 1 : 0;
    }
    if (busy > 0 && ::poll(polled.data(), polled.size(), 10'000) <= 0)
      give_up("Redis does not answer");
    for (std::size_t i = 0; i < kLanes && busy > 0; ++i) {
      if ((polled[i].revents & POLLIN) != 0) clients[i]->receive();
    }
  }
  return watch.seconds();
}

std::vector<Batch> intakes() {
  std::vector<Batch> batches;
  const std::string payload(kDelivery, 'd');
  for (std::size_t i = 0; i < kIntakes; ++i) {
    if (i % kIntakesAtOnce == 0) batches.emplace_back();
    const auto id = fmt::format("{:032x}", 7'919 * (i + 1));
    const auto tag = fmt::format("{{p{:02}}}", partition_of(id, kPartitions));
    batches.back().add(
        RedisCommand::with_keys("intake_v1", tag + ":d:" + id, tag + ":i").arg(id).arg(payload), 1);
  }
  return batches;
}

// Every person is committed four times. Each commit requests a push, and the first one sets a
// clock.
std::vector<Batch> commits() {
  const std::string document(kDocument, 'd'), sealed(kSealedKey, 'k'), record(kRecord, 'l');
  std::vector<Batch> batches;
  std::size_t calls = 0;
  for (std::size_t from = 0; from < kCommits; from += kCommitsACall, ++calls) {
    if (calls % kCallsAtOnce == 0) batches.emplace_back();
    const std::size_t round = from / kPersons, place = from % kPersons;
    auto command = RedisCommand::function(
        "commit_v1", static_cast<PartitionId>(place / kCommitsACall % kPartitions));
    for (std::size_t k = 0; k < kCommitsACall; ++k) {
      command.arg(fmt::format("p:{:020x}", place + k))
          .arg(round)
          .arg(round + 1)
          .arg(document)
          .arg(sealed)
          .arg(record);
      command.arg(1'700'000'000'000 + static_cast<std::int64_t>(from + k)).arg("");
      command.arg(round == 0 ? 1 : 0);
      if (round == 0) command.arg("score").arg(1'900'000'000'000);
      command.arg(0).arg(0).arg(1).arg("rest");
    }
    command.join_arguments();
    batches.back().add(command, kCommitsACall + 1);
  }
  return batches;
}

}  // namespace

Figures measure_ceiling() {
  RedisServer redis(redis_settings());
  const auto store = make_redis_store({redis.url(), kPartitions, seconds(1), seconds(20)});
  if (!store || !(*store)->now()) give_up("Redis did not accept the functions");
  const double intake = static_cast<double>(kIntakes) / seconds_for(redis.socket(), intakes());
  const double commit = static_cast<double>(kCommits) / seconds_for(redis.socket(), commits());
  // One server does both, one after the other: a touch needs at least one call of each kind.
  return {{"redis_intake_per_s", intake},
          {"redis_commit_per_s", commit},
          {"redis_both_per_s", 1 / (1 / intake + 1 / commit)}};
}

}  // namespace baton::bench
