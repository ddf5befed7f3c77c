/* SPDX-License-Identifier: MIT */
/* The program has used up all keys of thread-specific data (pthread_key_create(3)). Calls must work, and
 * their texts must return when keys are available. */
#include <limits.h>
#include <pthread.h>
#include <string.h>

#include "support/child.h"
#include "support/handles.h"
#include "support/socket.h"

static pthread_key_t keys[PTHREAD_KEYS_MAX];
static int key_count;
static int held_port;

static void take_all_keys(void) {
  while (key_count < PTHREAD_KEYS_MAX && pthread_key_create(&keys[key_count], NULL) == 0) ++key_count;
  CHECK(key_count > 0);
}

static void give_keys_back(void) {
  while (key_count > 0) CHECK(pthread_key_delete(keys[--key_count]) == 0);
}

static void fail_a_wait(void) { CHECK(portend_occupied("127.0.0.1", held_port, 0) == PORTEND_ERR_TIMEOUT); }

static void* expect_text(void* unused) {
  fail_a_wait();
  CHECK(strstr(portend_last_error(), "not bound on 127.0.0.1.") != NULL);
  return unused;
}

static void fail_without_keys(void) {
  CHECK(portend_last_error()[0] == '\0');
  fail_a_wait();
  CHECK(portend_last_error()[0] == '\0');
  CHECK(portend_last_errno() == 0);
}

static void texts_come_back_with_the_keys(void** state) {
  (void)state;
  enum { thread_count = 8 };
  pthread_t threads[thread_count];
  take_all_keys();
  for (int i = 0; i < 3; ++i) fail_without_keys();
  give_keys_back();
  for (int i = 0; i < thread_count; ++i) {
    assert_int_equal(pthread_create(&threads[i], NULL, expect_text, NULL), 0);
  }
  for (int i = 0; i < thread_count; ++i) pthread_join(threads[i], NULL);
  expect_text(NULL);
  take_all_keys();
  expect_text(NULL);
  give_keys_back();
}

/* Concurrent threads must create only one key. */
static void one_key_is_taken(void** state) {
  (void)state;
  take_all_keys();
  const int before = key_count;
  give_keys_back();
  pthread_t threads[8];
  for (int i = 0; i < 8; ++i) assert_int_equal(pthread_create(&threads[i], NULL, expect_text, NULL), 0);
  for (int i = 0; i < 8; ++i) pthread_join(threads[i], NULL);
  take_all_keys();
  assert_true(key_count >= before - 1);
  give_keys_back();
}

static void handles_have_their_texts_without_keys(void** state) {
  (void)state;
  take_all_keys();
  portend_waiter* waiter = waiter_for("127.0.0.1", held_port, PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_ERR_TIMEOUT);
  assert_contains(portend_waiter_explain(waiter, 0), "not bound on 127.0.0.1.");
  give_keys_back();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      forked(texts_come_back_with_the_keys),
      forked(one_key_is_taken),
      forked(handles_have_their_texts_without_keys),
  };
  held_port = port_of(bound_socket());
  return cmocka_run_group_tests_name("without keys of threads", tests, NULL, NULL);
}
