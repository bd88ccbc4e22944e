#include <fmt/format.h>

#include "gateway/app/admin/admin_backend.h"
#include "gateway/app/engine/policy_versions.h"

namespace baton {
namespace {

constexpr std::size_t kPage = 500;

json::object moves_view(const PolicyPreview::Moves& moves) {
  return {{"earlier", moves.earlier},
          {"later", moves.later},
          {"same", moves.same},
          {"over", moves.over}};
}

Result<std::shared_ptr<const ClockRules>> rules_of(const json::object& files,
                                                   const RoutingPolicy& routing) {
  Findings findings;
  const auto sla = parse_yaml(text(files, "sla"), "policy/sla.yaml", findings);
  const auto calendars = parse_yaml(text(files, "calendars"), "policy/calendars.yaml", findings);
  auto rules = load_clock_rules(sla, calendars, routing, findings);
  if (rules) return rules;
  std::string all;
  for (const auto& f : findings) {
    if (!f.warning)
      all += fmt::format("{}{}:{}:{}: {}", all.empty() ? "" : "; ", f.file, f.line, f.column,
                         f.message);
  }
  return error(Errc::kInvalidInput, all);
}

}  // namespace

Result<json::object> AdminBackend::policy_preview(const json::object& files) {
  const auto policy = runtime_.configuration.policy.load();
  const auto rules = rules_of(files, *policy->routing);
  if (!rules) return rules.error();
  const auto from_now = with_rules(policy, **rules, OnChange::kFromNow);
  const auto retroactive = with_rules(policy, **rules, OnChange::kRetroactive);
  const std::lock_guard lock(mutex_);
  auto s = store();
  if (!s) return s.error();
  const auto now = (*s)->now();
  if (!now) return now.error();
  PolicyPreview preview;
  for (std::size_t at = 0;; at += kPage) {
    auto ids = (*s)->recent_persons(at, kPage);
    if (!ids) return ids.error();
    auto persons = runtime_.access.documents->load(**s, *ids);
    if (!persons) return persons.error();
    for (const auto& person : *persons) {
      if (person.version > 0) preview_clocks(person.state, *from_now, *retroactive, *now, preview);
    }
    if (ids->size() < kPage) break;
  }
  return json::object{{"rules", (*rules)->id},
                      {"running", policy->rules},
                      {"clocks", preview.clocks},
                      {"new_only", moves_view({0, 0, preview.clocks, 0})},
                      {"from_now", moves_view(preview.from_now)},
                      {"retroactive", moves_view(preview.retroactive)}};
}

}  // namespace baton
