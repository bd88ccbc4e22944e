#include "gateway/platform/log.h"

#include <gmock/gmock.h>

namespace baton {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

std::string logged(std::string_view value, bool json) {
  set_log(LogLevel::kInfo, json);
  ::testing::internal::CaptureStderr();
  log_info("test", "said", {{"value", value}});
  return ::testing::internal::GetCapturedStderr();
}

TEST(Log, AValueCannotBreakItsLine) {
  for (const bool json : {true, false}) {
    const auto line = logged("a\r\nb\x1b[2J\x7f\"\\", json);
    EXPECT_THAT(line, HasSubstr("a\\u000d\\u000ab\\u001b[2J\\u007f\\\"\\\\"));
    EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  }
}

TEST(Log, EscapesControlsAndSeparatorsBeyondAsciiButNotLetters) {
  const auto line = logged("\u009b[2J \u0085 \u2028 \u2029 \u202e \u2066 ü € – 漢", true);
  EXPECT_THAT(line, HasSubstr("\\u009b[2J \\u0085 \\u2028 \\u2029 \\u202e \\u2066 ü € – 漢"));
}

TEST(Log, ALongValueIsTruncatedBetweenCharacters) {
  std::string umlauts = "x";
  for (int i = 0; i < 2000; ++i) umlauts += "ü";
  const auto line = logged(umlauts, true);
  EXPECT_LT(line.size(), 1300U);
  EXPECT_THAT(line, EndsWith("ü...\"}\n"));
}

}  // namespace
}  // namespace baton
