/* SPDX-License-Identifier: MIT */
/**
 * @file
 * A library that is linked before the C library, and makes calls of portend's shared library fail. Calls of
 * the test and of the C library itself are not affected. For tests only.
 */
#ifndef PORTEND_TESTS_FAULTS_SHIM_H
#define PORTEND_TESTS_FAULTS_SHIM_H

/** How a call fails: with an errno, or with a shorter result. */
enum { cut_short = -1 };

struct shim_function {
  const char* name;
  /** The errors of the manual page that the kernel can return here; ends with 0. */
  const int* errors;
};

extern const struct shim_function shim_functions[];
extern const int shim_function_count;

/** Counts the calls of all functions from now on, and makes this call of this function fail (0 is the
 * first). */
void shim_arm(int function, long call, int error);

/** Ends the fault. Returns whether a call failed. */
int shim_disarm(void);

/** Returns how often a function was called since. */
long shim_calls(int function);

#endif
