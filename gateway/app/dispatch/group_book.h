#pragma once

#include <span>
#include <string>
#include <vector>

#include "gateway/app/dispatch/ports.h"

namespace baton {

// Decides when the messages of a group go out and which of them go together. What has gone out in a
// group's window is written down before it is sent, so that after a crash the same messages go out
// again as the same one, and no second one within the window. Two nodes that hold parts of a group
// take turns. Not thread-safe.
class GroupBook {
 public:
  struct Plan {
    bool send = false;
    Instant wait_until;                // of those in `waiting`
    std::string key;                   // of the message to send
    Instant since;                     // when it could first have gone
    std::vector<std::size_t> members;  // of the entries given: go now
    std::vector<std::size_t> waiting;  // go later
  };
  // At most so many go in one message; the others wait for the next. An hour without the gateway
  // makes thousands.
  static constexpr std::size_t kMostMembers = 10'000;

  // Fails only where the store does: nothing is to be sent then. `due` are the group's that are
  // due.
  Result<Plan> plan(Store& store, std::string_view channel, const OutgoingGroup& group,
                    std::span<const OutboxEntry> due, Instant now);

 private:
  struct Page {
    Instant opens;  // the next message goes no earlier
    Instant at;     // of the last one
    std::string key;
    std::vector<std::string> members;  // of the last one, by hash
  };
  Result<Page> read(Store& store, const std::string& name);
  Status write(Store& store, const std::string& name, const Page& page);
};

}  // namespace baton
