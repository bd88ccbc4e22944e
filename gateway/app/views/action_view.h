#pragma once

#include <optional>

#include "gateway/app/views/backend.h"
#include "gateway/core/model/person.h"
#include "gateway/core/policy/policy.h"

namespace baton {

// What of the page behind a link is about people's work. `now` decides whether an appointment has
// begun, and whether a call is lawful this very moment (domain J13).
struct PageContext {
  const PersonState& person;
  const Policy& policy;
  const ActionClaims& claims;
  Instant now;

  const Texts& texts() const;                       // in the language of the link
  std::string zone() const;                         // the reader's
  std::string moment(Instant at) const;             // in the reader's zone and language
  std::string name_of(std::string_view rep) const;  // the id where he has no other
};

// Whose page it is: name, company, what they asked; and a telephone number, unless nobody may call
// them: then why.
ActionView page_of_person(const PageContext& context);

// Offers to say whether an appointment took place, or when it will.
void add_meeting(const PageContext& context, ActionView& view);

// "heute 10:05 (Erstkontakt)".
std::string due_text(const PageContext& context, const ClockInstance& clock);

// The pages that are about no handover: a task, the alerts of a clock, the way back of a lead that
// was ruled out. Nothing for a handover's.
std::optional<ActionView> other_page(const PageContext& context);

}  // namespace baton
