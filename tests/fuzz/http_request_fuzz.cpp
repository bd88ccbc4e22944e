#include <algorithm>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz.h"
#include "webhooks/edge/edge_request.h"
#include "webhooks/http/http_server_parser.h"

namespace baton::fuzz {
namespace {

constexpr std::size_t kMaxHeader = 512, kMaxFields = 12, kMaxBody = 2048;

// Feeds a connection's bytes in the pieces in which they arrive, like
// webhooks/http/http_server_connection.cpp, and records what was understood.
class Reader {
 public:
  // Returns false if the connection must be closed.
  bool arrive(std::string_view bytes) {
    pending_.append(bytes);
    for (;;) {
      std::size_t used = 0;
      const auto step = parser_.feed(pending_, used);
      require(used <= pending_.size(), "a parser uses only the bytes it was given");
      pending_.erase(0, used);
      if (step == RequestParser::Step::kMore) return true;
      if (step == RequestParser::Step::kFailed) return refuse();
      if (step == RequestParser::Step::kHead && !parser_.set_body_limit(kMaxBody)) return refuse();
      if (step != RequestParser::Step::kDone) continue;
      note(parser_.request());
      parser_.reset();
    }
  }
  const std::vector<std::string>& understood() const { return understood_; }

 private:
  bool refuse() {
    understood_.emplace_back("refused");
    return false;
  }

  void note(const HttpIn& in) {
    require(!in.method.empty() && (in.path.starts_with('/') || in.path == "*"),
            "a request has a method and a path");
    require(in.body.size() <= kMaxBody && in.headers.size() <= kMaxFields,
            "a request stays within the limits");
    require(
        in.count("host") <= 1 && in.count("content-length") + in.count("transfer-encoding") <= 1,
        "a request has one host and one framing");
    std::string text;
    text.append(in.method).append(" ").append(in.target).append("\n");
    for (const auto& [name, value] : in.headers) {
      require(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos,
              "a field is one line");
      text.append(name).append(": ").append(value).append("\n");
    }
    understood_.push_back(text + in.body);
  }

  RequestParser parser_{kMaxHeader, kMaxFields};
  std::string pending_;
  std::vector<std::string> understood_;
};

void read_requests(Input input) {
  // Up to eight cuts; the rest is one piece.
  std::vector<std::size_t> cuts;
  for (auto n = input.pick(9); n > 0; --n) cuts.push_back(input.pick(64));
  const auto bytes = input.rest();
  Reader whole, sliced, dripped;
  whole.arrive(bytes);
  auto rest = bytes;
  bool alive = true;
  for (const auto cut : cuts) {
    if (alive) alive = sliced.arrive(rest.substr(0, cut));
    rest.remove_prefix(std::min(cut, rest.size()));
  }
  if (alive) sliced.arrive(rest);
  alive = true;
  for (std::size_t i = 0; i < bytes.size() && alive; ++i)
    alive = dripped.arrive(bytes.substr(i, 1));
  require(whole.understood() == sliced.understood(), "the cuts of a request change nothing");
  require(whole.understood() == dripped.understood(), "a request is the same byte by byte");
}

void read_chunks(Input input) {
  ChunkReader reader;
  reader.reset(kMaxBody);
  std::string body, pending;
  auto rest = input.rest();
  auto step = ChunkReader::Step::kMore;
  while (!rest.empty() && step == ChunkReader::Step::kMore) {
    const auto n =
        std::min<std::size_t>(rest.size(), 1 + static_cast<unsigned char>(rest.front()) % 7);
    pending.append(rest.substr(0, n));
    rest.remove_prefix(n);
    std::size_t used = 0;
    step = reader.feed(pending, used, body);
    require(used <= pending.size() && body.size() <= kMaxBody,
            "a chunked body stays within its limit");
    pending.erase(0, used);
  }
}

void read_target(Input input) {
  const auto path = input.line();
  if (const auto route = parse_hook_path(path)) {
    require(!route->source.empty() && route->source.find('/') == std::string_view::npos,
            "a source is one segment");
  }
  std::vector<std::pair<std::string, std::string>> pairs;
  parse_query(input.rest(), pairs);
  require(pairs.size() <= 128, "a query has at most 128 pairs");
  require(percent_decode(input.rest(), true).size() <= input.rest().size(),
          "decoding makes nothing longer");
}

void run(std::string_view bytes) {
  Input input(bytes);
  switch (input.pick(3)) {
    case 0:
      return read_requests(input);
    case 1:
      return read_chunks(input);
    default:
      return read_target(input);
  }
}

const Target kTarget("http_request", run);

}  // namespace
}  // namespace baton::fuzz
