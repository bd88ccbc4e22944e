/* Preloaded into programs, makes their wall clocks run fast, all at the same time: the wall clock is a linear function of
 * the machine's steady clock, with parameters in the file FAST_TIME. Steady clocks, and therefore all waits, are unchanged:
 * a wait takes longer in wall time by the factor of the speed, but the wall clock itself is right.
 *
 * The file contains four binary 64 bit numbers: a sequence (odd while a test writes), the start of the line in ns of the
 * steady clock and of the wall clock, and the speed in thousandths. It is mapped, so that a test can change it while
 * programs run: faster at night, a jump over a downtime. libfaketime is incompatible with redis-server's allocator. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct line {
  int64_t sequence, steady_ns, wall_ns, speed;
};
static const volatile struct line *shared;

__attribute__((constructor)) static void map_line(void) {
  const char *path = getenv("FAST_TIME");
  const int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (fd < 0) return;
  void *map = mmap(NULL, sizeof *shared, PROT_READ, MAP_SHARED, fd, 0);
  if (map != MAP_FAILED) shared = map;
  close(fd);
}

static int64_t wall_ns(void) {
  struct timespec steady;
  struct line l;
  do {
    l.sequence = __atomic_load_n(&shared->sequence, __ATOMIC_ACQUIRE);
    l.steady_ns = shared->steady_ns, l.wall_ns = shared->wall_ns, l.speed = shared->speed;
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
  } while (l.sequence % 2 != 0 || l.sequence != shared->sequence);
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &steady);
  const int64_t passed = (int64_t)steady.tv_sec * 1000000000 + steady.tv_nsec - l.steady_ns;
  return l.wall_ns + passed / 1000 * l.speed + passed % 1000 * l.speed / 1000;
}

int clock_gettime(clockid_t clock, struct timespec *out) {
  if (!shared || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return (int)syscall(SYS_clock_gettime, clock, out);
  const int64_t ns = wall_ns();
  out->tv_sec = ns / 1000000000;
  out->tv_nsec = ns % 1000000000;
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
