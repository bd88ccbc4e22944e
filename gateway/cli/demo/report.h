#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/cli/demo/client.h"
#include "gateway/cli/demo/sandbox.h"
#include "mapping/json/json.h"

namespace baton {

// The kind of a message, recognised by its headline.
enum class ChatKind {
  kOffer,
  kWarning,
  kBreach,
  kEscalation,
  kReassigned,
  kWithdrawn,
  kResolved,
  kOther
};
ChatKind chat_kind(const ChatMessage& message, std::string_view language);

// Waits until nothing is on its way any more, then counts: what the edge answered, what the
// decision log says happened (report "funnel"), what CRM and chat received. "lost" are deliveries
// that were acknowledged and are in nobody's timeline.
Result<json::object> demo_numbers(DemoClient& client, const DemoSandbox& sandbox,
                                  std::string_view language);

// The faults in the numbers; empty if there are none. `whole_story`: every part must have
// happened.
std::vector<std::string> demo_faults(const json::object& numbers, bool whole_story);

}  // namespace baton
