#pragma once

#include "adapters/engine/mail/mail.h"

namespace baton {

// Interprets a result. 4yz: try again later. 5yz: a fault in the configuration if it concerns the
// connection, the login or the sender; a fault of this message if it concerns the recipient or the
// text.
Outcome mail_outcome(const MailResult& result);

}  // namespace baton
