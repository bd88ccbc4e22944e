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

// Waits until the outbox is empty, then counts the edge's answers, the events in the decision log
// (report "funnel"), and what CRM and chat received. "lost" counts acknowledged deliveries that are
// in no lead's timeline.
Result<json::object> demo_numbers(DemoClient& client, const DemoSandbox& sandbox,
                                  std::string_view language);

// The faults in the numbers; empty if there are none. `whole_story`: every part must have
// happened.
std::vector<std::string> demo_faults(const json::object& numbers, bool whole_story);

}  // namespace baton
