#include "gateway/platform/descriptors.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>

#ifdef __has_feature  // of Clang, whose sanitizers are used
#define BATON_SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define BATON_SANITIZED 0
#endif

namespace baton {
namespace {

constexpr std::uint64_t kReserve = 256;

}  // namespace

std::uint64_t raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  const auto soft = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : soft;
}

void keep_memory_private() {
#if !BATON_SANITIZED
  ::prctl(PR_SET_DUMPABLE, 0);
#endif
}

std::uint64_t connections_within(std::uint64_t wanted, std::uint64_t descriptors) {
  const auto reserve = std::min(kReserve, descriptors / 2);
  return std::clamp<std::uint64_t>(wanted, 1, std::max<std::uint64_t>(1, descriptors - reserve));
}

}  // namespace baton
