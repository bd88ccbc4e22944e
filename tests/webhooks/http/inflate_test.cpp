#include "webhooks/http/inflate.h"

#include <gmock/gmock.h>
#include <zlib.h>

#include <random>

namespace baton {
namespace {

std::string deflate_text(std::string_view text, int window) {
  z_stream z{};
  deflateInit2(&z, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&z, text.size()) + 64, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  ::deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

std::string gzip(std::string_view text) { return deflate_text(text, 15 + 16); }

TEST(Inflate, DecodesGzipAndBothDeflates) {
  const std::string text = R"({"email":"erika.beispiel@example.com"})";
  std::string out;
  EXPECT_EQ(inflate_body(gzip(text), Coding::kGzip, {}, out), Inflated::kOk);
  EXPECT_EQ(out, text);
  EXPECT_EQ(inflate_body(deflate_text(text, 15), Coding::kDeflate, {}, out), Inflated::kOk);
  EXPECT_EQ(out, text);
  EXPECT_EQ(inflate_body(deflate_text(text, -15), Coding::kDeflate, {}, out), Inflated::kOk);
  EXPECT_EQ(out, text);
}

TEST(Inflate, JoinsGzipMembers) {
  std::string out;
  EXPECT_EQ(inflate_body(gzip("one ") + gzip("two"), Coding::kGzip, {}, out), Inflated::kOk);
  EXPECT_EQ(out, "one two");
}

TEST(Inflate, StopsABombByRatioAndBySize) {
  const std::string bomb = gzip(std::string(50'000'000, 'a'));
  std::string out;
  EXPECT_EQ(inflate_body(bomb, Coding::kGzip, {.max_bytes = 1 << 30, .ratio = 100}, out),
            Inflated::kTooLarge);
  EXPECT_LE(out.size(), bomb.size() * 100);
  EXPECT_EQ(inflate_body(bomb, Coding::kGzip, {.max_bytes = 1 << 20, .ratio = 5000}, out),
            Inflated::kTooLarge);
  EXPECT_LE(out.size(), std::size_t{1} << 20);
}

TEST(Inflate, AllowsSmallBodiesToCompressWell) {
  const std::string text(60'000, ' ');
  std::string out;
  EXPECT_EQ(inflate_body(gzip(text), Coding::kGzip, {}, out), Inflated::kOk);
  EXPECT_EQ(out.size(), text.size());
}

TEST(Inflate, RefusesTruncatedOrChangedBytes) {
  std::mt19937_64 random(3);
  std::string text(3000, '\0');
  for (auto& c : text) c = static_cast<char>('a' + random() % 20);
  const auto whole = gzip(text);
  std::string out;
  for (std::size_t n = 0; n < whole.size(); ++n)
    ASSERT_EQ(inflate_body(std::string_view(whole).substr(0, n), Coding::kGzip, {}, out),
              Inflated::kMalformed)
        << n;
  for (int i = 0; i < 300; ++i) {
    auto flipped = whole;
    flipped[10 + random() % (flipped.size() - 10)] ^= static_cast<char>(1U << (random() % 8));
    ASSERT_NE(inflate_body(flipped, Coding::kGzip, {}, out), Inflated::kOk) << i;
  }
  EXPECT_EQ(inflate_body(whole + "rest", Coding::kGzip, {}, out), Inflated::kMalformed);
  EXPECT_EQ(inflate_body("", Coding::kDeflate, {}, out), Inflated::kMalformed);
}

TEST(Inflate, RecognisesCodings) {
  EXPECT_EQ(parse_coding(""), Coding::kIdentity);
  EXPECT_EQ(parse_coding("GZip"), Coding::kGzip);
  EXPECT_EQ(parse_coding("x-gzip"), Coding::kGzip);
  EXPECT_EQ(parse_coding("deflate"), Coding::kDeflate);
  EXPECT_FALSE(parse_coding("br"));
  EXPECT_FALSE(parse_coding("gzip, gzip"));
  EXPECT_FALSE(parse_coding("gzip,"));
}

}  // namespace
}  // namespace baton
