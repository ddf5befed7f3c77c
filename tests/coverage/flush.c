/* SPDX-License-Identifier: MIT */
/* Comes before the C library in the order of the linker, so that counters are written where the C library
 * would end the process without that. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { most_parts = 64 };

static struct {
  void (*dump)(void);
  void (*reset)(void);
} parts[most_parts];
static int part_count;

/* Otherwise a process of another user, or in a namespace of files, would say that it cannot write counters.
 */
__attribute__((constructor)) static void be_silent(void) { setenv("GCOV_ERROR_FILE", "/dev/null", 1); }

/* The dynamic linker calls this, one part after the other. */
void coverage_register(void (*dump)(void), void (*reset)(void)) {
  for (int i = 0; i < part_count; ++i) {
    if (parts[i].dump == dump) return;
  }
  if (part_count == most_parts) return;
  parts[part_count].dump = dump;
  parts[part_count].reset = reset;
  ++part_count;
}

/* Counters that were written count from zero, since files add them up. */
static void write_counters(void) {
  const int error = errno;
  for (int i = 0; i < part_count; ++i) {
    parts[i].dump();
    parts[i].reset();
  }
  errno = error;
}

void _exit(int status) {
  write_counters();
  for (;;) syscall(SYS_exit_group, status);
}

void _Exit(int status) { _exit(status); }

int raise(int signal) {
  write_counters();
  return (int)syscall(SYS_tgkill, getpid(), gettid(), signal);
}
