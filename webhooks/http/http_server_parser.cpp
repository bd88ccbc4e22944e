#include "webhooks/http/http_server_parser.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <charconv>

#include "webhooks/http/http_server_response.h"

namespace baton {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;

std::string_view view(beast::string_view s) { return {s.data(), s.size()}; }

bool same(std::string_view a, std::string_view b) {
  return beast::iequals(beast::string_view(a.data(), a.size()),
                        beast::string_view(b.data(), b.size()));
}

constexpr int kMostEmptyLines = 2;
constexpr std::size_t kKeptBody =
    64 * 1024;  // of a body's memory, reused for the next body of the connection

// Fields whose repetition would change the meaning of a message.
constexpr std::string_view kSingle[] = {"host",         "content-length",   "transfer-encoding",
                                        "content-type", "content-encoding", "authorization",
                                        "expect"};

// Readers disagree about line breaks other than CRLF, folds and control characters.
bool head_is_clean(std::string_view head) {
  for (std::size_t i = 0; i < head.size(); ++i) {
    const auto c = static_cast<unsigned char>(head[i]);
    if (c >= 0x20 && c != 0x7f) continue;
    if (c == '\t') continue;
    if (c != '\r' || i + 1 == head.size() || head[i + 1] != '\n') return false;
    ++i;
    if (i + 1 < head.size() && (head[i + 1] == ' ' || head[i + 1] == '\t')) return false;
  }
  return true;
}

bool has_token(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    const auto end = std::min(list.find(','), list.size());
    auto item = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    while (!item.empty() && (item.front() == ' ' || item.front() == '\t')) item.remove_prefix(1);
    while (!item.empty() && (item.back() == ' ' || item.back() == '\t')) item.remove_suffix(1);
    if (same(item, token)) return true;
  }
  return false;
}

}  // namespace

// Beast reads request line and fields.
class RequestParser::Head final : public http::basic_parser<true> {
 public:
  explicit Head(HttpIn& in) : in_(in) {}
  bool http10 = false;

 private:
  void on_request_impl(http::verb, beast::string_view method, beast::string_view target,
                       int version, beast::error_code&) override {
    in_.method = view(method);
    in_.target = view(target);
    http10 = version == 10;
  }
  void on_field_impl(http::field, beast::string_view name, beast::string_view value,
                     beast::error_code&) override {
    in_.headers.emplace_back(view(name), view(value));
  }
  // Parsing ends with the head.
  void on_response_impl(int, beast::string_view, int, beast::error_code&) override {}
  void on_header_impl(beast::error_code&) override {}
  void on_body_init_impl(boost::optional<std::uint64_t> const&, beast::error_code&) override {}
  std::size_t on_body_impl(beast::string_view, beast::error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view, beast::error_code&) override {
    return 0;
  }
  void on_finish_impl(beast::error_code&) override {}

  HttpIn& in_;
};

RequestParser::RequestParser(std::size_t max_header, std::size_t max_fields)
    : max_header_(max_header), max_fields_(max_fields) {}
RequestParser::~RequestParser() = default;

void RequestParser::reset() {
  in_.headers.clear();
  if (in_.body.capacity() > kKeptBody)
    in_.body = {};  // a large body must not keep its memory for the life of the connection
  in_.body.clear();
  in_.head.clear();
  in_.method = in_.target = in_.path = in_.query = {};
  phase_ = Phase::kHead;
  scanned_ = 0;
  empty_lines_ = 0;
  body_left_ = 0;
  chunked_ = keep_alive_ = wants_continue_ = false;
}

RequestParser::Step RequestParser::fail(int status, std::string_view code,
                                        std::string_view detail) {
  failure_ = problem(status, code, detail);
  failure_.close = true;
  return Step::kFailed;
}

RequestParser::Step RequestParser::feed(std::string_view bytes, std::size_t& used) {
  used = 0;
  if (phase_ == Phase::kHead) return feed_head(bytes, used);
  if (phase_ == Phase::kBody) return chunked_ ? feed_chunked(bytes, used) : feed_sized(bytes, used);
  return Step::kDone;
}

RequestParser::Step RequestParser::feed_head(std::string_view bytes, std::size_t& used) {
  // RFC 9112 2.2: ignore an empty line before the request line.
  std::size_t start = 0;
  for (; bytes.substr(start, 2) == "\r\n" && empty_lines_ < kMostEmptyLines; ++empty_lines_)
    start += 2;
  if (bytes.substr(start) == "\r") {
    used = start;
    return Step::kMore;
  }
  const auto text = bytes.substr(start);
  for (std::size_t at = text.find('\n', scanned_); at != std::string_view::npos;
       at = text.find('\n', at + 1)) {
    if (at == 0 || text[at - 1] != '\r')
      return fail(400, "malformed_request", "a line does not end in CRLF");
    if (at < 3 || text[at - 3] != '\r' || text[at - 2] != '\n') continue;
    if (at + 1 > max_header_) break;
    in_.head.assign(text.substr(0, at + 1));
    used = start + at + 1;
    return read_head();
  }
  scanned_ = text.empty() ? 0 : text.size() - 1;
  if (text.size() > max_header_)
    return fail(431, "header_too_large", "the request head is too large");
  used = start;
  return Step::kMore;
}

