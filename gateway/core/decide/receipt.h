#pragma once

#include "gateway/core/decision/decision_context.h"

namespace baton {

// The receipts of a lead's handovers, a chain (gateway/core/model/receipt.h). Each of these adds
// the next receipt.

// The facts of a receipt besides the state of the handover.
struct ReceiptNote {
  std::string_view by = {};  // id of the feedback, evidence or clock behind it
  bool implied = false;
  std::string_view destination = {}, ref = {};  // the CRM that has it, and its id there
};

// An owner is requested. Asking again reuses the open draft.
void draft_receipt(DecisionContext& s);

// The lead is offered to a rep. The receipt contains everything that a dispute would be about.
void offer_receipt(DecisionContext& s, Handover& handover);

// The handover has entered another state at `at`.
void state_receipt(DecisionContext& s, Handover& handover, Instant at,
                   const ReceiptNote& note = {});

// The lead is closed before a rep was offered it. Does nothing without a draft.
void withdraw_draft(DecisionContext& s, std::string_view reason);

}  // namespace baton
