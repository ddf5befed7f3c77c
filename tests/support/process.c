/* SPDX-License-Identifier: MIT */
#include "support/process.h"

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "support/clock.h"
#include "support/test.h"

enum { nobody = 65534 };

static int entries(const char* path) {
  DIR* directory = opendir(path);
  assert_non_null(directory);
  int count = 0;
  for (const struct dirent* entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
    if (entry->d_name[0] != '.') ++count;
  }
  closedir(directory);
  return count;
}

int open_descriptors(void) { return entries("/proc/self/fd") - 1; /* the descriptor of this directory */ }

int live_threads(void) { return entries("/proc/self/task"); }

bool comes_to(int (*number)(void), int expected, int seconds) {
  for (const int64_t end = now_ms() + seconds * 1000; now_ms() < end; sleep_ms(5)) {
    if (number() == expected) return true;
  }
  return false;
}

bool allow_descriptors(int count) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max < (rlim_t)count) return false;
  limit.rlim_cur = (rlim_t)count;
  return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

void leave_descriptors(int count) {
  /* The limit applies to numbers, and some lower numbers may be unused. */
  int limit = 0;
  for (int unused = 0; unused <= count; ++limit) {
    if (fcntl(limit, F_GETFD) < 0) ++unused;
  }
  assert_true(allow_descriptors(limit - 1));
}

void become_nobody(void) {
  assert_int_equal(setgroups(0, NULL), 0);
  assert_int_equal(setresgid(nobody, nobody, nobody), 0);
  assert_int_equal(setresuid(nobody, nobody, nobody), 0);
  /* After the change of user, the process could not inspect itself. */
  prctl(PR_SET_DUMPABLE, 1);
}
