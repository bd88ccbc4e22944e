#pragma once

#include <optional>

#include "gateway/app/backend.h"
#include "gateway/core/person.h"
#include "gateway/core/work_policy.h"

namespace baton {

// What of the page behind a link is about people's work. `now` decides whether an appointment has
// begun, and whether a call is lawful this very moment (domain J13).
struct PageContext {
  const PersonState& person;
  const ContactPolicy& contact;
  Instant now;
};

// Takes the telephone number away where nobody may call, and says why; offers to say whether an
// appointment took place.
void add_work(const PageContext& context, std::string_view language, ActionView& view);

// The page of a task ("p1.2/t3"), where the link is about one; nothing where it is about a handover.
std::optional<ActionView> task_page(const PageContext& context, const ActionClaims& claims);

}  // namespace baton
