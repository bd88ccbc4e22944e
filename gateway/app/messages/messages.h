#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/engine/notify/notifier.h"
#include "gateway/core/model/effect.h"
#include "gateway/core/routing/routing_policy.h"
#include "gateway/core/text/texts.h"
#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// Turns a notice, which is data, into a message for a person: in their language and time zone. A
// message begins with the customer's name, company and waiting time, never with an id of Baton's.

// The parts of a message that its notice does not hold. Links are those that work now; "" leaves
// one out.
struct MessageContext {
  std::string recipient_name, recipient_email;
  TextsPtr texts = texts_in("en");  // in the reader's language
  std::string zone = "UTC";         // IANA name, of the reader's calendar
  std::string owner_name;           // of the rep the lead is with
  std::string reason;               // the best reason as a sentence; "": derived from the notice
  std::function<std::string(std::string_view)> clock_label;  // the name of a clock; may be empty
  std::string known_by;               // names of the reps who have answered the alert
  std::string asked_by, answered_by;  // the names of the reps who asked for a lead and who agreed
  std::string queue;                  // the name of the team whose queue holds the task
  std::string accept_url, reject_url, reached_url, not_reached_url, details_url, known_url,
      later_url, decide_url;
  // The lead as it is when the message is sent.
  bool passed_on = false;             // the lead is no longer with the rep whom the notice names
  std::string now_with;               // the name of its new owner; "" while a pool still picks one
  std::optional<Instant> meeting_at;  // of an offer to the host of a booked meeting
  std::string reject_reason;          // why sales sent the lead back
  // Whether a clock with this definition runs; not set: all do.
  std::function<bool(std::string_view)> clock_runs;
  std::optional<Instant> held_until;  // deliberately held until then, which does not count as late
};

Message compose(const Notice& notice, const MessageContext& context, Instant now);

// "6 min", "2 h 5 min", "3 days"; below a minute "40 s".
std::string waiting_text(Duration waiting, const Texts& texts);
// "today 10:15", "Tue 3 Mar 10:15".
std::string moment_text(Instant at, Instant now, std::string_view zone, const Texts& texts);

// Why a breach counts against no one, as a clause: "Baton was not running" for "downtime".
std::string excuse_text(std::string_view why, const Texts& texts);

// alerts.yaml, `group` and `quiet`; the defaults are those of a configuration that says nothing.
struct AlertTiming {
  Duration window = minutes(15);  // 0: nothing is grouped
  Duration collect = seconds(10);
  std::vector<std::string> group_kinds = {"escalation", "resolved", "corrected", "queue"};
  std::vector<std::string>
      group_recipients;  // empty: the heads of teams; "queue" has its own recipients
  std::vector<std::string> quiet_kinds = {"resolved", "corrected", "task", "digest"};
};

// Which channel a notice goes to (alerts.yaml, `routes`): the first route that fits.
struct AlertRoute {
  std::string channel;
  std::vector<std::string> kinds, recipients;  // empty: all
};
struct AlertRoutes {
  std::string language;  // "": the rep's
  std::vector<AlertRoute> routes;
  AlertTiming timing;
  // "" where no route fits: the message then ends as superseded, visibly.
  std::string_view channel(std::string_view kind, const RepId& recipient) const;
};
// Channels without routes: everything goes to the first channel.
AlertRoutes load_alert_routes(const YamlDocument& alerts, Findings& findings);
// Recipients who are no reps.
void check_alert_recipients(const YamlDocument& alerts, const RoutingPolicy& routing,
                            Findings& findings);

}  // namespace baton
