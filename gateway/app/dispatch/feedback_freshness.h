#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "adapters/engine/crm/crm.h"
#include "gateway/app/common/replaceable.h"
#include "gateway/app/dispatch/feedback_queue.h"
#include "gateway/store/store.h"

namespace baton {

// Knows when each CRM last sent feedback, as the answer to a poll or by a webhook. All instants are
// of the store's clock. Thread-safe.
class FeedbackFreshness {
 public:
  // Expects feedback from the live CRMs that declare it, from now on.
  void watch(const std::vector<std::shared_ptr<const Crm>>& crms);
  // Reads from the store what this node does not know yet. A CRM that never sent feedback counts
  // from now.
  Status restore(Store& store);

  void note_feedback(std::string_view crm, Instant at);
  void note_feedback_of_source(std::string_view source, Instant at);

  // The start of the longest silence, if it is too long.
  std::optional<Instant> stale_since(Instant now) const;
  struct Silence {
    std::string crm;
    Instant since;
    bool stale = false;
  };
  // By name. Leaves out CRMs that are not known yet.
  std::vector<Silence> silences(Instant now) const;
  void publish(Instant now) const;  // as metrics

  // Adds the queues that a person in this state belongs to.
  void mark(const PersonState& person, const SlaPolicy& policy,
            std::vector<std::string>& push) const;

 private:
  struct Watched {
    std::string source;
    Duration stale_after;
    std::optional<Instant> last;
  };
  std::vector<std::string> unknown() const;

  mutable std::mutex mutex_;
  std::map<std::string, Watched, std::less<>> watched_;
  Replaceable<std::vector<std::string>> names_{std::make_shared<std::vector<std::string>>()};
};

// The name of the store's value that holds the last instant, in milliseconds.
std::string feedback_value(std::string_view crm);

}  // namespace baton
