#pragma once

#include "gateway/core/decision/decision_context.h"

namespace baton {

// Work that CRMs show as tasks.

// After every event: requests every change that CRMs have to show.
void reconcile_crm_tasks(DecisionContext& s);

// A CRM has shown a task, or has failed to.
void crm_task_outcome(DecisionContext& s, const EffectOutcome& event);

}  // namespace baton
