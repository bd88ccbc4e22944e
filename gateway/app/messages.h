#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/notifier.h"
#include "gateway/core/effect.h"
#include "mapping/finding.h"
#include "mapping/yaml.h"

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
  std::string accept_url, reject_url, reached_url, not_reached_url, details_url;
};

Message compose(const Notice& notice, const MessageContext& context, Instant now);

// "6 Min.", "2 Std. 5 Min.", "3 Tagen" / "6 min", "2 h 5 min", "3 days"; below a minute "40 Sek.", "40 s".
std::string waiting_text(Duration waiting, std::string_view language);
// "heute 10:15", "Di 03.03. 10:15" / "today 10:15", "Tue 3 Mar 10:15".
std::string moment_text(Instant at, Instant now, std::string_view zone, std::string_view language);

// Which channel a notice goes to (alerts.yaml, `routes`): the first route that fits.
struct AlertRoute {
  std::string channel;
  std::vector<std::string> kinds, recipients;  // empty: all
};
struct AlertRoutes {
  std::string language;  // "": the rep's
  std::vector<AlertRoute> routes;
  // "" where no route fits: the message then ends as superseded, visibly.
  std::string_view channel(std::string_view kind, std::string_view recipient) const;
};
// Channels without routes: everything goes to the first channel.
AlertRoutes load_alert_routes(const YamlDocument& alerts, Findings& findings);

}  // namespace baton
