#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "gateway/core/model/ids.h"

namespace baton {

struct Lead;

// Sales has sent the handover back: marketing has to correct the lead's data.
struct Rework {};
// The lead is closed and sales still owes the reason.
struct ReasonOwed {};
// T18: the lead is disqualified and `rep` wants it back. A second person has to agree.
struct ReopenAsked {
  RepId rep;
  std::string why;
};

// The reason why a lead is on hold.
using LeadHold = std::variant<Rework, ReasonOwed, ReopenAsked>;

// The text that documents store: "rework", "reason" or "reopen:<rep>:<why>".
std::string to_string(const LeadHold& hold);
std::optional<LeadHold> parse_lead_hold(std::string_view text);

// Whether the lead is on hold for this reason.
bool is_in_rework(const Lead& lead);
bool owes_reason(const Lead& lead);
// Nothing if the lead is not disqualified.
std::optional<ReopenAsked> reopen_asked(const Lead& lead);

}  // namespace baton
