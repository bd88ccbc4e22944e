#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gateway/core/decide/decide.h"
#include "tests/bench/bench.h"
#include "tests/bench/gateway_process.h"

namespace baton::bench {

// Commits all changes and empties the batch. Gives up if another writer changed a person.
void commit_all(Store& store, std::vector<Commit>& batch);

// A lead that asked for a demo, was routed and offered. Both its clocks run, and its next event, at
// `due`, is the warning about the missing call.
class DueLeads {
 public:
  static constexpr std::size_t kBatch = 256;
  static constexpr const char* kClock = "first_contact";

  // The index of the lead by its person's id; SIZE_MAX for any other person.
  static std::size_t number_of(const std::string& person);

  explicit DueLeads(GatewayProcess& gateway)
      : gateway_(gateway), documents_(gateway.keys()), policy_(template_policy(true)) {}

  template <class DueOf>
  void write(std::size_t count, DueOf due_of) {
    std::vector<Commit> batch;
    for (std::size_t i = 0; i < count; ++i) {
      batch.push_back(lead(due_of(i)));
      if (batch.size() == kBatch || i + 1 == count) commit_all(gateway_.store(), batch);
    }
  }

 private:
  Commit lead(Instant due);
  static void keep_timers(Decision& all, const Decision& more);

  GatewayProcess& gateway_;
  const Documents documents_;
  const std::shared_ptr<const Policy> policy_;
  std::size_t made_ = 0;
};

}  // namespace baton::bench
