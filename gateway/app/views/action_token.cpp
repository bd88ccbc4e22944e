#include "gateway/app/views/action_token.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "webhooks/edge/digest.h"

namespace baton {
namespace {

// Each use of the key signs its own prefix, so that a signature is valid for one use only.
constexpr std::string_view kTokenUse = "baton action token 1\n";
constexpr std::string_view kNonceUse = "baton page nonce 1\n";
constexpr std::string_view kClock = "/c:", kReopen = "/reopen";
constexpr char kSeparator = '\x1f';
constexpr std::size_t kLongest = 1024;

std::string base64url(std::string_view bytes) {
  auto text = encode(bytes, Encoding::kBase64);
  while (!text.empty() && text.back() == '=') text.pop_back();
  for (auto& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
  std::string plain(text);
  for (auto& c : plain) {
    if (c == '+' || c == '/') return std::nullopt;
    c = c == '-' ? '+' : c == '_' ? '/' : c;
  }
  plain.append((4 - plain.size() % 4) % 4, '=');
  return decode_base64(plain);
}

std::string mac(std::string_view use, std::string_view text, std::string_view key) {
  const std::array<std::string_view, 2> pieces{use, text};
  return key.empty() ? std::string() : hmac(Digest::kSha256, key, pieces);
}

bool signed_by_any(std::string_view use, std::string_view text, std::string_view given,
                   std::span<const std::string> keys) {
  bool good = false;
  for (const auto& key : keys) {
    const auto expected = mac(use, text, key);
    good |= !expected.empty() && equal_constant_time(expected, given);
  }
  return good;
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(kSeparator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

ActionSubject subject_of(const ActionClaims& claims) {
  const auto rest = std::string_view(claims.subject)
                        .substr(std::min(claims.subject.size(), claims.subject.find('/')));
  if (rest.starts_with(kClock)) return ActionSubject::kAlert;
  if (rest == kReopen) return ActionSubject::kReopen;
  return rest.starts_with("/t") ? ActionSubject::kTask : ActionSubject::kHandover;
}

std::string alert_subject(const LeadId& lead, const ClockId& clock) {
  return lead.str() + std::string(kClock) + clock.str();
}
std::string reopen_subject(const LeadId& lead) { return lead.str() + std::string(kReopen); }

ClockId clock_of(const ActionClaims& claims) {
  if (subject_of(claims) != ActionSubject::kAlert) return {};
  return ClockId(claims.subject.substr(claims.subject.find(kClock) + kClock.size()));
}

std::string_view to_string(TokenFault fault) {
  switch (fault) {
    case TokenFault::kMalformed:
      return "malformed";
    case TokenFault::kWrong:
      return "wrong";
    case TokenFault::kExpired:
      return "expired";
  }
  return "malformed";
}

std::string make_action_token(const ActionClaims& claims, std::string_view key) {
  std::string text = "1";
  for (const auto& part : {claims.lead.str(), claims.subject, claims.rep.str(), claims.language,
                           std::to_string(claims.expires.ms)})
    text.append(1, kSeparator).append(part);
  return base64url(text) + "." + base64url(mac(kTokenUse, text, key));
}

boost::system::result<ActionClaims, TokenFault> read_action_token(std::string_view token,
                                                                  std::span<const std::string> keys,
                                                                  Instant now) {
  const auto dot = token.find('.');
  if (token.size() > kLongest || dot == std::string_view::npos) return TokenFault::kMalformed;
  const auto text = from_base64url(token.substr(0, dot));
  const auto given = from_base64url(token.substr(dot + 1));
  if (!text || !given) return TokenFault::kMalformed;
  if (!signed_by_any(kTokenUse, *text, *given, keys)) return TokenFault::kWrong;
  const auto parts = split(*text);
  if (parts.size() != 6 || parts[0] != "1") return TokenFault::kMalformed;
  ActionClaims claims{
      LeadId(parts[1]), std::string(parts[2]), RepId(parts[3]), std::string(parts[4]), {}};
  const auto end = parts[5].data() + parts[5].size();
  const auto [at, ec] = std::from_chars(parts[5].data(), end, claims.expires.ms);
  if (ec != std::errc{} || at != end) return TokenFault::kMalformed;
  if (claims.expires <= now) return TokenFault::kExpired;
  return claims;
}

std::string make_page_nonce(std::string_view token, std::string_view random_text,
                            std::string_view key) {
  const auto text = std::string(token) + "\n" + std::string(random_text);
  return std::string(random_text) + "." + base64url(mac(kNonceUse, text, key));
}

bool check_page_nonce(std::string_view token, std::string_view nonce,
                      std::span<const std::string> keys) {
  const auto dot = nonce.find('.');
  if (nonce.size() > kLongest || dot == std::string_view::npos) return false;
  const auto given = from_base64url(nonce.substr(dot + 1));
  const auto text = std::string(token) + "\n" + std::string(nonce.substr(0, dot));
  return given && signed_by_any(kNonceUse, text, *given, keys);
}

}  // namespace baton
