#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <condition_variable>
#include <cstring>
#include <mutex>
#include <string>
#include <thread>

#include "gateway/platform/log.h"
#include "gateway/store/redis/redis_endpoint.h"
#include "gateway/store/redis/redis_info.h"
#include "gateway/store/redis/redis_library.h"
#include "gateway/store/redis/redis_store.h"
#include "gateway/store/store_names.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/temp_folder.h"

namespace baton::fuzz {
namespace {

constexpr PartitionId kPartitions = 2;

// A server in Redis's place that accepts connections and answers each with the same bytes, whatever
// the request.
class Impostor {
 public:
  Impostor()
      : path_(home_.path() + "/redis.sock"),
        listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.data(), path_.size());
    require(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                ::listen(listener_, 16) == 0,
            "a socket can be listened on");
    server_ = std::thread([this] { serve(); });
  }
  ~Impostor() {
    ::shutdown(listener_, SHUT_RDWR);
    server_.join();
    ::close(listener_);
  }
  const std::string& path() const { return path_; }
  void answer_with(std::string bytes) {
    const std::lock_guard lock(mutex_);
    bytes_ = std::move(bytes);
  }

 private:
  void serve() {
    for (;;) {
      const int peer = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (peer < 0) return;
      std::string bytes;
      {
        const std::lock_guard lock(mutex_);
        bytes = bytes_;
      }
      for (std::string_view rest = bytes; !rest.empty();) {
        const auto n = ::send(peer, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (n <= 0) break;
        rest.remove_prefix(static_cast<std::size_t>(n));
      }
      ::shutdown(peer, SHUT_WR);
      char ignored[4096];  // to the end, so that the peer's writes do not fail
      while (::recv(peer, ignored, sizeof ignored, 0) > 0) continue;
      ::close(peer);
    }
  }

  TempFolder home_;
  std::string path_;
  int listener_;
  std::mutex mutex_;
  std::string bytes_;
  std::thread server_;
};

// The replies that check_layout and load_library get from a Redis with our layout and library.
std::string welcome() {
  const auto& library = function_library();
  const std::string code = "$" + std::to_string(library.size()) + "\r\n" + library + "\r\n";
  return ":0\r\n:0\r\n*2\r\n$1\r\n" + std::to_string(kLayoutVersion) + "\r\n$1\r\n" +
         std::to_string(kPartitions) + "\r\n*1\r\n*2\r\n$12\r\nlibrary_code\r\n" + code;
}

void call(Store& store, std::size_t which, std::string_view replies) {
  const PartitionId partitions[] = {0, 1};
  const DocKey key{'p', "p1"};
  const IntakeRecord record{"d1", "payload"};
  switch (which) {
    case 0:
      (void)store.now();
      return;
    case 1:
      (void)store.health();
      return;
    case 2: {
      const auto answers = store.intake(std::span(&record, 1));
      const auto says = [&](std::string_view reply) {
        return replies.find(reply) != std::string_view::npos;
      };
      require(!answers || (answers->size() == 1 && (says(":0\r\n") || says(":1\r\n"))),
              "a delivery is acknowledged by 0 or 1 only");
      return;
    }
    case 3:
      (void)store.waiting_intake(partitions, 8);
      return;
    case 4: {
      const auto documents = store.load(std::span(&key, 1));
      require(!documents || documents->size() == 1, "each key has a document");
      return;
    }
    case 5:
      (void)store.due_timers(partitions, 8);
      return;
    case 6:
      (void)store.due_outbox(partitions, "notify", 8);
      return;
    case 7:
      (void)store.due_push(partitions, "crm", 8);
      return;
    case 8:
      (void)store.queued(Store::Queue::kOutbox, "notify", 8);
      return;
    case 9:
      (void)store.dead_letters(8);
      return;
    case 10:
      (void)store.history(key, 8);
      return;
    case 11:
      (void)store.read_log(0, "", 8);
      return;
    case 12:
      (void)store.recent_persons(0, 8);
      return;
    case 13:
      (void)store.counts();
      return;
    case 14:
      (void)store.lease("node", partitions, seconds(5));
      return;
    default: {
      Commit commit;
      commit.key = key;
      commit.bytes = "next";
      const auto answers = store.commit(std::span(&commit, 1));
      require(!answers || answers->size() == 1, "each commit has an answer");
    }
  }
}

// Replies after those of the handshake, or, depending on the choice, from the first byte.
void ask(Input input) {
  static Impostor impostor;
  set_log(LogLevel::kError, true);
  const auto which = input.pick(16);
  const bool from_the_start = input.flag();
  (void)input.line();
  impostor.answer_with((from_the_start ? "" : welcome()) + std::string(input.rest()));
  RedisOptions options;
  options.url = "unix://" + impostor.path();
  options.partitions = kPartitions;
  options.command_timeout = milliseconds(500);
  const auto store = make_redis_store(options);
  require(store.has_value(), "the address of the socket is valid");
  if (store) call(**store, which, input.rest());
}

void read_texts(Input input) {
  const auto name = input.line();
  (void)info_number(input.rest(), name);
  require(info_field(input.rest(), name).size() <= input.rest().size(),
          "a field is a part of the text");
  (void)library_revision(input.rest());
  (void)entry_instant(input.rest());
  const auto fault = redis_error(input.rest());
  require(fault.message.size() < 200, "only the first word of an error reply is reported");
  if (const auto endpoint = parse_redis_url(input.rest())) {
    require(endpoint->port >= 1 && endpoint->port <= 65535, "an endpoint has a port");
    auto nobodys = *endpoint;
    nobodys.user.clear();
    nobodys.password.clear();
    // Not searched for in the text: host and port may happen to contain it.
    require(endpoint->display() == nobodys.display(), "user and password are not shown");
  }
  const auto [key, rest] = split_member(input.rest());
  require(key.id.size() + rest.size() <= input.rest().size() + 1,
          "the parts of a name are parts of it");
}

void run(std::string_view bytes) {
  Input input(bytes);
  if (input.flag()) return read_texts(input);
  ask(input);
}

const Target kTarget("redis", run);

}  // namespace
}  // namespace baton::fuzz
