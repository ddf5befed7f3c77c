/* SPDX-License-Identifier: MIT */
/* A monotonic clock. */
#ifndef PORTEND_TEST_SUPPORT_CLOCK_H
#define PORTEND_TEST_SUPPORT_CLOCK_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How late an event may be on a busy machine. */
enum { generous_ms = 10000 };

int64_t now_ns(void);
int64_t now_us(void);
int64_t now_ms(void);

/* The processor time of this process. */
int64_t cpu_us(void);

/* Must not be used to wait for an event, only to poll again. */
void sleep_ms(int64_t length);

#ifdef __cplusplus
}
#endif
#endif
