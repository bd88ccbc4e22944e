#include "tests/fuzz/fuzz.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace baton::fuzz {
namespace {

void stop(std::string_view promise) {
  std::fprintf(stderr, "property violated: %.*s\n", static_cast<int>(promise.size()),
               promise.data());
  std::abort();
}

std::vector<const Target*>& known() {
  static std::vector<const Target*> all;
  return all;
}

Broken on_broken = stop;

}  // namespace

Target::Target(std::string_view called, Entry run) : name(called), entry(run) {
  known().push_back(this);
}

const std::vector<const Target*>& targets() { return known(); }

void require(bool holds, std::string_view promise) {
  if (!holds) on_broken(promise);
}

void set_broken(Broken broken) { on_broken = broken; }

std::size_t Input::pick(std::size_t choices) {
  if (rest_.empty()) return 0;
  // '0' is 48: shifted, so that hand-written digits choose by their value.
  const auto byte = static_cast<unsigned char>(rest_.front() - '0');
  rest_.remove_prefix(1);
  return byte % choices;
}

std::string_view Input::line() {
  const auto end = std::min(rest_.find('\n'), rest_.size());
  const auto found = rest_.substr(0, end);
  rest_.remove_prefix(std::min(end + 1, rest_.size()));
  return found;
}

std::string_view Input::take(std::size_t most) {
  const auto found = rest_.substr(0, most);
  rest_.remove_prefix(found.size());
  return found;
}

}  // namespace baton::fuzz
