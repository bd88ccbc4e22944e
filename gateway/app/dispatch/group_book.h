#pragma once

#include <span>
#include <string>
#include <vector>

#include "gateway/app/dispatch/ports.h"

namespace baton {

// Decides when the messages of a group are sent, and which of them are combined. Before a combined
// message is sent, its members are written to the store. After a crash the same members are sent
// again as the same message, and no second message follows within the window. Nodes that hold parts
// of a group take turns. Not thread-safe.
class GroupBook {
 public:
  struct Plan {
    bool send = false;
    Instant wait_until;                // of the entries in `waiting`
    std::string key;                   // of the message to send
    Instant since;                     // when the message could first be sent
    std::vector<std::size_t> members;  // indexes of the entries that are sent now
    std::vector<std::size_t> waiting;  // indexes of the other entries
  };
  // The most members of a message. Further entries wait for the next message. An hour of downtime
  // can make thousands of messages due.
  static constexpr std::size_t kMostMembers = 10'000;

  // Fails if the store fails; no message may be sent then. `due` are the entries of the group that
  // are due.
  Result<Plan> plan(Store& store, std::string_view channel, const OutgoingGroup& group,
                    std::span<const OutboxEntry> due, Instant now);

 private:
  struct Page {
    Instant opens;  // the next message is sent no earlier
    Instant at;     // of the last message
    std::string key;
    std::vector<std::string> members;  // hashes of the last message's members
  };
  struct Window {
    Plan plan;
    Page page;
  };
  static Plan repeat_last(const Page& page, const OutgoingGroup& group,
                          std::span<const OutboxEntry> due, Instant now);
  static Window begin_window(const OutgoingGroup& group, std::span<const OutboxEntry> due,
                             Instant since, Instant now);
  Result<Page> read(Store& store, const std::string& name);
  Status write(Store& store, const std::string& name, const Page& page);
};

}  // namespace baton
