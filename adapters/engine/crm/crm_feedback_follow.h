#pragma once

#include "adapters/engine/crm/crm_feedback_read.h"

namespace baton {

// Returns the requests for objects that belong to these records. The plan must outlive it.
std::unique_ptr<FeedbackFollow> make_declared_follow(const CrmPlan& plan,
                                                     std::vector<FoundRecord> records,
                                                     Instant received_at);

}  // namespace baton
