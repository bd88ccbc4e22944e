#pragma once

#include <string>

#include "gateway/app/documents/documents.h"
#include "gateway/core/decide/decide.h"
#include "gateway/core/explain/decision_record.h"
#include "gateway/core/policy/policy.h"

namespace baton {

// The bytes of one decision in the log: the plain part (person id, time, rules, policies, features)
// and the canonical touches, sealed under the person's key. Replay needs both.
std::string log_record(const Documents& documents, const OpenPerson& person, const Event& event,
                       const Decision& decision, const Policy& policy, Instant now);

// Reads a record back. Without the person's key (erased, or only the plain part is needed) the
// touches are missing.
Result<DecisionRecord> read_record(const Documents& documents, const OpenPerson* person,
                                   std::string_view bytes);

}  // namespace baton
