#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/engine/crm/crm.h"
#include "adapters/engine/http/http_client.h"
#include "adapters/engine/notify/notifier.h"
#include "gateway/app/documents/documents.h"
#include "mapping/json/json.h"

namespace baton {

// Rendered requests of destinations in `mode: observe`. None of it is sent.

// A request as an operator may read it: method, URL, body, and the headers that contain no
// credential. `whole_url` false keeps only scheme and host, because the path of a chat channel's
// webhook is secret.
json::object request_view(const HttpRequest& request, bool whole_url);

// The same for a message to a channel, whose URL is secret. A mail is shown as it would be sent.
json::object request_view(const NotifyRequest& request);

// A person's newest version as the record for one CRM (crm_view.h), with owners named by the
// policy.
CrmRecord record_for(const OpenPerson& person, std::string_view destination, const Policy& policy);

// The newest messages that channels in observe mode would have got. A message depends on its time
// of sending, so it is recorded at that time: in memory, the last kKept, until the gateway ends.
// Thread-safe.
class RehearsedMessages {
 public:
  static constexpr std::size_t kKept = 200;
  void add(json::object message);
  std::vector<json::object> newest_first() const;

 private:
  mutable std::mutex mutex_;
  std::deque<json::object> kept_;
};

}  // namespace baton
