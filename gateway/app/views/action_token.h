#pragma once

#include <span>
#include <string>
#include <string_view>

#include "mapping/instant.h"
#include "mapping/result.h"

namespace baton {

// What a link is about: a handover ("p1.1/2"), a task ("p1.1/t3"), the alerts of a clock
// ("p1.1/c:first_contact#1"), or the way back of a lead that was ruled out ("p1.1/reopen").
enum class ActionSubject { kHandover, kTask, kAlert, kReopen };

// The link in an alert: /a/{token}. Whoever holds the token may act for the rep on this one
// subject until it expires; whether the rep may is checked again when they do. Nothing in it is
// about the customer.
struct ActionClaims {
  std::string lead;
  std::string handover;  // or the other subject's name
  std::string rep;
  std::string language;  // "de", "en"
  Instant expires;
};

ActionSubject subject_of(const ActionClaims& claims);
std::string alert_subject(std::string_view lead, std::string_view clock);
std::string reopen_subject(std::string_view lead);
std::string clock_of(const ActionClaims& claims);  // of a link about its alerts; else ""

enum class TokenFault {
  kMalformed,  // not a token
  kWrong,      // not signed by any of our keys
  kExpired,
};
std::string_view to_string(TokenFault fault);

// URL-safe: base64url(claims) "." base64url(HMAC-SHA256). The claims must hold no control
// characters.
std::string make_action_token(const ActionClaims& claims, std::string_view key);

// Any of the keys may have signed (rotation); each is compared in constant time. Claims are read
// only after the signature was found good.
boost::system::result<ActionClaims, TokenFault> read_action_token(std::string_view token,
                                                                  std::span<const std::string> keys,
                                                                  Instant now);

// A value the page carries and the POST brings back, so that one page acts once: random text and
// its MAC under the token.
std::string make_page_nonce(std::string_view token, std::string_view random_text,
                            std::string_view key);
bool check_page_nonce(std::string_view token, std::string_view nonce,
                      std::span<const std::string> keys);

}  // namespace baton
