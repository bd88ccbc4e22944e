#include "gateway/app/messages/messages_timing.h"

#include <algorithm>

#include "mapping/json/json.h"

namespace baton {
namespace {

constexpr Duration kCollectExcused = seconds(60);  // the backlog of a downtime is done by then

bool has(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// A head of a team, or the lead of one that has no head: escalations end there.
bool heads_a_team(const RoutingPolicy& routing, const RepId& rep) {
  return std::any_of(routing.teams.begin(), routing.teams.end(), [&](const Team& team) {
    return (team.head.empty() ? team.lead : team.head) == rep;
  });
}

bool is_excusable(NoticeKind kind) {
  return kind == NoticeKind::kWarning || kind == NoticeKind::kBreach ||
         kind == NoticeKind::kEscalation || kind == NoticeKind::kResolved;
}

}  // namespace

std::optional<MessageGroup> group_of(const Notice& notice, const PersonState& person,
                                     const RoutingPolicy& routing, const AlertTiming& timing) {
  if (timing.window.ms == 0) return std::nullopt;
  if (const auto why = text(notice.data, "excused"); !why.empty() && is_excusable(notice.kind))
    return MessageGroup{"excused:" + notice.recipient.str() + ':' + std::string(why), timing.window,
                        kCollectExcused};
  const auto queue = text(notice.data, "queue");
  const bool queued = notice.kind == NoticeKind::kTask && !queue.empty();
  if (queued && has(timing.group_kinds, "queue"))
    return MessageGroup{"queue:" + notice.recipient.str() + ':' + std::string(queue), timing.window,
                        timing.collect};
  if (!has(timing.group_kinds, to_string(notice.kind))) return std::nullopt;
  const bool named = timing.group_recipients.empty()
                         ? heads_a_team(routing, notice.recipient)
                         : has(timing.group_recipients, notice.recipient.view());
  if (!named) return std::nullopt;
  return MessageGroup{
      "pool:" + notice.recipient.str() + ':' + (person.lead ? person.lead->pool : std::string()),
      timing.window, timing.collect};
}

std::optional<Instant> quiet_until(const Notice& notice, Instant at, const Policy& policy,
                                   const AlertTiming& timing) {
  if (!has(timing.quiet_kinds, to_string(notice.kind))) return std::nullopt;
  const auto* rep = policy.routing->rep(notice.recipient);
  const auto* calendar =
      rep != nullptr ? policy.calendars.find(policy.routing->calendar_of(*rep)) : nullptr;
  if (calendar == nullptr || calendar->is_open(at)) return std::nullopt;
  return calendar->next_open(at);
}

std::optional<Instant> digest_until(const BusinessCalendar& calendar, Instant due, Instant now,
                                    const AlertTiming& timing) {
  if (!has(timing.quiet_kinds, "digest") || !calendar.is_open(due) || calendar.is_open(now))
    return std::nullopt;
  return calendar.next_open(now);
}

Instant planned_at(const Notice& notice, Instant fallback) {
  return parse_rfc3339(text(notice.data, "planned_at")).value_or(fallback);
}

}  // namespace baton
