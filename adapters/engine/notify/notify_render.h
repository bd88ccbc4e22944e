#pragma once

#include <optional>
#include <string>

#include "adapters/engine/notify/notifier.h"

namespace baton {

// Escapes foreign text for Slack's mrkdwn and similar Markdown: no formatting, mentions or links.
std::string slack_text(std::string_view text);
// Renders an incoming-webhook message: `text` with the full content for clients without blocks, and
// blocks.
std::string slack_body(const Message& message);

// Renders the message for machines: {"type","timestamp","data"}, as Standard Webhooks recommends.
std::string webhook_body(const Message& message, Instant now);

// Returns the key bytes of "whsec_<base64>" (the prefix is optional); empty if the text is not
// base64.
std::optional<std::string> standard_webhook_key(std::string_view secret);
// Returns a webhook-id: the message key without the characters that the signed text reserves.
std::string standard_webhook_id(std::string_view key);
// Returns "v1,<base64 HMAC-SHA256 of id.timestamp.body>".
std::string standard_webhook_signature(std::string_view key_bytes, std::string_view id,
                                       std::int64_t timestamp_s, std::string_view body);

}  // namespace baton
