/* SPDX-License-Identifier: MIT */
/*
 * The setup and teardown of every cmocka test here. A failed assertion leaves the test by longjmp.
 * So cleanups are registered with at_end(), and run at the end of the test in any case.
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

#include <cmocka.h> /* lacks extern "C" */

/* A test that must leave everything as it was: cleanups run, and the process must have as many
 * descriptors and threads as before. */
#define tidy(test) cmocka_unit_test_setup_teardown(test, begin_test, end_test)

int begin_test(void** state);
int end_test(void** state);

/* Calls undo(what) at the end of the test, in reverse order. */
void at_end(void (*undo)(void*), void* what);

/* Runs the cleanups of the test now. */
void undo_all(void);

/* For a forked child: leaves the cleanups to the parent. */
void disown_all(void);

/* Leaves the test, and prints the reason; also in a child (support/child.h). */
void skip_because(const char* reason);

/* Does the same for a test whose child was skipped. */
void skip_as_said(void);

enum { skipped = 77 /* the exit code of a program or a child that was skipped */ };

/* A program of which every test was skipped exits with that code. */
#undef cmocka_run_group_tests
#undef cmocka_run_group_tests_name
#define cmocka_run_group_tests(tests, setup, teardown) \
  cmocka_run_group_tests_name(#tests, tests, setup, teardown)
#define cmocka_run_group_tests_name(name, tests, setup, teardown)                                \
  exit_code(_cmocka_run_group_tests(name, tests, sizeof tests / sizeof *tests, setup, teardown), \
            sizeof tests / sizeof *tests)

int exit_code(int failed, size_t tests);

/* For children and threads, which have no test runner to return to: ends the process unless the condition
 * holds. */
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
