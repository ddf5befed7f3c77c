/* SPDX-License-Identifier: MIT */
#include <portend/status.h>

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <portend/waiter.h>

#include "support/handles.h"
#include "support/socket.h"

static const struct {
  portend_status status;
  int value;
} statuses[] = {
    {PORTEND_OK, 0},
    {PORTEND_ERR_TIMEOUT, -1},
    {PORTEND_ERR_NOT_FREE, -2},
    {PORTEND_ERR_INVALID, -3},
    {PORTEND_ERR_RESOLVE, -4},
    {PORTEND_ERR_NO_PORT, -5},
    {PORTEND_ERR_CANCELED, -6},
    {PORTEND_ERR_SYSTEM, -7},
    {PORTEND_ERR_NO_MEMORY, -8},
    {PORTEND_ERR_INTERNAL, -9},
    {PORTEND_ERR_GONE, -10},
    {PORTEND_ERR_UNSUPPORTED, -11},
    {PORTEND_PENDING, 1},
    {PORTEND_DONE, 2},
};
enum { status_count = sizeof statuses / sizeof *statuses };

static void statuses_keep_the_values_that_programs_were_compiled_with(void** state) {
  (void)state;
  for (int i = 0; i < status_count; ++i) assert_int_equal(statuses[i].status, statuses[i].value);
  assert_int_equal(sizeof(portend_status), sizeof(int));
  assert_int_equal(PORTEND_FOREVER, -1);
}

static void constants_keep_the_values_that_programs_were_compiled_with(void** state) {
  (void)state;
  assert_int_equal(PORTEND_HOST_SIZE, 256);
  assert_int_equal(PORTEND_ADDRESS_SIZE, 64);
  assert_int_equal(PORTEND_STATE_UNKNOWN, 0);
  assert_int_equal(PORTEND_STATE_OCCUPIED, 1);
  assert_int_equal(PORTEND_STATE_FREE, 2);
  assert_int_equal(PORTEND_ALL, 0);
  assert_int_equal(PORTEND_ANY, 1);
  assert_int_equal(PORTEND_FAMILY_ANY, 0);
  assert_int_equal(PORTEND_FAMILY_IPV4, 4);
  assert_int_equal(PORTEND_FAMILY_IPV6, 6);
}

static void every_status_has_words_of_its_own(void** state) {
  (void)state;
  for (int i = 0; i < status_count; ++i) {
    const char* words = portend_strerror(statuses[i].status);
    assert_true(strlen(words) > 0);
    assert_null(strchr(words, '\n'));
    assert_string_not_equal(words, portend_strerror(INT_MAX));
    for (int j = 0; j < i; ++j) assert_string_not_equal(words, portend_strerror(statuses[j].status));
  }
}

static void an_unknown_status_has_words_too(void** state) {
  (void)state;
  const portend_status unknown[] = {3, -12, INT_MAX, INT_MIN};
  for (size_t i = 0; i < sizeof unknown / sizeof *unknown; ++i) {
    assert_string_equal(portend_strerror(unknown[i]), "unknown status");
  }
}

static void the_version_is_that_of_the_header(void** state) {
  (void)state;
  char version[32];
  snprintf(version, sizeof version, "%d.%d.%d", PORTEND_VERSION_MAJOR, PORTEND_VERSION_MINOR,
           PORTEND_VERSION_PATCH);
  assert_string_equal(portend_version(), version);
}

static void states_and_reasons_have_their_words(void** state) {
  (void)state;
  static const char* const states[] = {"unknown", "occupied", "free", "bindable", "drained"};
  for (int i = 0; i < 5; ++i) assert_string_equal(portend_state_text(i), states[i]);
  static const char* const reasons[] = {"none",        "accepted",    "refused",      "silent",
                                        "unreachable", "unresolved",  "backlog full", "listening",
                                        "forbidden",   "other owner", "closed early", "in use",
                                        "connected",   "bindable",    "drained",      "not listening"};
  for (int i = 0; i < 16; ++i) assert_string_equal(portend_reason_text(i), reasons[i]);
  const int unknown[] = {-1, 16, INT_MAX, INT_MIN};
  for (int i = 0; i < 4; ++i) {
    assert_string_equal(portend_reason_text(unknown[i]), "unknown");
    assert_string_equal(portend_state_text(unknown[i]), "unknown");
  }
}

static void* copy_last_error(void* room) { return strncpy(room, portend_last_error(), 99); }

static void the_last_error_is_empty_if_nothing_failed(void** state) {
  (void)state;
  char text[100] = "untouched";
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, copy_last_error, text), 0);
  assert_int_equal(pthread_join(thread, NULL), 0);
  assert_string_equal(text, "");
}

static void a_failure_is_reported_until_the_next_call(void** state) {
  (void)state;
  const int port = closed_port();
  assert_status(portend_occupied("127.0.0.1", 0, 0), PORTEND_ERR_INVALID);
  assert_string_equal(portend_last_error(), "Port 0 is outside 1 to 65535.");
  assert_string_equal(portend_last_error(), "Port 0 is outside 1 to 65535.");
  assert_status(portend_free("127.0.0.1", port, 0), PORTEND_OK);
  assert_string_equal(portend_last_error(), "");
}

static void a_getter_does_not_change_the_last_error(void** state) {
  (void)state;
  portend_waiter* waiter = waiter_for("127.0.0.1", closed_port(), PORTEND_STATE_FREE);
  assert_status(portend_occupied(NULL, 80, 0), PORTEND_ERR_INVALID);
  const char* text = portend_last_error();
  portend_waiter_message(waiter);
  portend_waiter_explain(waiter, 0);
  portend_waiter_address(waiter, 0);
  portend_version();
  portend_strerror(0);
  portend_client_host("::");
  portend_waiter_destroy(NULL);
  portend_waiter_cancel(NULL);
  assert_begins(text, "The host is missing");
  assert_begins(portend_last_error(), "The host is missing");
}

static void* fail_in_thread(void* unused) {
  portend_occupied("127.0.0.1", 70000, 0);
  return unused;
}

static void each_thread_has_a_last_error_of_its_own(void** state) {
  (void)state;
  assert_status(portend_occupied("127.0.0.1", 0, 0), PORTEND_ERR_INVALID);
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, fail_in_thread, NULL), 0);
  assert_int_equal(pthread_join(thread, NULL), 0);
  assert_string_equal(portend_last_error(), "Port 0 is outside 1 to 65535.");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      tidy(statuses_keep_the_values_that_programs_were_compiled_with),
      tidy(constants_keep_the_values_that_programs_were_compiled_with),
      tidy(every_status_has_words_of_its_own),
      tidy(an_unknown_status_has_words_too),
      tidy(the_version_is_that_of_the_header),
      tidy(states_and_reasons_have_their_words),
      tidy(the_last_error_is_empty_if_nothing_failed),
      tidy(a_failure_is_reported_until_the_next_call),
      tidy(a_getter_does_not_change_the_last_error),
      tidy(each_thread_has_a_last_error_of_its_own),
  };
  return cmocka_run_group_tests_name("portend/status.h", tests, NULL, NULL);
}
