#pragma once

#include <optional>
#include <string>

#include "adapters/engine/mail/mail.h"
#include "adapters/engine/mail/mail_message.h"
#include "adapters/engine/notify/notifier.h"

namespace baton {

// Renders a message as a mail: text and HTML in the message's language. The Message-ID is derived
// from the message's key, so that a repeat is the same mail. Mails about one lead form a thread.
struct MailSender {
  Mailbox from;
  std::optional<Mailbox> reply_to;
  std::optional<Mailbox> to;  // replaces the recipient's address
};
// Returns a request without `to` if the recipient has no address.
MailRequest mail_request(const Message& message, const MailSender& sender, Instant now);

std::string mail_plain(const Message& message);
std::string mail_html(const Message& message);
std::string html_text(std::string_view text);  // escaped, line feeds as <br>
std::string message_id(std::string_view key, std::string_view domain);

}  // namespace baton
