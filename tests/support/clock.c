/* SPDX-License-Identifier: MIT */
#include "support/clock.h"

#include <errno.h>
#include <time.h>

static int64_t read_clock(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t now_ns(void) { return read_clock(CLOCK_MONOTONIC); }
int64_t now_us(void) { return now_ns() / 1000; }
int64_t now_ms(void) { return now_ns() / 1000000; }
int64_t cpu_us(void) { return read_clock(CLOCK_PROCESS_CPUTIME_ID) / 1000; }

void sleep_ms(int64_t length) {
  struct timespec left = {.tv_sec = (time_t)(length / 1000), .tv_nsec = (long)(length % 1000) * 1000000};
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}
