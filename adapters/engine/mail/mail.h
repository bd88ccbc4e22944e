#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/engine/crm/crm.h"
#include "mapping/instant.h"

namespace baton {

// Outgoing mail as values. The one implementation (libcurl, SMTP only) stands behind this header.

enum class MailTls { kStartTls, kImplicit, kNone };

// How one mail server is reached.
struct MailOptions {
  std::string host;
  std::uint16_t port = 587;
  MailTls tls = MailTls::kStartTls;  // kStartTls: a server that does not offer it gets nothing
  std::string user, password;        // both or neither; never logged
  std::string ca_file;               // "": the system's
  // Addresses the server may resolve to although they are loopback, link-local or private: host
  // names, or networks in CIDR form.
  std::vector<std::string> allow_private;
};

struct MailRequest {
  std::string from, to;  // bare addresses, ASCII
  std::string data;      // headers and body, lines ending in CRLF
  Duration deadline = seconds(30);
};

// How far the conversation came. Up to kData nothing can have been delivered; at kTaken the whole
// mail was sent, and only a reply tells what became of it.
enum class MailStep { kConnect, kGreeting, kTls, kLogin, kSender, kRecipient, kData, kTaken };
std::string_view to_string(MailStep step);

struct MailResult {
  bool accepted = false;
  MailStep step = MailStep::kConnect;
  int reply = 0;         // the server's last reply to that step; 0: none
  std::string enhanced;  // RFC 3463, "5.1.1"; "" where the server says none
  bool blocked = false;  // the address may not be dialled, or STARTTLS is not offered
  std::string detail;    // for a human; no addresses, no secrets
};

// Checks certificates always (but for MailTls::kNone). Thread-safe.
class MailClient {
 public:
  virtual ~MailClient() = default;  // ends what is under way
  // Calls `done` exactly once, from any thread, no later than shortly after the deadline.
  virtual void send(MailRequest request, std::function<void(MailResult)> done) = 0;
};

std::unique_ptr<MailClient> make_mail_client(const MailOptions& options);

// What a result means: 4yz is for later; 5yz is a matter of the configuration where it is about the
// connection, the login or the sender, and of this one message where it is about recipient or text.
Outcome mail_outcome(const MailResult& result);

}  // namespace baton
