#include "gateway/app/views/action_token.h"
#include "tests/support/ids.h"

#include <gmock/gmock.h>

#include <vector>

namespace baton {
namespace {

constexpr Instant kNow{1'772'000'000'000};
const ActionClaims kClaims{"p1.1"_lead, "p1.1/2", "anna"_rep, "de", kNow + hours(1)};
const std::vector<std::string> kKeys{"new key of thirty-two characters",
                                     "old key of thirty-two characters"};

TEST(ActionToken, RoundTrips) {
  const auto token = make_action_token(kClaims, kKeys[0]);
  const auto claims = read_action_token(token, kKeys, kNow);
  ASSERT_TRUE(claims.has_value());
  EXPECT_EQ(claims->lead, "p1.1");
  EXPECT_EQ(claims->subject, "p1.1/2");
  EXPECT_EQ(claims->rep, "anna");
  EXPECT_EQ(claims->language, "de");
  EXPECT_EQ(claims->expires, kClaims.expires);
  EXPECT_EQ(
      token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."),
      std::string::npos);
}

TEST(ActionToken, AnyKeyOfARotationVerifies) {
  EXPECT_TRUE(read_action_token(make_action_token(kClaims, kKeys[1]), kKeys, kNow).has_value());
  const auto other =
      read_action_token(make_action_token(kClaims, "a key of another gateway"), kKeys, kNow);
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error(), TokenFault::kWrong);
  EXPECT_FALSE(read_action_token(make_action_token(kClaims, ""), std::vector<std::string>{""}, kNow)
                   .has_value());
}

TEST(ActionToken, OneChangedCharacterIsNeverAccepted) {
  const auto token = make_action_token(kClaims, kKeys[0]);
  for (std::size_t i = 0; i < token.size(); ++i) {
    auto changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(read_action_token(changed, kKeys, kNow).has_value()) << i;
  }
  for (std::size_t n = 0; n < token.size(); ++n)
    EXPECT_FALSE(read_action_token(std::string_view(token).substr(0, n), kKeys, kNow).has_value())
        << n;
}

TEST(ActionToken, Expires) {
  const auto token = make_action_token(kClaims, kKeys[0]);
  EXPECT_TRUE(read_action_token(token, kKeys, kClaims.expires - milliseconds(1)).has_value());
  const auto late = read_action_token(token, kKeys, kClaims.expires);
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error(), TokenFault::kExpired);
}

TEST(ActionToken, RefusesOtherText) {
  for (const auto& text : {std::string(), std::string("."), std::string("a.b.c"),
                           std::string("++.//"), std::string(2000, 'a')})
    EXPECT_FALSE(read_action_token(text, kKeys, kNow).has_value()) << text;
}

TEST(PageNonce, BelongsToItsToken) {
  const auto nonce = make_page_nonce("token", "r4nd0m", kKeys[0]);
  EXPECT_TRUE(check_page_nonce("token", nonce, kKeys));
  EXPECT_FALSE(check_page_nonce("other", nonce, kKeys));
  EXPECT_FALSE(check_page_nonce("token", "r4nd0n" + nonce.substr(6), kKeys));
  EXPECT_FALSE(check_page_nonce("token", "r4nd0m", kKeys));
  EXPECT_FALSE(check_page_nonce("token", "", kKeys));
}

}  // namespace
}  // namespace baton
