#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/core/policy/policy.h"
#include "gateway/store/store.h"

namespace baton {

struct ApplierParts;
struct Configuration;

// The agreements and calendars of before, so that a clock can go on by the rules it was started by
// (domain 3.1.2, point 10). They lie in the store by their ids, the newest kKeptRules of them;
// every node files what it runs by and knows those of the others. Thread-safe.
class ClockRulesBook {
 public:
  static constexpr std::size_t kKeptRules = 32;

  // Before the first decision under a policy: files its rules and gives it those of before. Costs
  // nothing once done, until another policy is taken over. kTransient where the store is away.
  Status ensure(Configuration& configuration, Store& store);
  // Whether clocks that run have to be counted by the new rules, and that has not been done.
  bool is_sweep_wanted() const { return sweep_wanted_.load(); }
  // Gives the next persons a PolicyChanged event; to be called again until none is wanted.
  Status sweep(const ApplierParts& parts, Store& store);

 private:
  Status learn(Configuration& configuration, Store& store,
               const std::shared_ptr<const Policy>& policy);

  std::mutex mutex_;
  std::atomic<bool> sweep_wanted_ = false;
  std::atomic<std::size_t> swept_ = 0;  // persons looked at, of the list of recent ones
};

// How many clocks that run each way of changing the policy would move; see Backend::policy_preview.
struct PolicyPreview {
  std::size_t clocks = 0;
  struct Moves {
    std::size_t earlier = 0, later = 0, same = 0,
                over = 0;  // over: due before now by the new rules
  };
  Moves from_now, retroactive;
};
void preview_clocks(const PersonState& person, const Policy& from_now, const Policy& retroactive,
                    Instant now, PolicyPreview& preview);
// The policy with other rules in the place of its own, which become earlier ones.
std::shared_ptr<const Policy> with_rules(const std::shared_ptr<const Policy>& policy,
                                         const ClockRules& rules, OnChange mode);

}  // namespace baton
