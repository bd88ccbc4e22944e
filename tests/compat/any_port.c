/* Preloaded into a program, gives it a port of the kernel's choice where it binds one of those listed in ANY_PORT
 * ("8080,8081"): a configuration is started as it is, beside whatever else has its ports. */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int is_listed(int port) {
  const char *at = getenv("ANY_PORT");
  while (at && *at) {
    if (atoi(at) == port) return 1;
    at = strchr(at, ',');
    if (at) ++at;
  }
  return 0;
}

int bind(int fd, const struct sockaddr *address, socklen_t size) {
  struct sockaddr_in changed;
  if (address->sa_family == AF_INET && size >= sizeof changed) {
    memcpy(&changed, address, sizeof changed);
    if (is_listed(ntohs(changed.sin_port))) {
      changed.sin_port = 0;
      return (int)syscall(SYS_bind, fd, &changed, sizeof changed);
    }
  }
  return (int)syscall(SYS_bind, fd, address, size);
}
