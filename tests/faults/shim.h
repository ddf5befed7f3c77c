/* SPDX-License-Identifier: MIT */
/**
 * @file
 * A library that stands before the C library and lets calls fail that the shared library of portend makes;
 * those of the test and of the C library itself are never touched. For tests only.
 */
#ifndef PORTEND_TESTS_FAULTS_SHIM_H
#define PORTEND_TESTS_FAULTS_SHIM_H

/** How a call fails: with an errno, or with a result that is shorter than it could be. */
enum { cut_short = -1 };

struct shim_function {
  const char* name;
  /** The errors of its manual page that the kernel can give here, ended by 0. */
  const int* errors;
};

extern const struct shim_function shim_functions[];
extern const int shim_function_count;

/** Counts the calls of all functions from now on, and lets this call of this one fail (the first is 0). */
void shim_arm(int function, long call, int error);

/** Ends that; whether a call failed. */
int shim_disarm(void);

/** How often a function was called since. */
long shim_calls(int function);

#endif
