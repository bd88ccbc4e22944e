#include "tests/siege/attack.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdlib>

#include <fmt/format.h>

namespace baton::siege {
namespace {

constexpr std::size_t kPiece = 64 * 1024;
constexpr std::size_t kStep = 4 * kPiece;  // bytes of a stream per step
constexpr int kConnectsAStep = 200;
constexpr double kPause = 1.0;  // average time until an attacker connects again
constexpr std::uint64_t kHugeBody = 600'000'000, kLargeBody = 1'000'000;
constexpr std::size_t kLargeHead = 15'000;
constexpr int kAddresses = 253;
constexpr std::array<std::pair<Kind, std::string_view>, 11> kNames{
    {{Kind::kIdle, "idle"},
     {Kind::kHalf, "half"},
     {Kind::kHoard, "hoard"},
     {Kind::kHeads, "heads"},
     {Kind::kBody, "body"},
     {Kind::kChunks, "chunks"},
     {Kind::kHeader, "header"},
     {Kind::kForged, "forged"},
     {Kind::kOneAddress, "one_address"},
     {Kind::kStray, "stray"},
     {Kind::kChurn, "churn"}}};

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

bool is_flood(Kind kind) {
  return kind == Kind::kForged || kind == Kind::kOneAddress || kind == Kind::kStray ||
         kind == Kind::kChurn;
}

bool is_stream(Kind kind) {
  return kind == Kind::kBody || kind == Kind::kChunks || kind == Kind::kHeader;
}

// Attackers act independently: each has its own rhythm, from half to one and a half of the average.
double spread(int number) { return 0.5 + static_cast<double>(number * 37 % 100) / 100; }

struct Slot {
  Kind kind = Kind::kIdle;
  int number = 0;  // within its kind
  int fd = -1;
  bool busy = false;  // waits for an answer
  double next = 0;    // when to connect again, or to send the next byte
  std::string out;    // to be sent
  std::string in;
};

// The status and length of a complete answer at the front of the text; nothing if it is incomplete.
std::optional<std::pair<int, std::size_t>> answer_in(std::string_view text) {
  const auto head = text.find("\r\n\r\n");
  if (head == std::string_view::npos || text.size() < 12) return std::nullopt;
  std::size_t body = 0;
  constexpr std::string_view kField = "Content-Length: ";
  if (const auto field = text.substr(0, head).find(kField); field != std::string_view::npos)
    std::from_chars(text.data() + field + kField.size(), text.data() + head, body);
  if (text.size() < head + 4 + body) return std::nullopt;
  int status = 0;
  std::from_chars(text.data() + 9, text.data() + 12, status);
  return std::pair{status, head + 4 + body};
}

}  // namespace

std::optional<Kind> parse_kind(std::string_view name) {
  for (const auto& [kind, text] : kNames) {
    if (text == name) return kind;
  }
  return std::nullopt;
}

std::string_view to_string(Kind kind) {
  for (const auto& [known, text] : kNames) {
    if (known == kind) return text;
  }
  return "";
}

void raise_descriptors() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

class Attackers::Impl {
 public:
  Impl(std::uint16_t port, std::string path, std::string body)
      : port_(port), path_(std::move(path)), body_(std::move(body)) {}
  ~Impl() {
    for (const auto& slot : slots_) {
      if (slot->fd >= 0) ::close(slot->fd);
    }
    ::close(epoll_);
  }

  void send(const Force& force) {
    for (int i = 0; i < force.connections; ++i) {
      auto slot = std::make_unique<Slot>();
      slot->kind = force.kind;
      slot->number = i;
      slots_.push_back(std::move(slot));
    }
    if (is_flood(force.kind)) floods_[force.kind] = {force.rate, now(), 0};
  }

  void step(int milliseconds);
  bool in_place() const {
    return std::all_of(slots_.begin(), slots_.end(),
                       [](const auto& s) { return s->kind == Kind::kChurn || s->fd >= 0; });
  }
  const std::map<Kind, Tally>& tallies() const { return tallies_; }

 private:
  struct Flood {
    double rate = 0, begun = 0;
    std::uint64_t sent = 0;
  };

  std::string opening(const Slot& slot) const;
  std::string forgery(const Slot& slot);
  void connect(Slot& slot);
  void leave(Slot& slot, double pause);
  void act(Slot& slot, double at);
  void flood(Slot& slot);
  void write(Slot& slot);
  void read(Slot& slot);

