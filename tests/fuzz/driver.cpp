#include <cstddef>
#include <cstdint>

#include "tests/fuzz/fuzz.h"

// libFuzzer's way in. One target is linked with it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  baton::fuzz::targets().front()->entry({reinterpret_cast<const char*>(data), size});
  return 0;
}
