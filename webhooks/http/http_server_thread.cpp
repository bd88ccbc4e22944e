#include "webhooks/http/http_server_thread.h"

#include <sys/socket.h>

#include <algorithm>
#include <cassert>

#include "webhooks/http/http_server_response.h"

namespace baton {
namespace {

constexpr std::size_t kLateATurn = 32;  // connections; a close takes some 20 us

std::int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

Instant wall_now() {
  return {std::chrono::duration_cast<std::chrono::milliseconds>(
              std::chrono::system_clock::now().time_since_epoch())
              .count()};
}

IpAddress to_address(const tcp::endpoint& endpoint) {
  const auto address = ip_from_socket(endpoint.data());
  assert(address.has_value());
  return *address;
}

std::string thread_place_of(const tcp::endpoint& endpoint) {
  return endpoint.address().to_string() + ':' + std::to_string(endpoint.port());
}

}  // namespace

ServerThread::ServerThread(Shared& shared)
    : shared_(shared),
      gate_(std::make_shared<IoGate>()),
      budget_(static_cast<std::ptrdiff_t>(shared.options.max_buffered) /
              std::max(1, shared.options.threads)) {
  gate_->io = &io_;
  post_ = std::make_shared<const Responder::Post>([gate = gate_](std::function<void()> f) {
    const std::lock_guard lock(gate->mutex);
    if (gate->io) asio::post(*gate->io, std::move(f));
  });
  now_ms_ = steady_ms();
  date_ = http_date(wall_now());
}

ServerThread::~ServerThread() {
  {
    const std::lock_guard lock(gate_->mutex);
    gate_->io = nullptr;
  }
  connections_.clear();
  handler_.reset();
}

void ServerThread::run() {
  accept();
  tick();
  io_.run();
  handler_.reset();
}

void ServerThread::begin_drain() {
  asio::post(io_, [this] { drain_now(); });
}

void ServerThread::force_end() {
  asio::post(io_, [this] {
    for (const auto& c : connections_) c->abort();
    io_.stop();
  });
}

Status ServerThread::listen(const tcp::endpoint& endpoint) {
  boost::system::error_code ec;
  acceptor_.open(endpoint.protocol(), ec);
  if (!ec) acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
  const int on = 1;
  if (!ec && setsockopt(acceptor_.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) != 0)
    ec = {errno, boost::system::system_category()};
  if (!ec) acceptor_.bind(endpoint, ec);
  if (!ec) acceptor_.listen(tcp::acceptor::max_listen_connections, ec);
  if (!ec) acceptor_.non_blocking(true, ec);
  if (ec)
    return error(Errc::kTransient, "cannot listen: " + ec.message(), thread_place_of(endpoint));
  return {};
}

void ServerThread::accept() {
  acceptor_.async_accept([this](boost::system::error_code ec, tcp::socket socket) {
    if (draining_ || ec == asio::error::operation_aborted) return;
    if (!ec) {
      take(std::move(socket));
      return accept();
    }
    // Most likely out of descriptors: connections stay in the queue until some are free.
    again_.expires_after(std::chrono::milliseconds(50));
    again_.async_wait([this](boost::system::error_code cancelled) {
      if (!cancelled && !draining_) accept();
    });
  });
}

void ServerThread::take(tcp::socket socket) {
  boost::system::error_code ec;
  const auto endpoint = socket.remote_endpoint(ec);
  if (ec) return;
  const auto peer = to_address(endpoint);
  if (!admit(peer)) {
    shared_.refused.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  shared_.accepted.fetch_add(1, std::memory_order_relaxed);
  socket.set_option(tcp::no_delay(true), ec);
  if (auto context = shared_.context()) {
    auto connection =
        std::make_shared<TlsConnection>(*this, peer, std::move(socket), std::move(context));
    keep(connection);
    connection->open();
  } else {
    auto connection = std::make_shared<PlainConnection>(*this, peer, std::move(socket));
    keep(connection);
    connection->open();
  }
}

void ServerThread::keep(std::shared_ptr<Connection> connection) {
  connection->set_place(connections_.size());
  connections_.push_back(std::move(connection));
}

void ServerThread::forget(Connection& connection) {
  const auto place = connection.place();
  assert(place < connections_.size() && connections_[place].get() == &connection);
  connections_.back()->set_place(place);
  std::swap(connections_[place], connections_.back());
  connections_.pop_back();
}

// One coarse timer serves all deadlines: a timer for each connection would cost two heap operations
// for each request. A deadline is late by at most one tick.
Duration ServerThread::tick_length() const {
  const auto& o = shared_.options;
  auto shortest = std::min(
      {o.header_timeout, o.body_timeout, o.idle_timeout, o.write_timeout, o.handler_timeout});
  return {std::clamp<std::int64_t>(shortest.ms / 8, 5, 250)};
}

void ServerThread::tick() {
  now_ms_ = steady_ms();
  date_ = http_date(wall_now());
  if (!sweeping_) sweep(connections_.size());
  if (draining_ && connections_.empty()) return io_.stop();
  timer_.expires_after(std::chrono::milliseconds(draining_ ? 5 : tick_length().ms));
  timer_.async_wait([this](boost::system::error_code ec) {
    if (!ec) tick();
  });
}

// Thousands of connections that opened together time out together. Some are closed, then other
// connections get a turn. Iterates from the end, because the last connection takes the place of a
// removed one.
void ServerThread::sweep(std::size_t from) {
  sweeping_ = false;
  std::size_t late = 0;
  for (auto i = std::min(from, connections_.size()); i > 0; --i) {
    if (late == kLateATurn) {
      sweeping_ = true;
      return asio::post(io_, [this, i] { sweep(i); });
    }
    late += connections_[i - 1]->check_deadline(now_ms_) ? 1 : 0;
  }
}

// A closed connection is still on the call stack, so it is removed afterwards.
void ServerThread::note_closed(Connection& connection) {
  shared_.limits.leave(connection.peer());
  asio::post(io_, [this, gone = connection.shared_from_this()] { forget(*gone); });
}

// If there is no room, many of the longest waiting connections are closed at once, because finding
// them means iterating over all.
bool ServerThread::admit(const IpAddress& peer) {
  const auto verdict = shared_.limits.admit(peer);
  if (verdict != ConnectionLimits::Verdict::kFull)
    return verdict == ConnectionLimits::Verdict::kAdmitted;
  return make_room() && shared_.limits.admit(peer) == ConnectionLimits::Verdict::kAdmitted;
}

std::vector<Expendable> ServerThread::expendable() const {
  std::vector<Expendable> found;
  found.reserve(connections_.size());
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    const auto& connection = *connections_[i];
    if (connection.expendable())
      found.push_back({i, connection.proved(), connection.since(), connection.held()});
  }
  return found;
}

bool ServerThread::make_room() {
  const auto chosen =
      longest_waiting(expendable(), std::max<std::size_t>(1, connections_.size() / 32));
  for (const auto index : chosen) connections_[index]->abort();
  shared_.shed.fetch_add(chosen.size(), std::memory_order_relaxed);
  return !chosen.empty();
}

void ServerThread::note_held(std::ptrdiff_t change) {
  held_ += change;
  if (change <= 0 || freeing_ || held_ <= budget_) return;
  freeing_ = true;
  asio::post(io_, [this] { free_memory(); });
}

void ServerThread::free_memory() {
  freeing_ = false;
  const auto wanted = held_ - budget_ / 4 * 3;
  if (wanted <= 0) return;
  const auto chosen = largest(expendable(), static_cast<std::size_t>(wanted));
  for (const auto index : chosen) connections_[index]->abort();
  shared_.shed.fetch_add(chosen.size(), std::memory_order_relaxed);
}

void ServerThread::drain_now() {
  if (draining_) return;
  // Peers in the kernel's queue have connected, and the close would reset them.
  for (;;) {
    boost::system::error_code ec;
    tcp::socket socket(io_);
    acceptor_.accept(socket, ec);
    if (ec) break;
    take(std::move(socket));
  }
  draining_ = true;
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  for (const auto& connection : connections_) connection->drain();
  timer_.cancel();
  tick();
}

}  // namespace baton
