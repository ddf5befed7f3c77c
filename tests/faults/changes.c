/* SPDX-License-Identifier: MIT */
/* Memory runs out while a handle is changed: the change must happen completely or not at all. Then the
 * same handle is used further, and compared with one that met no fault. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "allocator.h"
#include "support/child.h"
#include "support/handles.h"
#include "support/network.h"
#include "support/socket.h"

enum { text_size = 8192, most_refused = 300 /* a wait beside other programs may need memory for longer */ };

static int busy_port;
static int held_port;

/* A handle, its changes step by step, and a description of everything visible of it. */
struct subject {
  const char* name;
  void* (*create)(void);
  void (*destroy)(void* handle);
  portend_status (*change)(void* handle, int step);
  int steps;
  void (*describe)(void* handle, char* text);
};

static void* create_waiter(void) {
  portend_waiter* waiter = NULL;
  CHECK(portend_waiter_create(&waiter) == PORTEND_OK);
  return waiter;
}

static void destroy_waiter(void* handle) { portend_waiter_destroy(handle); }

/* Uses names that are too long to be stored without allocation, for known and new hosts in turn. */
static portend_status change_waiter(void* handle, int step) {
  static const char* const hosts[] = {
      "127.0.0.1", "localhost", "127.0.0.1", "::ffff:127.0.0.1", "0000:0000:0000:0000:0000:0000:0000:0001",
      "localhost"};
  if (step == 12) return portend_waiter_set_name_retry(handle, 1);
  if (step == 13) return portend_waiter_watch(handle, "127.0.0.1", busy_port, NULL);
  if (step == 14) return portend_waiter_add(handle, "127.0.0.1", busy_port, PORTEND_STATE_OCCUPIED, NULL);
  const int port = step % 2 == 0 ? busy_port : held_port;
  return portend_waiter_add(handle, hosts[step % 6], port, PORTEND_STATE_OCCUPIED, NULL);
}

static void describe_waiter(void* handle, char* text) {
  portend_waiter* waiter = handle;
  size_t used = 0;
  CHECK(portend_waiter_probe(waiter, 1000) == PORTEND_OK);
  for (int i = 0; i < portend_waiter_count(waiter); ++i) {
    used += (size_t)snprintf(text + used, text_size - used, "%d: %s, %s, %s, %d [%s]\n", i,
                             portend_state_text(portend_waiter_state(waiter, i)),
                             portend_reason_text(portend_waiter_reason(waiter, i)),
                             portend_waiter_address(waiter, i), portend_waiter_reached(waiter, i),
                             portend_waiter_explain(waiter, i));
  }
}

static void* create_finder(void) {
  portend_finder* finder = NULL;
  CHECK(portend_finder_create(&finder) == PORTEND_OK);
  return finder;
}

static void destroy_finder(void* handle) { portend_finder_destroy(handle); }

static portend_status change_finder(void* handle, int step) {
  switch (step) {
    case 0:
      return portend_finder_set_host(handle, "0000:0000:0000:0000:0000:0000:0000:0001");
    case 1:
      return portend_finder_set_host(handle, "127.0.0.1");
    case 2:
      return portend_finder_set_name(handle, "a name that is too long to be kept without memory");
    case 3:
      return portend_finder_set_range(handle, busy_port, busy_port);
    default:
      break;
  }
  if (step < 12) return portend_finder_add_preferred(handle, busy_port, busy_port);
  return portend_finder_add_excluded(handle, step, step);
}

/* The message of a failed search mentions all options. */
static void describe_finder(void* handle, char* text) {
  int port = -7;
  CHECK(portend_finder_find(handle, &port, 1) == PORTEND_ERR_NO_PORT);
  snprintf(text, text_size, "%s", portend_finder_message(handle));
}

/* Waits in a group are started and end, each once, with any failures in between. */
enum { waits = 4 };

struct group_and_waits {
  portend_group* group;
  portend_waiter* waiters[waits];
  int ended[waits];
};

static void* create_group(void) {
  static struct group_and_waits all;
  memset(&all, 0, sizeof all);
  CHECK(portend_group_create(&all.group) == PORTEND_OK);
  for (int i = 0; i < waits; ++i) {
    all.waiters[i] = create_waiter();
    const portend_state wanted = i % 2 == 0 ? PORTEND_STATE_OCCUPIED : PORTEND_STATE_FREE;
    CHECK(portend_waiter_add(all.waiters[i], "localhost", busy_port, wanted, NULL) == PORTEND_OK);
  }
  return &all;
}

static void destroy_group(void* handle) {
  struct group_and_waits* all = handle;
  portend_group_destroy(all->group);
  for (int i = 0; i < waits; ++i) portend_waiter_destroy(all->waiters[i]);
}

static portend_status change_group(void* handle, int step) {
  struct group_and_waits* all = handle;
  if (step < waits) {
    return portend_group_start(all->group, all->waiters[step], PORTEND_ALL, step % 2 == 0 ? 20000 : 30, step);
  }
  int64_t id = -7;
  const portend_status status = portend_group_next(all->group, 20000, &id);
  if (status == PORTEND_OK) ++all->ended[id];
  return status;
}

static void describe_group(void* handle, char* text) {
  const struct group_and_waits* all = handle;
  for (int i = 0; i < waits; ++i) text[i] = (char)('0' + all->ended[i]);
  text[waits] = '\0';
}

static const struct subject subjects[] = {
    {"waiter", create_waiter, destroy_waiter, change_waiter, 15, describe_waiter},
    {"finder", create_finder, destroy_finder, change_finder, 20, describe_finder},
    {"group", create_group, destroy_group, change_group, 2 * waits, describe_group},
};

/* Refuses memory once, at this allocation, and repeats the change that failed. Returns whether it was
 * refused. */
static int change_all(const struct subject* subject, void* handle, long refused) {
  int reached = 0;
  begin_refusing(refused, refused);
  for (int step = 0; step < subject->steps; ++step) {
    const portend_status status = subject->change(handle, step);
    if (status == PORTEND_OK) continue;
    CHECK(status == PORTEND_ERR_NO_MEMORY);
    CHECK(subject->change(handle, step) == PORTEND_OK);
  }
  reached = end_refusing();
  return reached;
}

static void compare_with_fresh(void* context) {
  const struct subject* subject = context;
  static char expected[text_size];
  static char found[text_size];
  long refused = -1;
  int reached = 1;
  for (; reached && refused < most_refused; ++refused) {
    void* handle = subject->create();
    reached = change_all(subject, handle, refused) || refused < 0;
    subject->describe(handle, refused < 0 ? expected : found);
    subject->destroy(handle);
    if (refused < 0 || strcmp(expected, found) == 0) continue;
    fprintf(stderr, "%s, refused %ld:\n%s\ninstead of\n%s\n", subject->name, refused, found, expected);
    _Exit(1);
  }
  printf("%s: %ld allocations were refused\n", subject->name, refused - 1);
  CHECK(refused > 3);
}

static void a_change_that_fails_has_no_effect(void** state) {
  (void)state;
  busy_port = port_of(listening_socket());
  held_port = port_of(bound_socket());
  for (size_t i = 0; i < sizeof subjects / sizeof *subjects; ++i)
    in_child(compare_with_fresh, (void*)&subjects[i]);
}

int main(void) {
  const struct CMUnitTest tests[] = {quiet(a_change_that_fails_has_no_effect)};
  prepare_allocator();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
