/* SPDX-License-Identifier: MIT */
/* The kernel's answer to a request for all sockets is lost, cut short, or marked as incomplete. The
 * library must return a complete list or none. */
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "support/child.h"
#include "support/handles.h"
#include "support/process.h"
#include "support/socket.h"
#include "support/ways.h"

enum fault { lost, overflowed, truncated, cut_message, overrun, interrupted, failed_at_end, unreadable };

static enum fault fault;
static int first_faulty; /* the first faulty answer, counted from 0; negative: none */
static int last_faulty;
static int answers;
static int proc_is_hidden;

static ssize_t spoil(struct nlmsghdr* message, ssize_t size, size_t room) {
  switch (fault) {
    case lost:
      errno = EAGAIN;
      return -1;
    case overflowed:
      errno = ENOBUFS;
      return -1;
    case truncated: /* as recv(2) reports with MSG_TRUNC */
      return (ssize_t)room + 1;
    case cut_message:
      return size - 8;
    case overrun:
      message->nlmsg_type = NLMSG_OVERRUN;
      return size;
    case interrupted:
      message->nlmsg_flags |= NLM_F_DUMP_INTR;
      return size;
    case failed_at_end: {
      const int error = -ENOMEM;
      message->nlmsg_type = NLMSG_DONE;
      memcpy(NLMSG_DATA(message), &error, sizeof error);
      return size;
    }
    case unreadable:
      message->nlmsg_len = 3;
      return size;
  }
  return -1;
}

/* Replaces the function of the C library. */
ssize_t recv(int fd, void* buffer, size_t room, int flags) {
  const ssize_t size = syscall(SYS_recvfrom, fd, buffer, room, flags, NULL, NULL);
  const int answer = answers++;
  if (size <= 0 || answer < first_faulty || answer > last_faulty) return size;
  return spoil(buffer, size, room);
}

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const int mode = (flags & O_CREAT) != 0 ? va_arg(more, int) : 0;
  va_end(more);
  if (proc_is_hidden && strstr(path, "/net/") != NULL) {
    errno = ENOENT;
    return -1;
  }
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

/* Two sockets of each kind, so that a partial list would be noticed. */
enum { servers = 2 };

static int is_listed(const portend_sockets* sockets, int port) {
  for (int i = 0; i < portend_sockets_count(sockets); ++i) {
    if (portend_sockets_port(sockets, i) == port) return portend_sockets_pid(sockets, i) == getpid();
  }
  return 0;
}

struct attempt {
  enum fault fault;
  int first;
  int last;
  int hide_proc;
};

static void list_all(void* context) {
  const struct attempt* attempt = context;
  int ports[servers];
  for (int i = 0; i < servers; ++i) ports[i] = port_of(keep(listening_socket()));
  const int open_before = open_descriptors();
  fault = attempt->fault;
  first_faulty = attempt->first;
  last_faulty = attempt->last;
  proc_is_hidden = attempt->hide_proc;
  portend_sockets* sockets = NULL;
  const portend_status status = portend_sockets_create(
      1, 65535, PORTEND_SOCKETS_LISTENING | PORTEND_SOCKETS_TIME_WAIT | PORTEND_SOCKETS_UDP, &sockets);
  CHECK(answers > attempt->first || looks_by_connecting());
  CHECK(status == PORTEND_OK || (attempt->hide_proc && status == PORTEND_ERR_UNSUPPORTED));
  CHECK((status == PORTEND_OK) == (sockets != NULL));
  for (int i = 0; i < servers && status == PORTEND_OK; ++i) CHECK(is_listed(sockets, ports[i]));
  portend_sockets_destroy(sockets);
  CHECK(open_descriptors() == open_before);

  /* The next call is not affected. */
  first_faulty = last_faulty = -1;
  proc_is_hidden = 0;
  CHECK(portend_sockets_create(ports[0], ports[0], PORTEND_SOCKETS_LISTENING, &sockets) == PORTEND_OK);
  CHECK(portend_sockets_count(sockets) == 1);
  portend_sockets_destroy(sockets);
}

static void check(enum fault which, int first, int last, int hide_proc) {
  struct attempt attempt = {which, first, last, hide_proc};
  const int status = status_of_child(list_all, &attempt);
  if (status != 0) fail_msg("fault %d at the answers %d to %d: %d", (int)which, first, last, status);
}

static void one_answer_is_spoiled(void** state) {
  (void)state;
  for (int which = lost; which <= unreadable; ++which) {
    for (int answer = 0; answer < 4; ++answer) check((enum fault)which, answer, answer, 0);
  }
}

static void every_answer_is_spoiled(void** state) {
  (void)state;
  for (int which = lost; which <= unreadable; ++which) {
    check((enum fault)which, 0, 1000000, 0);
    check((enum fault)which, 0, 1000000, 1);
    check((enum fault)which, 1, 1000000, 1);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(one_answer_is_spoiled),
      tidy(every_answer_is_spoiled),
  };
  if (is_portable()) {
    printf("skipped: this build lists no sockets\n");
    return skipped;
  }
  return cmocka_run_group_tests_name("dumps of the socket table", tests, NULL, NULL);
}
