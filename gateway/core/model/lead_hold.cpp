#include "gateway/core/model/lead_hold.h"

#include "gateway/core/model/person.h"

namespace baton {
namespace {

constexpr std::string_view kRework = "rework", kReason = "reason", kReopen = "reopen:";

template <class T>
bool is_on_hold_for(const Lead& lead) {
  return lead.hold && std::holds_alternative<T>(*lead.hold);
}

}  // namespace

std::string to_string(const LeadHold& hold) {
  struct Visitor {
    std::string operator()(const Rework&) const { return std::string(kRework); }
    std::string operator()(const ReasonOwed&) const { return std::string(kReason); }
    std::string operator()(const ReopenAsked& asked) const {
      return std::string(kReopen).append(asked.rep.view()).append(":").append(asked.why);
    }
  };
  return std::visit(Visitor{}, hold);
}

std::optional<LeadHold> parse_lead_hold(std::string_view text) {
  if (text == kRework) return Rework{};
  if (text == kReason) return ReasonOwed{};
  if (!text.starts_with(kReopen)) return std::nullopt;
  const auto rest = text.substr(kReopen.size());
  const auto colon = rest.find(':');
  const auto why = colon == std::string_view::npos ? std::string_view() : rest.substr(colon + 1);
  return ReopenAsked{RepId(rest.substr(0, colon)), std::string(why)};
}

bool is_in_rework(const Lead& lead) { return is_on_hold_for<Rework>(lead); }
bool owes_reason(const Lead& lead) { return is_on_hold_for<ReasonOwed>(lead); }

std::optional<ReopenAsked> reopen_asked(const Lead& lead) {
  if (lead.stage != Stage::kDisqualified || !is_on_hold_for<ReopenAsked>(lead)) return std::nullopt;
  return std::get<ReopenAsked>(*lead.hold);
}

}  // namespace baton
