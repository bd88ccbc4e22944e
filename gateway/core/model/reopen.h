#pragma once

#include <optional>
#include <string>

#include "gateway/core/model/person.h"

namespace baton {

// T18: a lead that was ruled out, and that somebody wants back, waits for a second person's word.
// Who wants it, and why, is kept in Lead::held.
struct ReopenAsked {
  std::string by, reason;
};
std::string reopen_held(const ReopenAsked& asked);
std::optional<ReopenAsked> reopen_asked(const Lead& lead);  // nothing where nobody wants it

}  // namespace baton
