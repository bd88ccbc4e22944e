#include "gateway/platform/failpoint.h"

#if BATON_FAILPOINTS_BUILT

#include <atomic>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "gateway/platform/exit_code.h"

namespace baton {
namespace {

// A requested failpoint, and how often its place was reached.
struct Armed {
  Failpoint what;
  std::atomic<int> reached{0};
};

void say(std::string_view text) {
  [[maybe_unused]] const auto n = ::write(STDERR_FILENO, text.data(), text.size());
}

bool number(std::string_view text, int& value) {
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  return ec == std::errc() && end == text.data() + text.size() && value > 0;
}

Result<Failpoint> parse_one(std::string_view text) {
  const auto bad = [&] {
    return error(
        Errc::kInvalidInput,
        fmt::format("\"{}\" is not a failpoint: write name=abort|stop|sleep:MS[@N]", text));
  };
  const auto equals = text.find('=');
  if (equals == 0 || equals == std::string_view::npos) return bad();
  Failpoint point;
  point.name = text.substr(0, equals);
  std::string_view action = text.substr(equals + 1);
  if (const auto at = action.find('@'); at != std::string_view::npos) {
    if (!number(action.substr(at + 1), point.at)) return bad();
    action = action.substr(0, at);
  }
  if (action.starts_with("sleep:")) {
    point.action = Failpoint::Action::kSleep;
    if (!number(action.substr(6), point.sleep_ms)) return bad();
    return point;
  }
  if (action != "abort" && action != "stop") return bad();
  point.action = action == "abort" ? Failpoint::Action::kAbort : Failpoint::Action::kStop;
  if (point.at == 0) point.at = 1;
  return point;
}

std::deque<Armed> armed_by_environment() {
  std::deque<Armed> armed;
  const char* text = std::getenv("BATON_FAILPOINTS");
  if (text == nullptr) return armed;
  auto points = parse_failpoints(text);
  if (!points) {
    say("BATON_FAILPOINTS: " + points.error().message + "\n");
    ::_exit(kExitConfig);
  }
  for (auto& point : *points) armed.emplace_back().what = std::move(point);
  return armed;
}

void act(const Failpoint& point) {
  say(fmt::format("failpoint {}\n", point.name));
  if (point.action == Failpoint::Action::kAbort) ::kill(::getpid(), SIGKILL);
  if (point.action == Failpoint::Action::kStop) ::kill(::getpid(), SIGSTOP);
  if (point.action == Failpoint::Action::kSleep)
    std::this_thread::sleep_for(std::chrono::milliseconds(point.sleep_ms));
}

}  // namespace

Result<std::vector<Failpoint>> parse_failpoints(std::string_view text) {
  std::vector<Failpoint> points;
  while (!text.empty()) {
    const auto comma = text.find(',');
    auto point = parse_one(text.substr(0, comma));
    if (!point) return point.error();
    points.push_back(std::move(*point));
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return points;
}

void reach_failpoint(std::string_view name) {
  static std::deque<Armed> armed = armed_by_environment();
  for (auto& one : armed) {
    if (one.what.name != name) continue;
    const int times = one.reached.fetch_add(1) + 1;
    if (one.what.at == 0 || one.what.at == times) act(one.what);
  }
}

}  // namespace baton

#endif
