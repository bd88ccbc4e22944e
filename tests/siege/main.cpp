// Attackers of a port, for the tests:
//
//   baton_siege PORT PATH SECONDS KIND:CONNECTIONS[:RATE]...      (attack.h describes the kinds)
//
// Reads the body of a delivery from standard input. Writes a line of JSON as soon as all attackers
// are connected, and the results as JSON at the end.
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <iterator>

#include <fmt/format.h>

#include "tests/siege/attack.h"

namespace {

constexpr int kStepMs = 10;

std::optional<baton::siege::Force> parse_force(std::string_view text) {
  const auto colon = text.find(':');
  const auto kind = baton::siege::parse_kind(text.substr(0, colon));
  if (!kind || colon == std::string_view::npos) return std::nullopt;
  const std::string rest(text.substr(colon + 1));
  const auto rate = rest.find(':');
  return baton::siege::Force{*kind, std::atoi(rest.c_str()),
                             rate == std::string::npos ? 0 : std::atof(rest.c_str() + rate + 1)};
}

void report(const baton::siege::Attackers& attackers) {
  std::string text = "{";
  for (const auto& [kind, tally] : attackers.tallies()) {
    text += fmt::format(R"({}"{}":{{"connects":{},"closed":{},"bytes":{},"answers":{{)",
                        text.size() > 1 ? "," : "", to_string(kind), tally.connects, tally.closed,
                        tally.bytes);
    const char* separator = "";
    for (const auto& [status, number] : tally.answers) {
      text += fmt::format(R"({}"{}":{})", separator, status, number);
      separator = ",";
    }
    text += "}}";
  }
  std::cout << text << "}" << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::cerr << "usage: baton_siege PORT PATH SECONDS KIND:CONNECTIONS[:RATE]...\n";
    return 2;
  }
  baton::siege::raise_descriptors();
  std::string body{std::istreambuf_iterator<char>(std::cin), {}};
  baton::siege::Attackers attackers(static_cast<std::uint16_t>(std::atoi(argv[1])), argv[2],
                                    std::move(body));
  for (int i = 4; i < argc; ++i) {
    const auto force = parse_force(argv[i]);
    if (!force) {
      std::cerr << "no such force: " << argv[i] << '\n';
      return 2;
    }
    attackers.send(*force);
  }
  const auto end =
      std::chrono::steady_clock::now() + std::chrono::duration<double>(std::atof(argv[3]));
  bool told = false;
  while (std::chrono::steady_clock::now() < end) {
    attackers.step(kStepMs);
    if (!told && attackers.in_place()) {
      told = true;
      std::cout << R"({"in_place":true})" << std::endl;
    }
  }
  report(attackers);
  return 0;
}
