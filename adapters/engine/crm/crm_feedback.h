#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/engine/crm/crm.h"
#include "mapping/map/touch.h"

namespace baton {

// Asking a CRM what sales did to its records: for CRMs without webhooks, and as a net under those
// that have them. What it answers becomes touches of crm_* types, as if a webhook had told of each
// change.

struct FeedbackOptions {
  std::string source;  // of the touches: the webhook source that tells of the same changes
  Duration contact_every = seconds(30);  // a person whose contact clock runs
  Duration lead_every = minutes(5);      // another who is with sales
  Duration stale_after = minutes(15);  // no news for so long: what Baton knows of sales may be old
  // Reads go only while fewer calls than this, pushes counted, went to the CRM within `per`.
  int calls = 20;
  Duration per = seconds(10);
};

struct FeedbackAnswer {
  Outcome outcome;  // of the call as a whole
  // One list for each item of the call, in its order, oldest change first; empty where the CRM has
  // no such record. Touch ids are those of changes: the same in every answer.
  std::vector<std::vector<Touch>> touches;
};

// The questions behind a first answer: what belongs to the records and does not stand in them, such
// as each call that was made. One after the other; of one thread, and no longer than its
// CrmFeedback.
class FeedbackFollow {
 public:
  virtual ~FeedbackFollow() = default;
  virtual std::optional<HttpRequest> next() = 0;  // nothing: there is nothing more to ask
  // The answer to it. After anything but an ok nothing more is asked.
  virtual Outcome take(const HttpResult& result) = 0;
  // Adds what was told until now. Of two touches with one id that of the answer to follow stands.
  virtual void add_to(FeedbackAnswer& answer) const = 0;
};

// Pure and thread-safe.
class CrmFeedback {
 public:
  virtual ~CrmFeedback() = default;
  virtual const FeedbackOptions& options() const = 0;
  virtual std::size_t batch_size() const = 0;
  // Whether it can be asked about this record yet: some CRMs only by their own id.
  virtual bool knows(const CrmRecord&) const { return true; }
  // At most batch_size() records that it knows, at least one.
  virtual CrmCall render(std::span<const CrmRecord> records) const = 0;
  virtual FeedbackAnswer interpret(const CrmCall& call, const HttpResult& result,
                                   Instant received_at) const = 0;
  // Of an answer that interpret() took. `since`: for each item of the call, before when nothing is
  // of interest. Null where the answer was all.
  virtual std::unique_ptr<FeedbackFollow> follow(const CrmCall&, const HttpResult&,
                                                 std::span<const Instant> /*since*/,
                                                 Instant /*received_at*/) const {
    return nullptr;
  }
};

// Runs the examples of an adapter's part `feedback`; every difference is a finding.
Findings run_feedback_examples(const YamlDocument& spec, std::size_t& examples_run);

}  // namespace baton
