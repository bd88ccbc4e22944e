#pragma once

#include <string>
#include <string_view>

#include "gateway/core/model/person.h"
#include "gateway/core/sla/sla_policy.h"

namespace baton {

// The queue of a CRM in which a person waits to be polled for feedback: persons with a running
// contact clock, other persons with an open lead at sales, or no queue.
enum class FeedbackQueue { kNone, kLead, kContact };
FeedbackQueue feedback_queue_of(const PersonState& person, const SlaPolicy& policy);
// Whether every contact clock was breached so long ago that its person is polled less often.
bool polls_slowly(const PersonState& person, const SlaPolicy& policy, Instant now);

// The queue's name in the store: a push queue whose name no destination can have
// (gateway/store/LAYOUT.md). Each commit marks a person for the queue that the document belongs to,
// so the marks are as durable as the documents. The poller removes wrong marks when they fall due.
std::string feedback_queue_name(std::string_view crm, FeedbackQueue queue);

}  // namespace baton
