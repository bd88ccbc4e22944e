#include "gateway/store/seal/keyring.h"

#include <cstdlib>
#include <filesystem>

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "gateway/platform/files.h"
#include "tests/support/temp_folder.h"

namespace baton {
namespace {

TEST(Keyring, CreatesAMasterKeyThatOnlyTheOwnerCanReadAndFindsItAgain) {
  const TempFolder folder;
  std::string wrapped;
  Key key;
  {
    auto ring = Keyring::open(folder.path() + "/keys", "");
    ASSERT_TRUE(ring);
    key = (*ring)->new_key("person-1", wrapped);
  }
  struct stat info {};
  ASSERT_EQ(::stat((folder.path() + "/keys/master.key").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  auto again = Keyring::open(folder.path() + "/keys", "");
  ASSERT_TRUE(again);
  EXPECT_EQ((*again)->unwrap(wrapped, "person-1").value(), key);
}

TEST(Keyring, RefusesAnInvalidMasterKey) {
  const TempFolder folder;
  EXPECT_EQ(Keyring::open(folder.path(), "secret").error().code, Errc::kInvalidInput);
  EXPECT_TRUE(Keyring::open(folder.path(), std::string(64, 'a')));
  EXPECT_TRUE(Keyring::open(folder.path(), "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="));
}

TEST(Keyring, AWrappedKeyOpensOnlyForItsIdAndMasterKey) {
  const TempFolder folder;
  auto ring = Keyring::open(folder.path(), std::string(64, 'a'));
  auto other = Keyring::open(folder.path(), std::string(64, 'b'));
  std::string wrapped;
  (*ring)->new_key("person-1", wrapped);
  EXPECT_FALSE((*ring)->unwrap(wrapped, "person-2"));
  EXPECT_FALSE((*other)->unwrap(wrapped, "person-1"));
}

TEST(Seal, OpensAgainUnlessABitChanged) {
  Key key{};
  const std::string sealed = seal(key, "Erika Beispiel", "p:1");
  EXPECT_EQ(sealed.size(), 14 + kSealOverhead);
  EXPECT_EQ(unseal(key, sealed, "p:1").value(), "Erika Beispiel");
  EXPECT_FALSE(unseal(key, sealed, "p:2"));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(unseal(key, changed, "p:1")) << "byte " << i;
  }
  for (std::size_t cut = 0; cut < sealed.size(); ++cut)
    EXPECT_FALSE(unseal(key, sealed.substr(0, cut), "p:1"));
}

TEST(Seal, NeverRepeatsANonce) {
  Key key{};
  EXPECT_NE(seal(key, "same", "p"), seal(key, "same", "p"));
}

TEST(DayKeys, ChangeDailySurviveARestartAndCanBeDestroyed) {
  const TempFolder folder;
  auto ring = Keyring::open(folder.path(), std::string(64, 'a'));
  std::string first_id, same_id, next_id;
  const Instant monday = *parse_rfc3339("2026-03-09T10:00:00Z");
  const Key first = (*ring)->day_key(monday, first_id).value();
  (void)(*ring)->day_key(monday + hours(1), same_id).value();
  (void)(*ring)->day_key(monday + days(1), next_id).value();
  EXPECT_EQ(first_id, same_id);
  EXPECT_NE(first_id, next_id);

  auto again = Keyring::open(folder.path(), std::string(64, 'a'));
  EXPECT_EQ((*again)->day_key(first_id).value(), first);
  EXPECT_EQ((*again)->forget_day_keys(monday + days(9), 7).size(), 2U);
  EXPECT_EQ((*again)->day_key(next_id).error().code, Errc::kNotFound);
}

TEST(DayKeys, AnotherNodeAdoptsThem) {
  const TempFolder here, there;
  auto ring = Keyring::open(here.path(), std::string(64, 'a'));
  auto other = Keyring::open(there.path(), std::string(64, 'a'));
  std::string id;
  const Key key = (*ring)->day_key(Instant{0}, id).value();
  ASSERT_EQ((*other)->day_key(id).error().code, Errc::kNotFound);
  ASSERT_TRUE((*other)->adopt_day_key(id, (*ring)->wrapped_day_key(id).value()));
  EXPECT_EQ((*other)->day_key(id).value(), key);
  EXPECT_FALSE((*other)->adopt_day_key("../../etc/passwd", "x"));
}

}  // namespace
}  // namespace baton
