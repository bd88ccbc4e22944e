#include "adapters/engine/mail/mail_outcome.h"

#include <fmt/format.h>

#include "adapters/engine/mail/mail.h"

namespace baton {
namespace {

struct Hint {
  MailStep step;
  int reply;                  // 0: any
  std::string_view enhanced;  // "": any
  std::string_view text;
};
constexpr Hint kHints[] = {
    {MailStep::kLogin, 535, "", "user or password is wrong"},
    {MailStep::kLogin, 534, "", "the server requires another login method"},
    {MailStep::kLogin, 0, "", "the server refuses this user"},
    {MailStep::kSender, 530, "", "the server requires a login (settings user and password)"},
    {MailStep::kSender, 0, "", "the server does not accept mail from this sender (setting from)"},
    {MailStep::kRecipient, 530, "", "the server requires a login (settings user and password)"},
    {MailStep::kRecipient, 0, "5.7.1", "the server does not relay mail to this recipient"},
    {MailStep::kRecipient, 0, "5.2.2", "the recipient's mailbox is full"},
    {MailStep::kRecipient, 0, "",
     "the server does not accept mail for this recipient (email of the rep)"},
    {MailStep::kTls, 0, "", "the encrypted connection could not be established"},
    {MailStep::kGreeting, 0, "", "the server does not accept mail from this machine"},
    {MailStep::kTaken, 0, "", "the server refused the message"},
    {MailStep::kData, 0, "", "the server refused the message"},
};

std::string_view hint(const MailResult& result) {
  for (const auto& h : kHints) {
    if (h.step == result.step && (h.reply == 0 || h.reply == result.reply) &&
        (h.enhanced.empty() || h.enhanced == result.enhanced))
      return h.text;
  }
  return "the server refused the mail";
}

std::string reason(const MailResult& result) {
  if (result.reply == 0) return fmt::format("mail, {}: {}", to_string(result.step), result.detail);
  return fmt::format("SMTP {}{}{} at {}: {}", result.reply, result.enhanced.empty() ? "" : " ",
                     result.enhanced, to_string(result.step),
                     result.reply < 500 ? "later" : hint(result));
}

Verdict verdict(const MailResult& result) {
  if (result.blocked) return Verdict::kPermanentConfig;
  if (result.reply < 400)
    return result.step == MailStep::kTaken ? Verdict::kUnknown : Verdict::kRetryBackoff;
  if (result.reply < 500) return Verdict::kRetryBackoff;
  if (result.reply == 530 || result.reply == 535) return Verdict::kPermanentConfig;
  return result.step >= MailStep::kRecipient ? Verdict::kPermanentData : Verdict::kPermanentConfig;
}

}  // namespace

std::string_view to_string(MailStep step) {
  constexpr std::string_view kNames[] = {"connecting", "greeting",  "TLS",  "login",
                                         "sender",     "recipient", "text", "end of text"};
  return kNames[static_cast<std::size_t>(step)];
}

Outcome mail_outcome(const MailResult& result) {
  if (result.accepted) return {Verdict::kOk, {}, {}, {}};
  return {verdict(result), {}, {}, reason(result)};
}

}  // namespace baton
