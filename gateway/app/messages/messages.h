#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/engine/notify/notifier.h"
#include "gateway/core/model/effect.h"
#include "gateway/core/routing/routing_policy.h"
#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// From a notice, which is data, to a message a human reads: German or English, in the reader's time
// zone, beginning with the customer's name, company and waiting time, never with an id of Baton's.

// What the notice does not hold. Links are those that are of use now; "" leaves one out.
struct MessageContext {
  std::string recipient_name, recipient_email;
  std::string language = "en";  // "de", else English
  std::string zone = "UTC";     // IANA name, of the reader's calendar
  std::string owner_name;       // of the rep the lead is with
  std::string reason;           // the best reason as a sentence; "": made from the notice
  std::function<std::string(std::string_view)> clock_label;  // what a clock is called; may be empty
  std::string known_by;  // names of those who have answered the alert before
  std::string asked_by,
      answered_by;    // the names of who wants a lead back, and of who has agreed (T18)
  std::string queue;  // the name of the team whose queue a task stands in
  std::string accept_url, reject_url, reached_url, not_reached_url, details_url, known_url,
      later_url, decide_url;
  std::optional<Instant> held_until;  // kept back on purpose till then: that is not being late
};

Message compose(const Notice& notice, const MessageContext& context, Instant now);

// "6 Min.", "2 Std. 5 Min.", "3 Tagen" / "6 min", "2 h 5 min", "3 days"; below a minute "40 Sek.",
// "40 s".
std::string waiting_text(Duration waiting, std::string_view language);
// "heute 10:15", "Di 03.03. 10:15" / "today 10:15", "Tue 3 Mar 10:15".
std::string moment_text(Instant at, Instant now, std::string_view zone, std::string_view language);

// Why nobody is to blame, as a clause: "Baton stand still" for "downtime".
std::string excuse_text(std::string_view why, std::string_view language);

// alerts.yaml, `group` and `quiet`; the defaults are those of a configuration that says nothing.
struct AlertTiming {
  Duration window = minutes(15);  // 0: nothing is grouped
  Duration collect = seconds(10);
  std::vector<std::string> group_kinds = {"escalation", "resolved", "corrected", "queue"};
  std::vector<std::string>
      group_recipients;  // empty: the heads of teams; "queue" is for whoever keeps it
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
  std::string_view channel(std::string_view kind, std::string_view recipient) const;
};
// Channels without routes: everything goes to the first channel.
AlertRoutes load_alert_routes(const YamlDocument& alerts, Findings& findings);
// Recipients who are no reps.
void check_alert_recipients(const YamlDocument& alerts, const RoutingPolicy& routing,
                            Findings& findings);

}  // namespace baton
