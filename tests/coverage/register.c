/* SPDX-License-Identifier: MIT */
/* A part of each program and library whose coverage is measured: each has counters of its own. */
void __gcov_dump(void);
void __gcov_reset(void);
void coverage_register(void (*dump)(void), void (*reset)(void));

__attribute__((constructor)) static void register_counters(void) {
  coverage_register(__gcov_dump, __gcov_reset);
}
