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

// Keeps the SLA rules and calendars of earlier policies, so that a running clock can keep the rules
// under which it started. The store holds the newest kKeptRules of them by their ids. Every node
// stores its own rules and reads those of the other nodes. Thread-safe.
class ClockRulesBook {
 public:
  static constexpr std::size_t kKeptRules = 32;

  // Call before the first decision under a policy. Stores its rules, and adds the earlier ones to
  // it. Cheap if that was done already. Returns kTransient if the store is down.
  Status ensure(Configuration& configuration, Store& store);
  // Whether running clocks still have to be recomputed under the new rules.
  bool is_sweep_wanted() const { return sweep_wanted_.load(); }
  // Applies PolicyChanged to the next persons. Call it again until is_sweep_wanted() returns false.
  Status sweep(const ApplierParts& parts, Store& store);

 private:
  Status learn(Configuration& configuration, Store& store,
               const std::shared_ptr<const Policy>& policy);

  std::mutex mutex_;
  std::atomic<bool> sweep_wanted_ = false;
  std::atomic<std::size_t> swept_ = 0;  // persons processed, of the list of recent ones
};

// How many running clocks each way of changing the policy would move; see Backend::policy_preview.
struct PolicyPreview {
  std::size_t clocks = 0;
  struct Moves {
    std::size_t earlier = 0, later = 0, same = 0,
                over = 0;  // over: due before now under the new rules
  };
  Moves from_now, retroactive;
};
void preview_clocks(const PersonState& person, const Policy& from_now, const Policy& retroactive,
                    Instant now, PolicyPreview& preview);
// Returns the policy with `rules`. Its present rules become earlier ones.
std::shared_ptr<const Policy> with_rules(const std::shared_ptr<const Policy>& policy,
                                         const ClockRules& rules, OnChange mode);

}  // namespace baton
