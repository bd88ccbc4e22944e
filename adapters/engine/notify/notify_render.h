#pragma once

#include <optional>
#include <string>

#include "adapters/engine/notify/notifier.h"

namespace baton {

// Strangers' text for Slack's mrkdwn (and the Markdown of its likes): it formats, mentions and
// links nothing.
std::string slack_text(std::string_view text);
// An incoming-webhook message: `text` with everything for clients without blocks, and blocks.
std::string slack_body(const Message& message);

// The message for machines: {"type","timestamp","data"} as Standard Webhooks advises.
std::string webhook_body(const Message& message, Instant now);

// The key bytes of "whsec_<base64>" (the prefix may be missing); nothing where that is no base64.
std::optional<std::string> standard_webhook_key(std::string_view secret);
// A webhook-id: the message key without characters that the signed text reserves.
std::string standard_webhook_id(std::string_view key);
// "v1,<base64 HMAC-SHA256 of id.timestamp.body>"
std::string standard_webhook_signature(std::string_view key_bytes, std::string_view id,
                                       std::int64_t timestamp_s, std::string_view body);

}  // namespace baton
