/* SPDX-License-Identifier: MIT */
#include "support/test.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/clock.h"
#include "support/process.h"

enum { most_undoings = 65536, patience_ms = 5000 };

static struct {
  void (*undo)(void*);
  void* what;
} undoings[most_undoings];
static int undoing_count;
static int kept_undoings; /* from before the test, for the whole program */

static struct {
  int descriptors;
  int threads;
} before;

void at_end(void (*undo)(void*), void* what) {
  assert_true(undoing_count < most_undoings);
  undoings[undoing_count].undo = undo;
  undoings[undoing_count].what = what;
  ++undoing_count;
}

void undo_all(void) {
  while (undoing_count > kept_undoings) {
    --undoing_count;
    undoings[undoing_count].undo(undoings[undoing_count].what);
  }
}

static bool is_child;
static size_t skipped_count;

void disown_all(void) {
  undoing_count = kept_undoings = 0;
  is_child = true;
}

void skip_as_said(void) {
  fflush(NULL);
  if (is_child) _exit(skipped);
  ++skipped_count;
  skip();
}

void skip_because(const char* reason) {
  print_message("skipped: %s\n", reason);
  skip_as_said();
}

int exit_code(int failed, size_t tests) { return failed == 0 && skipped_count == tests ? skipped : failed; }

/* Weak, since some programs do not link the library. */
extern const char* portend_last_error(void) __attribute__((weak));

void check_failed(const char* condition, const char* file, int line) {
  const char* error = portend_last_error != NULL ? portend_last_error() : "";
  fprintf(stderr, "%s:%d: %s [%s]\n", file, line, condition, error);
  _Exit(EXIT_FAILURE);
}

static void* do_nothing(void* unused) { return unused; }

/* A sanitizer starts its own thread with the first thread of the program. */
static void begin_threads(void) {
  static bool begun;
  pthread_t thread;
  if (begun) return;
  begun = true;
  assert_int_equal(pthread_create(&thread, NULL, do_nothing, NULL), 0);
  assert_int_equal(pthread_join(thread, NULL), 0);
}

int begin_test(void** state) {
  (void)state;
  begin_threads();
  kept_undoings = undoing_count;
  before.descriptors = open_descriptors();
  before.threads = live_threads();
  return 0;
}

int end_test(void** state) {
  (void)state;
  undo_all();
  /* A thread that looked up a name ends by itself, but not at once. */
  const int64_t deadline = now_ms() + patience_ms;
  while ((open_descriptors() != before.descriptors || live_threads() > before.threads) &&
         now_ms() < deadline) {
    sleep_ms(1);
  }
  const int descriptors = open_descriptors();
  const int threads = live_threads();
  if (descriptors == before.descriptors && threads <= before.threads) return 0;
  print_error("It left %d descriptors (%d before) and %d threads (%d before).\n", descriptors,
              before.descriptors, threads, before.threads);
  return -1;
}

void assert_contains_at(const char* text, const char* part, const char* file, int line) {
  if (text != NULL && strstr(text, part) != NULL) return;
  print_error("\"%s\"\n  lacks \"%s\"\n", text == NULL ? "(NULL)" : text, part);
  _fail(file, line);
}

void assert_begins_at(const char* text, const char* part, const char* file, int line) {
  if (text != NULL && strncmp(text, part, strlen(part)) == 0) return;
  print_error("\"%s\"\n  does not begin with \"%s\"\n", text == NULL ? "(NULL)" : text, part);
  _fail(file, line);
}
