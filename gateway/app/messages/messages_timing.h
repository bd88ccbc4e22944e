#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/app/messages/messages.h"
#include "gateway/core/calendar/calendar.h"
#include "gateway/core/model/person.h"
#include "gateway/core/policy/policy.h"

namespace baton {

// When a message goes out, and whether alone: alerts.yaml, `group` and `quiet`. Messages that need
// an immediate answer (offer, warning, breach) are neither grouped nor held; the schema does not
// allow it.

// Messages of one group go out as one, at most one in `window`; the first of them waits for
// `collect`, so that what happens in one moment is in one message.
struct MessageGroup {
  std::string name;
  Duration window, collect;
};

// Three kinds of group: escalations of a pool and their ends, to its head of sales; tasks in a
// team's queue, to the recipients of the queue; excused breaches (downtime, an import, a change of
// policy), to their recipients.
std::optional<MessageGroup> group_of(const Notice& notice, const PersonState& person,
                                     const RoutingPolicy& routing, const AlertTiming& timing);

// The first instant from `at` on at which the recipient's calendar is open, for kinds that can
// wait. Nothing if the message need not wait.
std::optional<Instant> quiet_until(const Notice& notice, Instant at, const Policy& policy,
                                   const AlertTiming& timing);

// The same for a digest that was due at `due`. A digest goes out at its configured hour, also
// outside of its reader's hours. A late digest, after a downtime, waits for the reader's hours if
// its configured hour was within them.
std::optional<Instant> digest_until(const BusinessCalendar& calendar, Instant due, Instant now,
                                    const AlertTiming& timing);

// When the message was due by its own account.
Instant planned_at(const Notice& notice, Instant fallback);

// One message of several to the same recipient: the longest waiting customer first. Members without
// a headline are only counted. `late_by` is how much later it goes out than it could have.
Message compose_group(std::span<const Message> members, const Texts& texts, std::string key,
                      Duration late_by);

}  // namespace baton
