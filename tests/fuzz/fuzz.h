#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace baton::fuzz {

// A fuzzer is one file tests/fuzz/<name>_fuzz.cpp: a function that accepts any bytes, and a Target
// that names it. libFuzzer (driver.cpp) and the unit test replay_test.cpp call it. The function is
// deterministic, so that an input has the same result on every machine.

using Entry = void (*)(std::string_view bytes);

struct Target {
  std::string_view name;
  Entry entry;
  Target(std::string_view name, Entry entry);
};

// The targets linked into this program.
const std::vector<const Target*>& targets();

// A property that does not hold: libFuzzer stops and keeps the input, the unit test fails.
void require(bool holds, std::string_view promise);
// The function that require calls then; libFuzzer's prints and aborts.
using Broken = void (*)(std::string_view promise);
void set_broken(Broken broken);

// Reads an input from the front. The format can be written by hand: a choice is one byte ('0' to
// '9' choose the first ten), a text is a line.
class Input {
 public:
  explicit Input(std::string_view bytes) : rest_(bytes) {}

  std::size_t pick(std::size_t choices);  // 0 if nothing is left
  bool flag() { return pick(2) == 1; }
  std::string_view line();  // without its line feed; the whole rest if there is none
  std::string_view take(std::size_t most);
  std::string_view rest() const { return rest_; }
  bool empty() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace baton::fuzz
