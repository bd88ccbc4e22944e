/* Preloaded into a program that is killed: unsynced writes are lost, as in a power failure. Holds back writes to files
 * whose names end in .seg or .aof until fsync or fdatasync of the same descriptor. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { kMost = 4096 };
static struct {
  int held;
  char *bytes;
  size_t size;
} files[kMost];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void note(int fd, const char *path, int flags) {
  const size_t n = strlen(path);
  if (fd < 0 || fd >= kMost) return;
  pthread_mutex_lock(&mutex);
  free(files[fd].bytes);
  files[fd].bytes = NULL;
  files[fd].size = 0;
  files[fd].held = (flags & O_ACCMODE) != O_RDONLY && n > 4 && (!strcmp(path + n - 4, ".seg") || !strcmp(path + n - 4, ".aof"));
  pthread_mutex_unlock(&mutex);
}

static int open_it(const char *path, int flags, va_list more) {
  const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
  const int fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
  note(fd, path, flags);
  return fd;
}

int open(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const int fd = open_it(path, flags, more);
  va_end(more);
  return fd;
}

int open64(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const int fd = open_it(path, flags, more);
  va_end(more);
  return fd;
}

ssize_t write(int fd, const void *bytes, size_t size) {
  if (fd < 0 || fd >= kMost || !files[fd].held) return syscall(SYS_write, fd, bytes, size);
  pthread_mutex_lock(&mutex);
  char *grown = realloc(files[fd].bytes, files[fd].size + size);
  if (grown) {
    memcpy(grown + files[fd].size, bytes, size);
    files[fd].bytes = grown;
    files[fd].size += size;
  }
  pthread_mutex_unlock(&mutex);
  return grown ? (ssize_t)size : -1;
}

static int sync_it(int fd, long call) {
  if (fd >= 0 && fd < kMost && files[fd].held) {
    pthread_mutex_lock(&mutex);
    for (size_t done = 0; done < files[fd].size;) {
      const ssize_t n = syscall(SYS_write, fd, files[fd].bytes + done, files[fd].size - done);
      if (n <= 0) break;
      done += (size_t)n;
    }
    free(files[fd].bytes);
    files[fd].bytes = NULL;
    files[fd].size = 0;
    pthread_mutex_unlock(&mutex);
  }
  return (int)syscall(call, fd);
}

int fsync(int fd) { return sync_it(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_it(fd, SYS_fdatasync); }

int close(int fd) {
  if (fd >= 0 && fd < kMost) note(fd, "", O_RDONLY);
  return (int)syscall(SYS_close, fd);
}
