/* Preloaded into a server, moves its wall clock by the number of milliseconds in the file SKEW_FILE (a binary 64 bit
 * number, mapped, so that a test can change it while the server runs). Other clocks are unchanged.
 * libfaketime is incompatible with the allocator of redis-server. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *skew_ms;

__attribute__((constructor)) static void map_skew(void) {
  const char *path = getenv("SKEW_FILE");
  const int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (fd < 0) return;
  void *map = mmap(NULL, sizeof *skew_ms, PROT_READ, MAP_SHARED, fd, 0);
  if (map != MAP_FAILED) skew_ms = map;
  close(fd);
}

int clock_gettime(clockid_t clock, struct timespec *out) {
  const int failed = (int)syscall(SYS_clock_gettime, clock, out);
  if (failed || !skew_ms || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return failed;
  const int64_t ns = (int64_t)out->tv_nsec + *skew_ms % 1000 * 1000000;
  out->tv_sec += *skew_ms / 1000 + (ns >= 1000000000) - (ns < 0);
  out->tv_nsec = ns >= 1000000000 ? ns - 1000000000 : ns < 0 ? ns + 1000000000 : ns;
  return 0;
}

int gettimeofday(struct timeval *out, void *zone) {
  struct timespec now;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &now);
  out->tv_sec = now.tv_sec;
  out->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *out) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out) *out = now.tv_sec;
  return now.tv_sec;
}
