#include "webhooks/http/http_server_connection.h"

#include <algorithm>
#include <utility>

#include "webhooks/http/http_server_response.h"

namespace baton {
namespace {

constexpr std::size_t kFirstBuffer = 2 * 1024;  // keeps an idle connection cheap
constexpr std::size_t kLargestRead = 64 * 1024;
constexpr std::size_t kFlushAt =
    64 * 1024;  // responses of pipelined requests are collected up to this size
constexpr std::size_t kMostLingered = 16 * 1024 * 1024;
constexpr Duration kLinger = seconds(2);
// A request may be in flight when the drain begins.
constexpr Duration kLastChance = milliseconds(100);
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

Connection::Connection(ConnectionHost& host, const IpAddress& peer, bool tls)
    : host_(host),
      peer_(peer),
      parser_(host.options().max_header, host.options().max_fields),
      since_(host.now_ms()) {
  parser_.request().tls = tls;
  in_.resize(kFirstBuffer);
  weigh();
}

void Connection::weigh() {
  if (state_ == State::kClosed) return;
  const auto& request = parser_.request();
  const auto now = sizeof(*this) + in_.capacity() + out_.capacity() + request.head.capacity() +
                   request.body.capacity();
  if (now == held_) return;
  const auto change = static_cast<std::ptrdiff_t>(now) - static_cast<std::ptrdiff_t>(held_);
  held_ = now;
  host_.note_held(change);
}

void Connection::deadline_in(Duration d) { deadline_ = host_.now_ms() + d.ms; }

void Connection::expect_handshake() {
  state_ = State::kHandshake;
  deadline_in(host_.options().header_timeout);
}

void Connection::begin() {
  state_ = State::kIdle;
  deadline_in(host_.options().header_timeout);  // the first request must arrive soon
  read_more();
}

void Connection::proceed() {
  while (out_.size() < kFlushAt && !close_after_write_ && step()) {
  }
  if (state_ == State::kClosed || state_ == State::kHandling) return;
  if (!out_.empty()) {
    flush();
  } else if (close_after_write_) {
    end();
  } else {
    read_more();
  }
}

bool Connection::step() {
  if (state_ != State::kIdle && state_ != State::kHead && state_ != State::kBody) return false;
  if (state_ == State::kIdle) {
    if (begin_ == end_) return false;
    state_ = State::kHead;
    deadline_in(host_.options().header_timeout);
  }
  std::size_t used = 0;
  const auto result = parser_.feed({in_.data() + begin_, end_ - begin_}, used);
  begin_ += used;
  switch (result) {
    case RequestParser::Step::kMore:
      return false;
    case RequestParser::Step::kHead:
      return take_head();
    case RequestParser::Step::kDone:
      take_request();
      return state_ != State::kHandling;
    case RequestParser::Step::kFailed:
      break;
  }
  host_.note_malformed();
  linger_ = true;
  write_out(parser_.failure(), false);
  return false;
}

void Connection::resolve_client() {
  auto& request = parser_.request();
  request.client = peer_;
  const auto& options = host_.options();
  if (options.trusted_proxies.empty() || !any_contains(options.trusted_proxies, peer_)) return;
  const std::string_view name =
      options.forwarded_header == ForwardedHeader::kForwarded ? "forwarded" : "x-forwarded-for";
  if (request.count(name) == 0) return;
  std::vector<std::string_view> values;
  HttpIn one;
  for (const auto& field : request.headers) {
    one.headers.assign(1, field);
    if (one.count(name) == 1) values.push_back(field.second);
  }
  request.client = client_address(peer_, values, options.forwarded_header, options.trusted_proxies);
}

bool Connection::take_head() {
  resolve_client();
  auto verdict = host_.handler().on_head(parser_.request());
  if (verdict.refusal) {
    refuse(std::move(*verdict.refusal));
    return !close_after_write_;
  }
  if (!parser_.set_body_limit(verdict.max_body)) {
    refuse(problem(413, "too_large", "the body is too large"));
    return !close_after_write_;
  }
  state_ = State::kBody;
  if (!parser_.has_body()) return true;
  deadline_in(host_.options().body_timeout);
  if (!parser_.wants_continue() || begin_ != end_) return true;
  out_.append(kContinue);
  return false;
}

// Answers without reading the body. The connection survives only if the whole body has already
// arrived; receiving the rest is not worth the traffic.
void Connection::refuse(HttpOut out) {
  host_.note_request();
  const auto left = parser_.body_left();
  const bool here = left && *left <= end_ - begin_;
  if (here) begin_ += static_cast<std::size_t>(*left);
  linger_ = !here;
  write_out(std::move(out), here && parser_.keep_alive());
}

void Connection::take_request() {
  host_.note_request();
  state_ = State::kHandling;
  deadline_in(host_.options().handler_timeout);
  in_handler_ = true;
  host_.handler().handle(parser_.request(), Responder(weak_from_this(), exchange_, host_.post()));
  in_handler_ = false;
}

void Connection::answer(std::uint64_t exchange, HttpOut out) {
  if (state_ != State::kHandling || exchange != exchange_) return;
  const auto self = shared_from_this();
  write_out(std::move(out), parser_.keep_alive());
  if (!in_handler_) proceed();
}

void Connection::write_out(HttpOut out, bool keep_alive) {
  if (out.status < 300) proved_ = true;
  keep_alive = keep_alive && !out.close && !host_.draining();
  render_response(out, keep_alive, parser_.request().method == "HEAD", host_.date(), out_);
  close_after_write_ = !keep_alive;
  next_request();
}

void Connection::next_request() {
  ++exchange_;
  since_ = host_.now_ms();
  parser_.reset();
  if (begin_ == end_) begin_ = end_ = 0;
  state_ = State::kIdle;
  deadline_in(host_.options().idle_timeout);
}

void Connection::read_more() {
  if (reading_ || state_ == State::kClosed) return;
  if (begin_ == end_) begin_ = end_ = 0;
  if (end_ == in_.size()) {
    if (begin_ > 0) {
      std::copy(in_.begin() + static_cast<std::ptrdiff_t>(begin_), in_.end(), in_.begin());
      end_ -= begin_;
      begin_ = 0;
    } else {
      in_.resize(std::max(kFirstBuffer, in_.size() * 2));
    }
  } else if (state_ == State::kBody && end_ == 0 && in_.size() < kLargestRead &&
             parser_.body_left().value_or(0) > in_.size()) {
    in_.resize(kLargestRead);
  } else if (state_ == State::kIdle && end_ == 0 && in_.size() > kLargestRead / 4) {
    in_.resize(kFirstBuffer);
    in_.shrink_to_fit();
  }
  weigh();
  reading_ = true;
  start_read(in_.data() + end_, in_.size() - end_);
}

void Connection::on_read(bool ok, std::size_t n) {
  reading_ = false;
  if (state_ == State::kClosed) return;
  if (!ok) return close();
  if (state_ == State::kLinger) {
    lingered_ += n;
    if (lingered_ > kMostLingered) return close();
    begin_ = end_ = 0;
    return read_more();
  }
  if (close_after_write_) return;  // timed out; the refusal is being sent
  end_ += n;
  proceed();
}

void Connection::flush() {
  weigh();
  writing_ = true;
  deadline_in(host_.options().write_timeout);
  start_write(out_.data(), out_.size());
}

void Connection::on_written(bool ok) {
  writing_ = false;
  if (state_ == State::kClosed) return;
  if (!ok) return close();
  out_.clear();
  if (out_.capacity() > 4 * kFlushAt) out_.shrink_to_fit();
  if (close_after_write_) return end();
  const auto& o = host_.options();
  const auto idle = host_.draining() ? kLastChance : o.idle_timeout;
  deadline_in(state_ == State::kBody   ? o.body_timeout
              : state_ == State::kHead ? o.header_timeout
                                       : idle);
  proceed();
}

// Unread bytes would turn the close into a reset, which can overtake the response. Therefore
// whatever a refused sender still sends is read and dropped for a moment.
void Connection::end() {
  if (!linger_) return close();
  state_ = State::kLinger;
  deadline_in(kLinger);
  begin_ = end_ = 0;
  shutdown_send();
  read_more();
}

void Connection::close() {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  ++exchange_;
  host_.note_held(-static_cast<std::ptrdiff_t>(std::exchange(held_, 0)));
  host_.note_closed(*this);
  close_stream();
}

void Connection::abort() { close(); }

void Connection::drain() {
  if (state_ == State::kHandshake || state_ == State::kLinger) return close();
  if (state_ == State::kIdle && !writing_ && begin_ == end_) deadline_in(kLastChance);
}

bool Connection::check_deadline(std::int64_t now_ms) {
  if (state_ == State::kClosed || now_ms < deadline_) return false;
  if (state_ == State::kIdle || state_ == State::kLinger) {
    close();
    return true;
  }
  host_.note_timeout();
  if (writing_ || state_ == State::kHandshake) {
    close();
    return true;
  }
  const auto self = shared_from_this();
  linger_ = true;
  if (state_ == State::kHandling) {
    write_out(problem(503, "timeout", "the answer took too long"), false);
  } else {
    write_out(problem(408, "timeout", "the request took too long"), false);
  }
  flush();
  return true;
}

}  // namespace baton
