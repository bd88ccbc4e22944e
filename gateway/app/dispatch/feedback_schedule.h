#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "adapters/engine/crm/crm.h"
#include "gateway/app/common/replaceable.h"
#include "gateway/core/model/person.h"
#include "gateway/core/sla/sla_policy.h"
#include "gateway/store/store.h"

namespace baton {

// Who is asked about at a CRM, and how often: a person whose contact clock runs, another who is
// with sales, or nobody.
enum class Asked { kNo, kLead, kContact };
Asked how_asked(const PersonState& person, const SlaPolicy& policy);
// Behind a breach of long ago the call that stops the clock is no matter of seconds any more.
bool asks_slowly(const PersonState& person, const SlaPolicy& policy, Instant now);

// The queues of those who are to be asked about: push queues with names that no destination can
// have (gateway/store/LAYOUT.md). Each commit marks a person for the queue its document belongs to;
// so they are as durable as the documents, and who is in one twice or wrongly is found out when it
// is due.
std::string asked_queue(std::string_view crm, Asked how);

// When each CRM that can be asked what sales did last told anything, by an answer or by a webhook.
// Instants are of the store's clock. Thread-safe.
class FeedbackNews {
 public:
  // From now on these are expected to tell: the live ones that declare feedback.
  void watch(const std::vector<std::shared_ptr<const Crm>>& crms);
  // Finds out what is not known: from before the start, or now where one never told anything.
  Status restore(Store& store);

  void heard(std::string_view crm, Instant at);
  void heard_from_source(std::string_view source, Instant at);

  // Since when the one that has been silent longest has been, where that is too long.
  std::optional<Instant> stale_since(Instant now) const;
  struct Silence {
    std::string crm;
    Instant since;
    bool stale = false;
  };
  std::vector<Silence> silences(
      Instant now) const;           // by name; those that are not known yet left out
  void publish(Instant now) const;  // as metrics

  // Adds the queues that a person of this state belongs to.
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

// The store's value that remembers it: milliseconds.
std::string feedback_value(std::string_view crm);

}  // namespace baton
