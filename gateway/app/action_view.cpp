#include "gateway/app/action_view.h"

#include <algorithm>

#include "gateway/core/contact_basis.h"
#include "gateway/core/explain.h"
#include "gateway/core/explain_words.h"

namespace baton {
namespace {

std::string name_of(const PersonFacts& p) {
  if (!p.full_name.empty()) return p.full_name;
  return p.first_name + (p.first_name.empty() || p.last_name.empty() ? "" : " ") + p.last_name;
}

}  // namespace

void add_work(const PageContext& context, std::string_view language, ActionView& view) {
  const auto basis = contact_basis(context.person, context.contact, context.now);
  if (!basis.allows("phone")) {
    view.phone.clear();
    view.blocked = word("blocked." + std::string(basis.why), language_of(language));
  }
  if (!context.person.lead) return;
  const auto& meetings = context.person.lead->meetings;
  view.met = std::any_of(meetings.begin(), meetings.end(), [&](const Meeting& m) {
    return m.state == MeetingState::kBooked && m.at <= context.now;
  });
}

std::optional<ActionView> task_page(const PageContext& context, const ActionClaims& claims) {
  if (claims.handover.find("/t") == std::string::npos) return std::nullopt;
  ActionView view;
  const auto& p = context.person;
  view.task = claims.handover;
  view.name = name_of(p.profile);
  view.company = p.profile.company.name;
  view.phone = p.profile.phone;
  if (!p.lead) return view;
  view.ask = p.lead->ask;
  for (const auto& task : p.lead->tasks) {
    if (task.id != claims.handover) continue;
    view.current = is_open(p.lead->stage) && is_open(task.state) && task.owner == claims.rep;
    view.offered_at = task.opened_at;
  }
  add_work(context, claims.language, view);
  view.met = false;
  return view;
}

}  // namespace baton
