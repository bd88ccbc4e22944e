#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/engine/crm/crm.h"
#include "mapping/map/touch.h"

namespace baton {

struct CrmPlan;

// Reads what sales did from a CRM: for CRMs without webhooks, and as a safety net for those with
// webhooks. The response becomes touches of crm_* types, as if a webhook had reported each change.

struct FeedbackOptions {
  std::string source;  // of the touches: the webhook source that reports the same changes
  Duration contact_every = seconds(30);  // a person whose contact clock runs
  Duration lead_every = minutes(5);      // any other person who is with sales
  Duration stale_after =
      minutes(15);  // without news for this long, Baton's knowledge about sales may be out of date
  // Reads run only while fewer calls than this, including pushes, were sent within `per`.
  int calls = 20;
  Duration per = seconds(10);
};

struct FeedbackAnswer {
  Outcome outcome;  // of the whole call
  // One list for each item of the call, in order, oldest change first; empty if the CRM has no such
  // record. A touch id is the id of its change, and the same in every response.
  std::vector<std::vector<Touch>> touches;
};

// The requests that follow a first response: objects that belong to the records but are not part of
// them, such as each call that was made. The requests run one after the other. Single-threaded;
// must not outlive its CrmFeedback.
class FeedbackFollow {
 public:
  virtual ~FeedbackFollow() = default;
  virtual std::optional<HttpRequest> next() = 0;  // empty: nothing more to ask
  // Processes the response. After any outcome other than ok no more requests follow.
  virtual Outcome take(const HttpResult& result) = 0;
  // Adds what was received so far. If two touches have the same id, the one from this follow-up
  // wins.
  virtual void add_to(FeedbackAnswer& answer) const = 0;
};

// Pure and thread-safe.
class CrmFeedback {
 public:
  virtual ~CrmFeedback() = default;
  virtual const FeedbackOptions& options() const = 0;
  virtual std::size_t batch_size() const = 0;
  // Returns whether this record can be queried yet: some CRMs need their own id.
  virtual bool knows(const CrmRecord&) const { return true; }
  // Accepts one to batch_size() records for which knows() is true.
  virtual CrmCall render(std::span<const CrmRecord> records) const = 0;
  virtual FeedbackAnswer interpret(const CrmCall& call, const HttpResult& result,
                                   Instant received_at) const = 0;
  // Returns the follow-up to a response that interpret() accepted, or null if none is needed.
  // `since` has the time for each item of the call before which changes do not matter.
  virtual std::unique_ptr<FeedbackFollow> follow(const CrmCall&, const HttpResult&,
                                                 std::span<const Instant> /*since*/,
                                                 Instant /*received_at*/) const {
    return nullptr;
  }
};

// Returns how to read feedback from a declared CRM. The plan must outlive it.
std::unique_ptr<const CrmFeedback> make_declared_feedback(const CrmPlan& plan);

}  // namespace baton
