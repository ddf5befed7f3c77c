/* SPDX-License-Identifier: MIT */
/*
 * What every cmocka test here begins and ends with. A failed assertion leaves the test by
 * longjmp: so whatever has to be undone is noted by at_end() when it is made, and undone when
 * the test is left, whichever way.
 */
#ifndef PORTEND_TEST_SUPPORT_TEST_H
#define PORTEND_TEST_SUPPORT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#include <cmocka.h> /* which forgets to say to C++ that it is C */

/* A test after which everything is as before: what was noted is undone, and the process has no
 * descriptor and no thread more than when it began. */
#define tidy(test) cmocka_unit_test_setup_teardown(test, begin_test, end_test)

int begin_test(void** state);
int end_test(void** state);

/* Calls undo(what) when the test ends; the last one that was noted comes first. */
void at_end(void (*undo)(void*), void* what);

/* Calls what the test has noted, now. */
void undo_all(void);

/* Leaves to the parent what it noted: for a child that was forked. */
void disown_all(void);

/* Leaves the test, and says why; in a child as well (support/child.h). */
void skip_because(const char* reason);

/* The same for a test of which a child was skipped. */
void skip_as_said(void);

enum { skipped = 77 /* the exit code of a program or a child that was skipped */ };

/* A program of which every test was skipped ends with that code. */
#undef cmocka_run_group_tests
#undef cmocka_run_group_tests_name
#define cmocka_run_group_tests(tests, setup, teardown) \
  cmocka_run_group_tests_name(#tests, tests, setup, teardown)
#define cmocka_run_group_tests_name(name, tests, setup, teardown)                                \
  exit_code(_cmocka_run_group_tests(name, tests, sizeof tests / sizeof *tests, setup, teardown), \
            sizeof tests / sizeof *tests)

int exit_code(int failed, size_t tests);

/* For children and threads, which have no runner that an assertion could leave to: ends the process
 * unless the condition holds. */
#define CHECK(condition) ((condition) ? (void)0 : check_failed(#condition, __FILE__, __LINE__))

void check_failed(const char* condition, const char* file, int line) __attribute__((noreturn));

#define assert_contains(text, part) assert_contains_at(text, part, __FILE__, __LINE__)
#define assert_begins(text, part) assert_begins_at(text, part, __FILE__, __LINE__)

void assert_contains_at(const char* text, const char* part, const char* file, int line);
void assert_begins_at(const char* text, const char* part, const char* file, int line);

#ifdef __cplusplus
}
#endif
#endif
