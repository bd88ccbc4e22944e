#include "gateway/platform/memory.h"

#include <malloc.h>

namespace baton {
namespace {

constexpr int kLarge = 128 * 1024;            // mapped alone
constexpr int kKeptAtTheTop = 2 * 1024 * 1024;   // of a heap, so that it is not moved up and down all the time

}  // namespace

void give_memory_back() {
  ::mallopt(M_MMAP_THRESHOLD, kLarge);
  ::mallopt(M_TRIM_THRESHOLD, kKeptAtTheTop);
}

}  // namespace baton
