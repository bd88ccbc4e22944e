#pragma once

#include "gateway/core/decision/decision_context.h"

namespace baton {

// Contact of a rep with the lead, and the evidence for it.

// Whether a CRM sent the feedback.
bool from_crm(const SalesFeedback& f);

// The kind of evidence that the feedback is. Nothing if it is none,
// because no human acted or because nothing proves that one did.
std::optional<EvidenceKind> evidence_kind(const DecisionContext& s, const SalesFeedback& f,
                                          const ContactFacts& how);

// Adds an attempt to the newest 50.
void keep_attempt(Lead& lead, Attempt attempt);

// Records an attempt with evidence: it implies acceptance, stops clocks and sets the work status.
// Refuses an attempt without evidence. Returns true if an attempt was recorded. Needs an open lead.
bool contact(DecisionContext& s, const SalesFeedback& f, const Contact& said, Instant at);

// Handles a contact that happened before the owner lost the lead and is reported only now: corrects
// the clocks and gives the lead back unless the next owner has begun. Returns false and does
// nothing if the feedback is no such contact.
bool late_contact(DecisionContext& s, const SalesFeedback& f, Instant at);

// Reads a call or mail that a tool reports as feedback on the lead. Returns true if an attempt was
// recorded.
bool contact_touch(DecisionContext& s, const Touch& touch);

}  // namespace baton