RequestParser::Step RequestParser::read_head() {
  if (!head_is_clean(in_.head))
    return fail(400, "malformed_request", "the head has a fold or a control character");
  Head head(in_);
  head.header_limit(static_cast<std::uint32_t>(max_header_) + 1);
  head.body_limit(boost::none);
  head.eager(false);
  beast::error_code ec;
  head.put(boost::asio::buffer(in_.head), ec);
  if (ec || !head.is_header_done())
    return fail(400, "malformed_request", "this is not an HTTP/1.1 request");
  if (in_.headers.size() > max_fields_)
    return fail(431, "header_too_large", "too many header fields");
  for (const auto name : kSingle) {
    if (in_.count(name) > 1)
      return fail(400, "duplicate_header", "a header field that must be single is repeated");
  }
  if (!read_target()) return fail(400, "malformed_request", "the request target is invalid");
  if (!head.http10 && in_.header("host").empty())
    return fail(400, "malformed_request", "Host is missing");
  return read_framing(head.http10);
}

bool RequestParser::read_target() {
  auto target = in_.target;
  if (target == "*") {
    in_.path = target;
    return true;
  }
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!same(target.substr(0, scheme.size()), scheme)) continue;
    const auto slash = std::min(target.find('/', scheme.size()), target.size());
    target.remove_prefix(slash);
    if (target.empty()) target = "/";
  }
  if (!target.starts_with('/') || target.find('#') != std::string_view::npos) return false;
  in_.target = target;
  const auto mark = target.find('?');
  in_.path = target.substr(0, mark);
  in_.query = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
  return true;
}

RequestParser::Step RequestParser::read_framing(bool http10) {
  const auto connection = in_.header("connection");
  keep_alive_ = !http10 && !has_token(connection, "close");
  const auto expect = in_.header("expect");
  if (!expect.empty() && !same(expect, "100-continue"))
    return fail(417, "expectation_failed", "unsupported expectation");
  wants_continue_ = !expect.empty() && !http10;
  if (in_.count("transfer-encoding") > 0) {
    if (in_.count("content-length") > 0)
      return fail(400, "malformed_request", "both a length and a transfer coding");
    if (http10) return fail(400, "malformed_request", "HTTP/1.0 has no transfer codings");
    if (!same(in_.header("transfer-encoding"), "chunked"))
      return fail(501, "transfer_coding", "chunked is the only supported transfer coding");
    chunked_ = true;
  } else if (in_.count("content-length") > 0) {
    if (read_length(in_.header("content-length")) == Step::kFailed) return Step::kFailed;
  }
  phase_ = has_body() ? Phase::kBody : Phase::kDone;
  return Step::kHead;
}

RequestParser::Step RequestParser::read_length(std::string_view text) {
  const auto end = text.data() + text.size();
  const auto [at, ec] = std::from_chars(text.data(), end, body_left_);
  if (ec != std::errc{} || at != end || text.size() > 18)
    return fail(400, "malformed_request", "Content-Length is not a number");
  return Step::kHead;
}

bool RequestParser::set_body_limit(std::size_t limit) {
  chunks_.reset(limit);
  if (body_left_ > limit) return false;
  if (body_left_ > 0 && body_left_ <= kKeptBody) in_.body.reserve(body_left_);
  return true;
}

std::optional<std::uint64_t> RequestParser::body_left() const {
  if (chunked_ && phase_ != Phase::kDone) return std::nullopt;
  return body_left_;
}

RequestParser::Step RequestParser::feed_sized(std::string_view bytes, std::size_t& used) {
  used = static_cast<std::size_t>(std::min<std::uint64_t>(body_left_, bytes.size()));
  in_.body.append(bytes.substr(0, used));
  body_left_ -= used;
  if (body_left_ > 0) return Step::kMore;
  phase_ = Phase::kDone;
  return Step::kDone;
}

RequestParser::Step RequestParser::feed_chunked(std::string_view bytes, std::size_t& used) {
  switch (chunks_.feed(bytes, used, in_.body)) {
    case ChunkReader::Step::kMore:
      return Step::kMore;
    case ChunkReader::Step::kDone:
      phase_ = Phase::kDone;
      return Step::kDone;
    case ChunkReader::Step::kBodyTooLarge:
      return fail(413, "too_large", "the body is too large");
    case ChunkReader::Step::kLineTooLong:
      return fail(431, "header_too_large", "a chunk header is too large");
    case ChunkReader::Step::kMalformed:
      break;
  }
  return fail(400, "malformed_request", "the chunks are malformed");
}

}  // namespace baton