  const std::uint16_t port_;
  const std::string path_, body_;
  const std::string filler_ = std::string(kPiece, 'x');
  const std::string chunk_ = fmt::format("{:x}\r\n{}\r\n", kPiece, filler_);
  int epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  std::vector<std::unique_ptr<Slot>> slots_;
  std::map<Kind, Flood> floods_;
  std::map<Kind, Tally> tallies_;
  std::uint64_t forgeries_ = 0;
  std::size_t turn_ = 0;
  int connects_left_ = 0;
};

std::string Attackers::Impl::opening(const Slot& slot) const {
  const auto head =
      fmt::format("POST {} HTTP/1.1\r\nHost: siege\r\nContent-Type: application/json\r\n", path_);
  switch (slot.kind) {
    case Kind::kHalf:
      return head + "X-Slow: ";
    case Kind::kHeads:
      return head + "X-Large: " + filler_.substr(0, kLargeHead);
    case Kind::kHeader:
      return head + "X-Huge: ";
    case Kind::kBody:
      return head + fmt::format("Content-Length: {}\r\n\r\n", kHugeBody);
    case Kind::kChunks:
      return head + "Transfer-Encoding: chunked\r\n\r\n";
    case Kind::kHoard: {
      auto text = head + fmt::format("Content-Length: {}\r\n\r\n", kLargeBody);
      return text.append(kLargeBody - 1, 'x');
    }
    default:
      return {};
  }
}

std::string Attackers::Impl::forgery(const Slot& slot) {
  const auto path = slot.kind == Kind::kStray ? fmt::format("/wp-admin/{}", forgeries_) : path_;
  // A current time stamp and a well-formed signature: only the digest shows that it is forged.
  const auto stamp = std::chrono::duration_cast<std::chrono::seconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
  return fmt::format(
      "POST {} HTTP/1.1\r\nHost: siege\r\nContent-Type: application/json\r\nContent-Length: "
      "{}\r\nwebhook-id: forged_{}\r\n"
      "webhook-timestamp: {}\r\nwebhook-signature: "
      "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=\r\n\r\n{}",
      path, body_.size(), ++forgeries_, stamp, body_);
}

void Attackers::Impl::connect(Slot& slot) {
  slot.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (slot.fd < 0) return leave(slot, kPause);
  const int on = 1;
  ::setsockopt(slot.fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  sockaddr_in from{}, to{};
  from.sin_family = to.sin_family = AF_INET;
  const auto host =
      slot.kind == Kind::kOneAddress ? 2U : 2U + static_cast<unsigned>(slot.number % kAddresses);
  from.sin_addr.s_addr = htonl((127U << 24) + host);
  to.sin_port = htons(port_);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool bound = ::bind(slot.fd, reinterpret_cast<sockaddr*>(&from), sizeof from) == 0;
  if (!bound || (::connect(slot.fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0 &&
                 errno != EINPROGRESS))
    return leave(slot, kPause);
  ++tallies_[slot.kind].connects;
  epoll_event event{};
  event.events = EPOLLIN | EPOLLRDHUP;
  event.data.ptr = &slot;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, slot.fd, &event);
  slot.busy = false;
  slot.in.clear();
  slot.out = opening(slot);
  slot.next = now() + spread(slot.number);
}

void Attackers::Impl::leave(Slot& slot, double pause) {
  if (slot.fd >= 0) ::close(slot.fd);
  slot.fd = -1;
  slot.out = {};
  slot.next = now() + pause * spread(slot.number);
}

void Attackers::Impl::flood(Slot& slot) {
  auto& flood = floods_[slot.kind];
  if (slot.busy || static_cast<double>(flood.sent) > (now() - flood.begun) * flood.rate) return;
  ++flood.sent;
  if (slot.kind == Kind::kChurn) return leave(slot, 0);
  slot.out = forgery(slot);
  slot.busy = true;
}

void Attackers::Impl::act(Slot& slot, double at) {
  if (slot.fd < 0) {
    if (at < slot.next || connects_left_ == 0) return;
    --connects_left_;
    return connect(slot);
  }
  if (is_flood(slot.kind)) flood(slot);
  if (slot.kind == Kind::kHalf && at >= slot.next && slot.out.empty()) {
    slot.out = "x";
    slot.next = at + spread(slot.number);
  }
  if (slot.fd < 0) return;
  for (std::size_t sent = 0;
       is_stream(slot.kind) && slot.fd >= 0 && slot.out.empty() && sent < kStep; sent += kPiece) {
    slot.out = slot.kind == Kind::kChunks ? chunk_ : filler_;
    write(slot);
  }
  if (slot.fd >= 0 && !slot.out.empty()) write(slot);
}

void Attackers::Impl::write(Slot& slot) {
  const auto n = ::send(slot.fd, slot.out.data(), slot.out.size(), MSG_NOSIGNAL);
  if (n > 0) {
    tallies_[slot.kind].bytes += static_cast<std::uint64_t>(n);
    slot.out.erase(0, static_cast<std::size_t>(n));
    if (slot.out.empty()) slot.out.shrink_to_fit();
  } else if (errno != EAGAIN && errno != ENOTCONN && errno != EINPROGRESS) {
    ++tallies_[slot.kind].closed;
    leave(slot, kPause);
  }
}

void Attackers::Impl::read(Slot& slot) {
  std::array<char, 4096> buffer;
  const auto n = ::recv(slot.fd, buffer.data(), buffer.size(), 0);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n <= 0) {
    ++tallies_[slot.kind].closed;
    return leave(slot, is_flood(slot.kind) ? 0.05 : kPause);
  }
  slot.in.append(buffer.data(), static_cast<std::size_t>(n));
  while (const auto answer = answer_in(slot.in)) {
    ++tallies_[slot.kind].answers[answer->first];
    slot.in.erase(0, answer->second);
    slot.busy = false;
  }
}

void Attackers::Impl::step(int milliseconds) {
  connects_left_ = kConnectsAStep;
  const double at = now();
  // Begins with another attacker each time, so that the end of the list gets its turn.
  turn_ = slots_.empty() ? 0 : (turn_ + 17) % slots_.size();
  for (std::size_t i = 0; i < slots_.size(); ++i) act(*slots_[(turn_ + i) % slots_.size()], at);
  std::array<epoll_event, 512> events;
  const int n = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), milliseconds);
  for (int i = 0; i < n; ++i) {
    auto& slot = *static_cast<Slot*>(events[static_cast<std::size_t>(i)].data.ptr);
    if (slot.fd >= 0) read(slot);
  }
}

Attackers::Attackers(std::uint16_t port, std::string path, std::string body)
    : impl_(std::make_unique<Impl>(port, std::move(path), std::move(body))) {}
Attackers::~Attackers() = default;
void Attackers::send(const Force& force) { impl_->send(force); }
void Attackers::step(int milliseconds) { impl_->step(milliseconds); }
bool Attackers::in_place() const { return impl_->in_place(); }
const std::map<Kind, Tally>& Attackers::tallies() const { return impl_->tallies(); }

}  // namespace baton::siege
