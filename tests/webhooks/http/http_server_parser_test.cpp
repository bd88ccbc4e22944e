#include "webhooks/http/http_server_parser.h"

#include <gmock/gmock.h>

#include <random>

namespace baton {
namespace {

using Step = RequestParser::Step;

struct Read {
  Step step = Step::kMore;
  int status = 0;
  std::string body, path;
  std::size_t used = 0;
};

// Feeds the bytes in pieces like a connection: unused bytes are passed again with the next piece.
Read read(std::string_view bytes, std::size_t piece, std::size_t max_body = 1 << 20) {
  RequestParser parser(16 * 1024, 100);
  Read result;
  std::size_t offered = 0;
  while (offered < bytes.size()) {
    offered = std::min(bytes.size(), offered + piece);
    for (;;) {
      std::size_t used = 0;
      result.step = parser.feed(bytes.substr(result.used, offered - result.used), used);
      result.used += used;
      if (result.step != Step::kHead) break;
      if (!parser.set_body_limit(max_body)) {
        result.step = Step::kFailed;
        result.status = 413;
        return result;
      }
    }
    if (result.step != Step::kMore) break;
  }
  if (result.step == Step::kFailed) result.status = parser.failure().status;
  result.body = parser.request().body;
  result.path = std::string(parser.request().path);
  return result;
}

struct Case {
  const char* what;
  std::string bytes;
  int status;  // 0: accepted
};

std::vector<Case> cases() {
  const std::string line = "POST /hooks/a HTTP/1.1\r\n";
  const std::string start = line + "Host: h\r\n";
  return {
      {"both lengths", start + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       400},
      {"both lengths, other order",
       start + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400},
      {"two different lengths", start + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
       400},
      {"two equal lengths", start + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400},
      {"a list of lengths", start + "Content-Length: 5, 5\r\n\r\nhello", 400},
      {"a signed length", start + "Content-Length: +5\r\n\r\nhello", 400},
      {"a negative length", start + "Content-Length: -5\r\n\r\nhello", 400},
      {"a hexadecimal length", start + "Content-Length: 0x5\r\n\r\nhello", 400},
      {"a huge length", start + "Content-Length: 18446744073709551621\r\n\r\nhello", 400},
      {"an empty length", start + "Content-Length:\r\n\r\n", 400},
      {"obs-fold", start + "X-A: b\r\n c\r\nContent-Length: 0\r\n\r\n", 400},
      {"obs-fold on the length", start + "Content-Length:\r\n 5\r\n\r\nhello", 400},
      {"bare LF lines", "POST /hooks/a HTTP/1.1\nHost: h\nContent-Length: 0\n\n", 400},
      {"bare LF in a field", start + "X-A: b\nContent-Length: 5\r\n\r\nhello", 400},
      {"bare CR in a field", start + "X-A: b\rContent-Length: 5\r\nContent-Length: 0\r\n\r\n", 400},
      {"NUL in a field", start + std::string("X-A: b\0c\r\n\r\n", 12), 400},
      {"blank before the colon", start + "Content-Length : 5\r\n\r\nhello", 400},
      {"blank before the name", line + " Host: h\r\n\r\n", 400},
      {"chunked twice",
       start + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"an unknown coding", start + "Transfer-Encoding: xchunked\r\n\r\n", 501},
      {"stacked codings", start + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
      {"chunked, then identity", start + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
       501},
      {"chunked by HTTP/1.0",
       "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"chunk size not hexadecimal",
       start + "Transfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n0\r\n\r\n", 400},
      {"chunk size beyond 64 bits",
       start + "Transfer-Encoding: chunked\r\n\r\n10000000000000005\r\nhello\r\n", 400},
      {"chunk size with bare LF", start + "Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n",
       400},
      {"chunk longer than it says",
       start + "Transfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n", 400},
      {"chunks", start + "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", 0},
      {"chunk extensions",
       start + "Transfer-Encoding: chunked\r\n\r\n5;a=b;c=\"d\"\r\nhello\r\n0\r\n\r\n", 0},
      {"a trailer",
       start + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Late: 1\r\n\r\n", 0},
      {"a length in the trailer",
       start + "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 4\r\n\r\n", 400},
      {"no Host", line + "Content-Length: 0\r\n\r\n", 400},
      {"two Hosts", start + "Host: i\r\n\r\n", 400},
      {"two content types", start + "Content-Type: a/b\r\nContent-Type: c/d\r\n\r\n", 400},
      {"two authorizations", start + "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n",
       400},
      {"HTTP/0.9", "GET /\r\n\r\n", 400},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
      {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: h\r\n\r\n", 400},
      {"HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", 0},
      {"two blanks", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"a fragment", "GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"an authority", "CONNECT example.com:443 HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"an absolute target", "GET http://other.example/hooks/a?x=1 HTTP/1.1\r\nHost: h\r\n\r\n", 0},
      {"an empty line first", "\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", 0},
      {"an unknown expectation", start + "Expect: a-miracle\r\nContent-Length: 0\r\n\r\n", 417},
      {"100 kB of header", start + "X-A: " + std::string(100'000, 'a') + "\r\n\r\n", 431},
      {"100 kB of target", "GET /" + std::string(100'000, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n",
       431},
      {"a TLS hello", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15), 400},
  };
}

TEST(HttpParser, HasOneInterpretationOrRefuses) {
  for (const auto& c : cases()) {
    const auto whole = read(c.bytes, c.bytes.size());
    EXPECT_EQ(whole.status, c.status) << c.what;
    EXPECT_EQ(whole.step, c.status == 0 ? Step::kDone : Step::kFailed) << c.what;
  }
}

TEST(HttpParser, ReadsTheSameHoweverTheBytesAreCut) {
  std::mt19937_64 random(20'260'309);
  for (const auto& c : cases()) {
    const auto whole = read(c.bytes, c.bytes.size());
    for (const std::size_t piece :
         {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t(5 + random() % 60)}) {
      if (c.bytes.size() > 10'000 && piece < 5) continue;
      const auto cut = read(c.bytes, piece);
      EXPECT_EQ(cut.status, whole.status) << c.what << " in pieces of " << piece;
      EXPECT_EQ(cut.body, whole.body) << c.what << " in pieces of " << piece;
      if (whole.step != Step::kDone) continue;
      EXPECT_EQ(cut.used, whole.used) << c.what;
    }
  }
}

TEST(HttpParser, LeavesTheNextRequestAlone) {
  const std::string first = "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello";
  const auto result = read(first + "GET /b HTTP/1.1\r\n", 4096);
  EXPECT_EQ(result.step, Step::kDone);
  EXPECT_EQ(result.used, first.size());
  EXPECT_EQ(result.body, "hello");
}

TEST(HttpParser, ReadsPathAndQueryOfAnAbsoluteTarget) {
  RequestParser parser(16 * 1024, 100);
  std::size_t used = 0;
  ASSERT_EQ(parser.feed("GET https://x.example/hooks/a?b=c HTTP/1.1\r\nHost: h\r\n\r\n", used),
            Step::kHead);
  EXPECT_EQ(parser.request().path, "/hooks/a");
  EXPECT_EQ(parser.request().query, "b=c");
  EXPECT_EQ(parser.request().target, "/hooks/a?b=c");
}

TEST(HttpParser, DropsTrailers) {
  RequestParser parser(16 * 1024, 100);
  const std::string bytes =
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
      "chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Signature: forged\r\n\r\n";
  std::size_t used = 0;
  ASSERT_EQ(parser.feed(bytes, used), Step::kHead);
  ASSERT_TRUE(parser.set_body_limit(100));
  std::size_t more = 0;
  ASSERT_EQ(parser.feed(std::string_view(bytes).substr(used), more), Step::kDone);
  EXPECT_EQ(parser.request().header("x-signature"), "");
  EXPECT_EQ(parser.request().body, "hello");
}

TEST(HttpParser, StopsChunksAtTheLimit) {
  std::string bytes = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 40; ++i) bytes += "64\r\n" + std::string(100, 'x') + "\r\n";
  EXPECT_EQ(read(bytes, 512, 1000).status, 413);
}

TEST(HttpParser, RefusesEndlessChunkExtensions) {
  std::string bytes = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 50; ++i) bytes += "1;" + std::string(4000, 'e') + "\r\nx\r\n";
  EXPECT_EQ(read(bytes, 4096, 1000).status, 413);
  EXPECT_EQ(read("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;" +
                     std::string(30'000, 'e'),
                 4096)
                .status,
            431);
}

TEST(HttpParser, SurvivesRandomBytes) {
  std::mt19937_64 random(7);
  constexpr std::string_view kPieces[] = {"POST ",
                                          "/ HTTP/1.1",
                                          "\r\n",
                                          "Host: h",
                                          "\n",
                                          "\r",
                                          "\r\n\r\n",
                                          ":",
                                          " ",
                                          "Transfer-Encoding: chunked",
                                          "Content-Length: 3",
                                          "0",
                                          "5;a",
                                          "\t",
                                          "xyz"};
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes =
        random() % 2 ? "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" : "";
    for (std::uint64_t n = random() % 12; n > 0; --n)
      bytes += kPieces[random() % std::size(kPieces)];
    const auto whole = read(bytes, bytes.size() + 1, 64);
    const auto cut = read(bytes, 1 + random() % 7, 64);
    ASSERT_EQ(whole.step, cut.step) << "round " << round << ": " << bytes;
    if (whole.step != Step::kDone) continue;
    ASSERT_EQ(whole.used, cut.used) << "round " << round << ": " << bytes;
  }
}

}  // namespace
}  // namespace baton
