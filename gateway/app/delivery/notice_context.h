#pragma once

#include <string>

#include "gateway/app/delivery/preparation.h"
#include "gateway/app/messages/messages.h"

namespace baton {

// The booked meeting that made the recipient of an offer the owner; null for other offers.
const Meeting* meeting_of(const Notice& offer, const Lead& lead);

// Completes notices with what their messages say in addition: names, the recipient's language and
// time zone, and the action links that are useful to the recipient now. Thread-safe.
class NoticeContexts {
 public:
  explicit NoticeContexts(const Preparation& preparation)
      : node_(preparation.node),
        configuration_(preparation.configuration),
        link_key_(preparation.access.keys->subkey("action-links")) {}
  MessageContext context_of(const Notice& notice, const PersonState& person,
                            const Policy& policy) const;

 private:
  void add_links(const Notice& notice, const PersonState& person, const Policy& policy,
                 MessageContext& context) const;
  std::string link(const Notice& notice, const LeadId& lead, const std::string& subject,
                   const Texts& texts) const;

  const NodeContext& node_;
  const Configuration& configuration_;
  const std::string link_key_;
};

}  // namespace baton
