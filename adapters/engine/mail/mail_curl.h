#pragma once

#include <memory>

#include "adapters/engine/mail/mail.h"

namespace baton {

std::unique_ptr<MailClient> make_mail_client(const MailOptions& options);

}  // namespace baton
