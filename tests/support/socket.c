/* SPDX-License-Identifier: MIT */
#include "support/socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/clock.h"
#include "support/test.h"

struct address {
  union {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
  } value;
  socklen_t size;
};

static struct address address_of(const char* text, int port) {
  struct address address;
  memset(&address, 0, sizeof address);
  if (inet_pton(AF_INET, text, &address.value.v4.sin_addr) == 1) {
    address.value.v4.sin_family = AF_INET;
    address.value.v4.sin_port = htons((uint16_t)port);
    address.size = sizeof address.value.v4;
    return address;
  }
  assert_int_equal(inet_pton(AF_INET6, text, &address.value.v6.sin6_addr), 1);
  address.value.v6.sin6_family = AF_INET6;
  address.value.v6.sin6_port = htons((uint16_t)port);
  address.size = sizeof address.value.v6;
  return address;
}

static void set_option(int fd, int level, int option, int value) {
  assert_int_equal(setsockopt(fd, level, option, &value, sizeof value), 0);
}

int bind_socket(const char* address, int port, int options) {
  const struct address where = address_of(address, port);
  const int type = (options & over_udp) != 0 ? SOCK_DGRAM : SOCK_STREAM;
  const int fd = socket(where.value.any.sa_family, type | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  if (where.value.any.sa_family == AF_INET6) {
    set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, (options & dual_stack) == 0);
  }
  if ((options & reusing_address) != 0) set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  if ((options & reusing_port) != 0) set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1);
  if (bind(fd, &where.value.any, where.size) == 0) return fd;
  const int refusal = errno;
  close(fd);
  errno = refusal;
  return -1;
}

bool can_bind(const char* address, int port, int options) {
  const int fd = bind_socket(address, port, options);
  if (fd >= 0) close(fd);
  return fd >= 0;
}

int port_of(int socket) {
  struct address own = {.size = sizeof own.value};
  assert_int_equal(getsockname(socket, &own.value.any, &own.size), 0);
  return ntohs(own.value.any.sa_family == AF_INET ? own.value.v4.sin_port : own.value.v6.sin6_port);
}

/* Descriptors to close at the end of the test; -1: released. */
static int kept[65536];

static void close_kept(void* slot) {
  int* fd = slot;
  if (*fd >= 0) close(*fd);
  *fd = -1;
}

int keep(int fd) {
  assert_in_range(fd, 0, sizeof kept / sizeof *kept - 1);
  kept[fd] = fd;
  at_end(close_kept, &kept[fd]);
  return fd;
}

void release(int fd) { close_kept(&kept[fd]); }

int closed_port(void) {
  const int fd = has_ipv6() ? bind_socket("::", 0, dual_stack) : bind_socket("0.0.0.0", 0, strictly);
  assert_true(fd >= 0);
  /* The option is set only now: a strict bind proves that no other socket has the port. */
  set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  return port_of(keep(fd));
}

int listen_on(const char* address, int port, int options, int backlog) {
  const int fd = bind_socket(address, port, options);
  if (fd < 0) fail_msg("No listener on %s, port %d: %s", address, port, strerror(errno));
  keep(fd);
  assert_int_equal(listen(fd, backlog), 0);
  return fd;
}

int try_to_connect(const char* address, int port) {
  const struct address where = address_of(address, port);
  const int fd = socket(where.value.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0 && connect(fd, &where.value.any, where.size) == 0) return fd;
  const int refusal = errno;
  if (fd >= 0) close(fd);
  errno = refusal;
  return -1;
}

int connect_to(const char* address, int port) { return keep(try_to_connect(address, port)); }

int bound_socket(void) {
  const int fd = bind_socket("127.0.0.1", 0, strictly);
  CHECK(fd >= 0);
  return fd;
}

int listening_socket(void) {
  const int fd = bound_socket();
  CHECK(listen(fd, 4096) == 0);
  return fd;
}

void* listen_soon(void* fd) {
  sleep_ms(60);
  CHECK(listen(*(int*)fd, 16) == 0);
  return NULL;
}

void reset(int connection) {
  const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
  assert_int_equal(setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
  release(connection);
}

void fill_queue(int listener, const char* address) {
  const int port = port_of(listener);
  struct tcp_info info;
  for (;;) {
    socklen_t size = sizeof info;
    memset(&info, 0, sizeof info);
    assert_int_equal(getsockopt(listener, IPPROTO_TCP, TCP_INFO, &info, &size), 0);
    /* For a listener these are the length of its queue and the limit (tcp_get_info). */
    if (info.tcpi_unacked > info.tcpi_sacked) return;
    connect_to(address, port);
  }
}

int drain_queue(int listener) {
  int count = 0;
  for (;;) {
    struct pollfd waiting = {.fd = listener, .events = POLLIN, .revents = 0};
    if (poll(&waiting, 1, 0) <= 0) return count;
    const int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (connection < 0) continue;
    close(connection);
    ++count;
  }
}

static int count_lines(const char* path, int port, unsigned wanted_state) {
  FILE* file = fopen(path, "re");
  if (file == NULL) return 0;
  char line[512];
  int count = 0;
  while (fgets(line, sizeof line, file) != NULL) {
    unsigned local = 0;
    unsigned remote = 0;
    unsigned state = 0;
    if (sscanf(line, " %*[^:]: %*[^:]:%x %*[^:]:%x %x", &local, &remote, &state) != 3) continue;
    if (state == wanted_state && (local == (unsigned)port || remote == (unsigned)port)) ++count;
  }
  fclose(file);
  return count;
}

int count_time_wait(int port) {
  enum { time_wait = 6 };
  return count_lines("/proc/net/tcp", port, time_wait) + count_lines("/proc/net/tcp6", port, time_wait);
}

bool has_ipv6(void) { return can_bind("::1", 0, strictly); }
