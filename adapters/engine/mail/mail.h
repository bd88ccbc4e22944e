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

// Outgoing mail as values. The only implementation uses libcurl (SMTP only).

enum class MailTls { kStartTls, kImplicit, kNone };

// How to reach one mail server.
struct MailOptions {
  std::string host;
  std::uint16_t port = 587;
  MailTls tls = MailTls::kStartTls;  // kStartTls: a server that does not offer it receives nothing
  std::string user, password;        // both or neither; never logged
  std::string ca_file;               // "": the system's
  // Loopback, link-local or private addresses that the server may resolve to: host names, or
  // networks in CIDR notation.
  std::vector<std::string> allow_private;
};

struct MailRequest {
  std::string from, to;  // bare addresses, ASCII
  std::string data;      // headers and body, lines ending in CRLF
  Duration deadline = seconds(30);
};

// How far the SMTP session came. Up to kData nothing can have been delivered. At kTaken the whole
// mail was sent, and only a reply determines the outcome.
enum class MailStep { kConnect, kGreeting, kTls, kLogin, kSender, kRecipient, kData, kTaken };
std::string_view to_string(MailStep step);

struct MailResult {
  bool accepted = false;
  MailStep step = MailStep::kConnect;
  int reply = 0;         // the server's last reply to that step; 0: none
  std::string enhanced;  // RFC 3463, "5.1.1"; "" if the server sent none
  bool blocked = false;  // the address is not allowed, or STARTTLS is not offered
  std::string detail;    // for a human; no addresses, no secrets
};

// A mail client that always verifies certificates (except MailTls::kNone). Thread-safe.
class MailClient {
 public:
  virtual ~MailClient() = default;  // aborts what is in progress
  // Sends a mail. Calls `done` exactly once, from any thread, at the latest shortly after the
  // deadline.
  virtual void send(MailRequest request, std::function<void(MailResult)> done) = 0;
};

}  // namespace baton
