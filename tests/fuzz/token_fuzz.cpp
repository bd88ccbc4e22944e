#include <string>
#include <vector>

#include "gateway/app/views/action_token.h"
#include "tests/fuzz/fuzz.h"

namespace baton::fuzz {
namespace {

constexpr Instant kNow{1'773'000'000'000};
const std::vector<std::string> kKeys{"the key of today 3e8c41", "the key of yesterday 90ab7f"};

bool plain(std::string_view text) {
  for (const unsigned char c : text) {
    if (c < 0x20) return false;
  }
  return true;
}

void flip(std::string& text, Input& input) {
  const std::size_t at = input.pick(256) * 256 + input.pick(256);
  text[at / 8 % text.size()] = static_cast<char>(text[at / 8 % text.size()] ^ (1 << at % 8));
}

void forge(std::string_view text) {
  require(!read_action_token(text, kKeys, kNow), "a stranger's token is refused");
  require(!read_action_token(text, {}, kNow), "without keys every token is refused");
  require(!check_page_nonce(text, text, kKeys), "a stranger's nonce is refused");
}

void make_and_flip(Input input) {
  Input choice(input.take(4));
  ActionClaims claims;
  claims.lead = LeadId(input.line());
  claims.subject = input.line();
  claims.rep = RepId(input.line());
  claims.language = input.line();
  claims.expires = kNow + milliseconds(1);
  auto token = make_action_token(claims, kKeys[choice.pick(kKeys.size())]);
  const auto read = read_action_token(token, kKeys, kNow);
  if (read) {
    require(read->lead == claims.lead && read->subject == claims.subject &&
                read->rep == claims.rep && read->language == claims.language &&
                read->expires == claims.expires,
            "claims are read back as they were");
  } else {
    require(token.size() > 1024 ||
                !plain(claims.lead.str() + claims.subject + claims.rep.str() + claims.language),
            "our own token is accepted");
  }
  require(!read_action_token(token, kKeys, claims.expires), "a token expires");
  const std::vector<std::string> nothing{""};
  require(!read_action_token(make_action_token(claims, ""), nothing, kNow),
          "an empty key signs nothing");
  auto nonce = make_page_nonce(token, "0123456789", kKeys[0]);
  require(token.size() > 1024 || check_page_nonce(token, nonce, kKeys),
          "our own nonce is accepted");
  const auto whole = nonce;
  flip(nonce, choice);
  require(!check_page_nonce(token, nonce, kKeys), "a flipped bit of a nonce is refused");
  flip(token, choice);
  require(!read_action_token(token, kKeys, kNow), "a flipped bit of a token is refused");
  require(!check_page_nonce(token, whole, kKeys), "a nonce belongs to one token");
}

void run(std::string_view bytes) {
  Input input(bytes);
  if (input.flag()) return forge(input.rest());
  make_and_flip(input);
}

const Target kTarget("token", run);

}  // namespace
}  // namespace baton::fuzz
