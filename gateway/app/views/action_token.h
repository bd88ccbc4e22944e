#pragma once

#include <span>
#include <string>
#include <string_view>

#include "gateway/core/model/ids.h"
#include "mapping/instant.h"
#include "mapping/result.h"

namespace baton {

// The subject of a link: a handover ("p1.1/2"), a task ("p1.1/t3"), the alerts of a clock
// ("p1.1/c:first_contact#1"), or the return of a lead that was ruled out ("p1.1/reopen").
enum class ActionSubject { kHandover, kTask, kAlert, kReopen };

// The link in an alert: /a/{token}. The holder of the token may act for the rep on this one subject
// until it expires. The rep's permission is checked again at that time. The token contains no
// customer data.
struct ActionClaims {
  LeadId lead;
  std::string subject;  // id of the handover, or the other subject's name
  RepId rep;
  std::string language;  // "de", "en"
  Instant expires;
};

ActionSubject subject_of(const ActionClaims& claims);
std::string alert_subject(const LeadId& lead, const ClockId& clock);
std::string reopen_subject(const LeadId& lead);
ClockId clock_of(const ActionClaims& claims);  // for a link about its alerts; else ""

enum class TokenFault {
  kMalformed,  // not a token
  kWrong,      // not signed by any of our keys
  kExpired,
};
std::string_view to_string(TokenFault fault);

// URL-safe: base64url(claims) "." base64url(HMAC-SHA256). The claims must not contain control
// characters.
std::string make_action_token(const ActionClaims& claims, std::string_view key);

// Accepts a signature by any of the keys (rotation). Compares each in constant time. Parses the
// claims only after the signature was verified.
boost::system::result<ActionClaims, TokenFault> read_action_token(std::string_view token,
                                                                  std::span<const std::string> keys,
                                                                  Instant now);

// A value that the page contains and the POST returns, so that one page acts once: random text and
// its MAC under the token.
std::string make_page_nonce(std::string_view token, std::string_view random_text,
                            std::string_view key);
bool check_page_nonce(std::string_view token, std::string_view nonce,
                      std::span<const std::string> keys);

}  // namespace baton
