#pragma once

#include <optional>

#include "gateway/app/views/backend.h"
#include "gateway/core/model/person.h"
#include "gateway/core/policy/policy.h"

namespace baton {

// The part of the page behind a link that concerns people's work. `now` decides whether an
// appointment has begun, and whether a call is lawful at this moment (J13).
struct PageContext {
  const PersonState& person;
  const Policy& policy;
  const ActionClaims& claims;
  Instant now;

  const Texts& texts() const;                   // in the language of the link
  std::string zone() const;                     // the reader's
  std::string moment(Instant at) const;         // in the reader's zone and language
  std::string name_of(const RepId& rep) const;  // the id if the rep has no name
};

// The person on the page: name, company, request, and a telephone number. If no call is lawful, the
// reason instead of the number.
ActionView page_of_person(const PageContext& context);

// Adds the choices for an appointment: it took place, it did not, or a new time.
void add_meeting(const PageContext& context, ActionView& view);

// "heute 10:05 (Erstkontakt)".
std::string due_text(const PageContext& context, const ClockInstance& clock);

// The pages that are not about a handover: a task, the alerts of a clock, the return of a lead that
// was ruled out. Empty for a handover.
std::optional<ActionView> other_page(const PageContext& context);

}  // namespace baton
