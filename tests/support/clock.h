/* SPDX-License-Identifier: MIT */
/* The clock that never jumps. */
#ifndef PORTEND_TEST_SUPPORT_CLOCK_H
#define PORTEND_TEST_SUPPORT_CLOCK_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How late anything may be on a machine that is busy with something else. */
enum { generous_ms = 10000 };

int64_t now_ns(void);
int64_t now_us(void);
int64_t now_ms(void);

/* Processor time of this process. */
int64_t cpu_us(void);

/* Not to hope that something has happened meanwhile: only to look again. */
void sleep_ms(int64_t length);

#ifdef __cplusplus
}
#endif
#endif
