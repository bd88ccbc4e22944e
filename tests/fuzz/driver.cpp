#include <cstddef>
#include <cstdint>

#include "tests/fuzz/fuzz.h"

// The entry point for libFuzzer. It is linked with one target.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  baton::fuzz::targets().front()->entry({reinterpret_cast<const char*>(data), size});
  return 0;
}
