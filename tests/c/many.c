/* SPDX-License-Identifier: MIT */
/* Ten thousand targets in one wait: its results, its memory, and its limit on descriptors. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/child.h"
#include "support/clock.h"
#include "support/handles.h"
#include "support/process.h"
#include "support/socket.h"
#include "support/ways.h"

enum { target_count = 10000, most_bytes = 640, listeners = 5 };

static int open_ports[listeners];

static void open_some(const char* address) {
  for (int i = 0; i < listeners; ++i) open_ports[i] = port_of(listen_on(address, 0, strictly, 512));
}

/* Ports from 1 on; the listening ones are higher. Only in a network namespace. */
static int nth_closed_port(int i) { return 1 + i; }

static void add_closed(portend_waiter* waiter, const char* host, int count, portend_state wanted) {
  for (int i = 0; i < count; ++i) add_target(waiter, host, nth_closed_port(i), wanted);
}

static void one_of_ten_thousand_is_found(void** state) {
  (void)state;
  assert_true(allow_descriptors(1024));
  open_some("127.0.0.1");
  portend_waiter* waiter = new_waiter();
  add_closed(waiter, "127.0.0.1", target_count - 1, PORTEND_STATE_OCCUPIED);
  const int found = add_target(waiter, "127.0.0.1", open_ports[0], PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_run(waiter, PORTEND_ANY, PORTEND_FOREVER), PORTEND_OK);
  assert_int_equal(portend_waiter_reached(waiter, found), 1);
  assert_status(portend_waiter_run(waiter, PORTEND_ANY, 0), PORTEND_OK);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_ERR_TIMEOUT);
  for (int i = 0; i < target_count; ++i) {
    assert_int_equal(portend_waiter_state(waiter, i),
                     i == found ? PORTEND_STATE_OCCUPIED : PORTEND_STATE_FREE);
  }
}

static void all_of_ten_thousand_in_mixed_states_are_awaited(void** state) {
  (void)state;
  assert_true(allow_descriptors(1024));
  open_some("127.0.0.1");
  portend_waiter* waiter = new_waiter();
  add_closed(waiter, "localhost", target_count - listeners, PORTEND_STATE_FREE);
  for (int i = 0; i < listeners; ++i) add_target(waiter, "localhost", open_ports[i], PORTEND_STATE_OCCUPIED);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_OK);
  for (int i = 0; i < target_count; ++i) assert_int_equal(portend_waiter_reached(waiter, i), 1);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 10 * generous_ms), PORTEND_OK);
}

static void one_server_on_many_addresses_is_found_on_each(void** state) {
  (void)state;
  assert_true(allow_descriptors(1024));
  const int port = port_of(listen_on("0.0.0.0", 0, strictly, 4096));
  portend_waiter* waiter = new_waiter();
  for (int i = 0; i < 2000; ++i) {
    char host[32];
    snprintf(host, sizeof host, "127.%d.%d.1", 1 + i / 250, i % 250);
    add_target(waiter, host, port, PORTEND_STATE_OCCUPIED);
  }
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 10 * generous_ms), PORTEND_OK);
  for (int i = 0; i < 2000; ++i) assert_int_equal(portend_waiter_reason(waiter, i), reason_of_listener());
}

static void a_wait_for_many_keeps_its_deadline_and_can_be_canceled(void** state) {
  (void)state;
  portend_waiter* waiter = new_waiter();
  add_closed(waiter, "localhost", target_count, PORTEND_STATE_OCCUPIED);
  portend_waiter_cancel(waiter);
  int64_t began = now_ms();
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER), PORTEND_ERR_CANCELED);
  assert_in_range(now_ms() - began, 0, generous_ms);
  assert_status(portend_waiter_reset(waiter), PORTEND_OK);
  began = now_us();
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 100), PORTEND_ERR_TIMEOUT);
  assert_in_range(now_us() - began, 100000, generous_ms * 1000);
}

static size_t allocated(void) {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

static size_t most_allocated;

static int note_memory(void* unused) {
  (void)unused;
  if (allocated() > most_allocated) most_allocated = allocated();
  return 0;
}

/* Runs a wait long enough to probe all targets, and returns the memory per target. */
static size_t memory_per_target(portend_waiter* waiter, size_t before) {
  assert_status(portend_waiter_set_interrupt(waiter, note_memory, NULL), PORTEND_OK);
  most_allocated = 0;
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 1200), PORTEND_ERR_TIMEOUT);
  assert_status(portend_waiter_set_interrupt(waiter, NULL, NULL), PORTEND_OK);
  assert_status(portend_waiter_run(waiter, PORTEND_ALL, 0), PORTEND_ERR_TIMEOUT);
  for (int i = 0; i < target_count; ++i) {
    assert_int_equal(portend_waiter_state(waiter, i), PORTEND_STATE_FREE);
  }
  const size_t each = (most_allocated - before) / target_count;
  print_message("memory per target: %zu bytes\n", each);
  return each;
}

static void measure_one_host(void* unused) {
  (void)unused;
  portend_waiter* waiter = new_waiter();
  const size_t before = allocated();
  add_closed(waiter, "127.0.0.1", target_count, PORTEND_STATE_OCCUPIED);
  assert_in_range(memory_per_target(waiter, before), 1, most_bytes);
}

static void measure_many_hosts(void* unused) {
  (void)unused;
  portend_waiter* waiter = new_waiter();
  const size_t before = allocated();
  size_t names = 0;
  for (int i = 0; i < target_count; ++i) {
    char host[32];
    snprintf(host, sizeof host, "127.%d.%d.1", 1 + i / 250, i % 250);
    names += strlen(host) + 1;
    add_target(waiter, host, 1, PORTEND_STATE_OCCUPIED);
  }
  assert_in_range(memory_per_target(waiter, before + names), 1, most_bytes);
}

static void a_target_takes_little_memory_beyond_its_name(void** state) {
  (void)state;
  if (is_sanitized()) skip_because("a sanitizer has its own malloc, which is not counted");
  in_network(measure_one_host, NULL);
  in_network(measure_many_hosts, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      alone(one_of_ten_thousand_is_found),
      alone(all_of_ten_thousand_in_mixed_states_are_awaited),
      quiet(one_server_on_many_addresses_is_found_on_each),
      alone(a_wait_for_many_keeps_its_deadline_and_can_be_canceled),
      tidy(a_target_takes_little_memory_beyond_its_name),
  };
  return cmocka_run_group_tests_name("many targets", tests, NULL, NULL);
}
