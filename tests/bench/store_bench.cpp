// Measures the cost of the store on this machine: calls a second, and the processor time of Redis
// for one item. Uses a private Redis with appendonly and appendfsync always.
//
//   store_bench [items [always|everysec|no]]
#include <chrono>
#include <cstdlib>
#include <sstream>

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>

#include "gateway/store/redis/redis_async.h"
#include "gateway/store/redis/redis_store.h"
#include "tests/support/redis_server.h"

namespace baton {
namespace {

constexpr PartitionId kPartitions = 64;

class Bench {
 public:
  Bench(int items, const std::string& fsync)
      : server_({"--appendfsync", fsync}),
        items_(items),
        store_(make_redis_store(options()).value()) {
    for (PartitionId p = 0; p < kPartitions; ++p) all_.push_back(p);
  }

  void run();

 private:
  RedisOptions options() const { return {server_.url(), kPartitions, seconds(1), seconds(5)}; }
  std::string person(int i) const { return fmt::format("{:026x}", 1'000'003LL * i); }
  double number(const std::string& section, const std::string& name) const;
  template <class Work>
  void measure(const std::string& what, int items, Work work);
  void async_intake(int in_flight);
  void commits(int batch, std::uint64_t version);
  Commit commit(int i, std::uint64_t version) const;
  void claims(int batch);
  void loads(int batch);
  void due();
  void finish();

  RedisServer server_;
  int items_;
  std::unique_ptr<Store> store_;
  std::vector<PartitionId> all_;
};

double Bench::number(const std::string& section, const std::string& name) const {
  std::istringstream lines(server_.run("INFO " + section));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(name + ":")) return std::atof(line.c_str() + name.size() + 1);
  }
  return 0;
}

template <class Work>
void Bench::measure(const std::string& what, int items, Work work) {
  const auto cpu = [&] {
    return number("cpu", "used_cpu_user_main_thread") + number("cpu", "used_cpu_sys_main_thread");
  };
  const auto cpu_before = cpu(), memory_before = number("memory", "used_memory");
  const auto start = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  fmt::print("{:<44} {:>9.0f}/s  Redis {:>6.1f} us  {:>6.0f} bytes each\n", what,
             items / took.count(), 1e6 * (cpu() - cpu_before) / items,
             (number("memory", "used_memory") - memory_before) / items);
}

void Bench::async_intake(int in_flight) {
  boost::asio::io_context io;
  AsyncLimits limits;
  limits.deadline = seconds(5);
  const auto intake = AsyncIntake::make(io, options(), limits).value();
  while (!intake->connected()) io.run_one();
  int sent = 0, answered = 0;
  std::function<void()> send = [&] {
    if (sent == items_) return;
    intake->intake({fmt::format("{}-{:026x}", in_flight, sent++), std::string(1200, 'x')},
                   [&](const auto& answer) {
                     if (!answer) std::abort();
                     ++answered;
                     send();
                   });
  };
  measure(fmt::format("intake of 1.2 KB, {} in flight", in_flight), items_, [&] {
    for (int i = 0; i < in_flight; ++i) send();
    while (answered < items_) io.run_one();
  });
}

Commit Bench::commit(int i, std::uint64_t version) const {
  Commit next;
  next.key = {'p', person(i)};
  next.expected_version = version;
  next.bytes.assign(1500, 'd');
  next.sealed_key.assign(60, 'k');
  next.log.assign(400, 'l');
  next.timers = {{parse_timer_id("first_contact"), Instant{1'700'000'000'000 + i}}};
  next.push = {"crm"};
  next.touched = Instant{1'700'000'000'000 + i};
  return next;
}

void Bench::commits(int batch, std::uint64_t version) {
  measure(fmt::format("commit {} (1.5 KB, clock, push, log), {} a call", version + 1, batch),
          items_, [&] {
            std::vector<Commit> list;
            for (int i = 0; i < items_; ++i) {
              list.push_back(commit(i, version));
              if (static_cast<int>(list.size()) < batch && i + 1 < items_) continue;
              for (const auto answer : store_->commit(list).value()) {
                if (answer != CommitAnswer::kDone) std::abort();
              }
              list.clear();
            }
          });
}

void Bench::claims(int batch) {
  measure(fmt::format("claim, {} a call", batch), items_, [&] {
    for (int i = 0; i < items_; i += batch) {
      std::vector<Store::Claim> list;
      for (int k = i; k < i + batch; ++k) list.push_back({"e" + person(k), person(k)});
      if (!store_->claim_identities(list)) std::abort();
    }
  });
}

void Bench::loads(int batch) {
  measure(fmt::format("load, {} a call", batch), items_, [&] {
    for (int i = 0; i < items_; i += batch) {
      std::vector<DocKey> keys;
      for (int k = i; k < i + batch; ++k) keys.push_back({'p', person(k)});
      if (!store_->load(keys)) std::abort();
    }
  });
}

void Bench::due() {
  constexpr int kRounds = 20;
  measure("due_timers, 64 partitions, 256 of them", kRounds * 256, [&] {
    for (int i = 0; i < kRounds; ++i) {
      if (store_->due_timers(all_, 256).value().items.empty()) std::abort();
    }
  });
}

void Bench::finish() {
  int done = 0;
  measure("read and finish intake, 256 a call", items_, [&] {
    for (const auto partition : all_) {
      while (true) {
        std::vector<EntryRef> refs;
        for (auto& entry : store_->read_intake(partition, "", 256).value()) {
          refs.push_back({partition, entry.entry, entry.id});
        }
        if (refs.empty()) break;
        if (!store_->finish_intake(refs)) std::abort();
        done += static_cast<int>(refs.size());
      }
    }
  });
  fmt::print("{} deliveries finished\n", done);
}

void Bench::run() {
  async_intake(1);
  async_intake(64);
  async_intake(256);
  claims(64);
  commits(256, 0);
  commits(64, 1);
  commits(1, 2);
  loads(256);
  due();
  finish();
}

}  // namespace
}  // namespace baton

int main(int argc, char** argv) {
  const int items = argc > 1 ? std::atoi(argv[1]) : 51'200;
  baton::Bench(items / 256 * 256, argc > 2 ? argv[2] : "always").run();
}
