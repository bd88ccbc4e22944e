#pragma once

#include <optional>
#include <string>

#include "gateway/app/messages/messages.h"
#include "mapping/json/json.h"

namespace baton {

// Whether a message only reports that something ended.
bool is_over(NoticeKind kind);
// Whether the message is about a lead that was ruled out: no customer waits, and no call is due.
bool is_about_way_back(const json::object& data);
// Whether the recipient has lost the lead: they have nothing to do, and see no deadline.
bool is_taken_from(const Notice& notice, const MessageContext& context);

// The recipient's next step and its deadline as one line: "call and record the result, today 10:15
// at the latest". "" if nothing is left to do and nothing has to be said about it.
std::string next_step(const Notice& notice, const MessageContext& context, Instant now);

}  // namespace baton
