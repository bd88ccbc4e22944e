#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/cli/demo/client.h"
#include "gateway/cli/demo/sandbox.h"
#include "mapping/json/json.h"

namespace baton {

// What a message is about, told from its headline as a reader would.
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

// What must not be, in words; empty where all is well. `whole_story`: every part must have
// happened.
std::vector<std::string> demo_faults(const json::object& numbers, bool whole_story);

}  // namespace baton
