/* SPDX-License-Identifier: MIT */
/* Concurrent searches get different ports. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "found.h"
#include "support/child.h"
#include "support/handles.h"
#include "support/process.h"
#include "support/socket.h"

enum { thousands = 4000, most_processes = 8, each = 100 };

static void find_into(int* ports, int count) {
  for (int i = 0; i < count; ++i) assert_status(portend_find_port(NULL, &ports[i]), PORTEND_OK);
}

static void thousands_of_calls_give_different_ports(void** state) {
  (void)state;
  int ports[thousands];
  find_into(ports, thousands);
  assert_true(are_distinct(ports, thousands));
}

struct thread_ports {
  int ports[thousands / 2];
  int failures;
};

static void* find_in_thread(void* context) {
  struct thread_ports* self = context;
  for (int i = 0; i < thousands / 2; ++i) {
    self->failures += portend_find_port(NULL, &self->ports[i]) != PORTEND_OK;
  }
  return NULL;
}

static void two_threads_get_different_ports(void** state) {
  (void)state;
  static struct thread_ports found[2];
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i) {
    assert_int_equal(pthread_create(&threads[i], NULL, find_in_thread, &found[i]), 0);
  }
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
  int all[thousands];
  memcpy(all, found[0].ports, sizeof found[0].ports);
  memcpy(all + thousands / 2, found[1].ports, sizeof found[1].ports);
  assert_int_equal(found[0].failures + found[1].failures, 0);
  assert_true(are_distinct(all, thousands));
}

static int* shared_room(size_t count) {
  int* room = mmap(NULL, count * sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  assert_ptr_not_equal(room, MAP_FAILED);
  return room;
}

static void find_each(void* ports) { find_into(ports, each); }

static void processes_that_were_forked_get_different_ports(void** state) {
  (void)state;
  int* ports = shared_room((size_t)most_processes * each);
  pid_t children[most_processes];
  for (int i = 0; i < most_processes; ++i) children[i] = begin_child(find_each, ports + i * each);
  for (int i = 0; i < most_processes; ++i) await_child(children[i]);
  assert_true(are_distinct(ports, (size_t)most_processes * each));
}

static void a_child_gets_other_ports_than_its_parent(void** state) {
  (void)state;
  int* ports = shared_room(3 * each);
  find_into(ports, each);
  const pid_t child = begin_child(find_each, ports + each);
  find_into(ports + 2 * each, each);
  await_child(child);
  assert_true(are_distinct(ports, 3 * each));
}

struct errand {
  int* go;
  int* ports;
};

enum { many_each = 2000 };

static void find_many_when_told(void* context) {
  const struct errand* errand = context;
  while (__atomic_load_n(errand->go, __ATOMIC_SEQ_CST) == 0) usleep(100);
  if (*errand->go == 1) find_into(errand->ports, many_each);
}

/* Two processes with successive IDs, like programs that are started together. */
static void neighboring_processes_get_different_ports_for_thousands_of_calls(void** state) {
  (void)state;
  int* room = shared_room(2 * many_each + 1);
  struct errand errands[2] = {{room, room + 1}, {room, room + 1 + many_each}};
  for (int tries = 0; tries < 100; ++tries) {
    *room = 0;
    const pid_t first = begin_child(find_many_when_told, &errands[0]);
    const pid_t second = begin_child(find_many_when_told, &errands[1]);
    const bool are_neighbors = second == first + 1;
    __atomic_store_n(room, are_neighbors ? 1 : 2, __ATOMIC_SEQ_CST);
    await_child(first);
    await_child(second);
    if (!are_neighbors) continue;
    assert_true(are_distinct(room + 1, 2 * many_each));
    return;
  }
  fail_msg("No two children had numbers that follow each other.");
}

static void read_ports(FILE* program, int* ports) {
  for (int i = 0; i < each; ++i) assert_int_equal(fscanf(program, "%d", &ports[i]), 1);
  assert_int_equal(pclose(program), 0);
}

static void programs_get_different_ports(void** state) {
  (void)state;
  char self[4096];
  const ssize_t length = readlink("/proc/self/exe", self, sizeof self - 16);
  assert_true(length > 0);
  strcpy(self + length, " find");
  FILE* programs[most_processes];
  int ports[most_processes * each];
  for (int i = 0; i < most_processes; ++i) {
    programs[i] = popen(self, "re");
    assert_non_null(programs[i]);
  }
  for (int i = 0; i < most_processes; ++i) read_ports(programs[i], ports + i * each);
  assert_true(are_distinct(ports, (size_t)most_processes * each));
}

static int print_ports(void) {
  for (int i = 0; i < each; ++i) {
    int port = 0;
    if (portend_find_port(NULL, &port) != PORTEND_OK) return EXIT_FAILURE;
    printf("%d\n", port);
  }
  return EXIT_SUCCESS;
}

static void ports_that_are_asked_for_together_are_distinct(void** state) {
  (void)state;
  enum { together = 1000 };
  assert_true(allow_descriptors(together + 100));
  portend_finder* finder = new_finder();
  int ports[together];
  for (int i = 0; i < 10; ++i) {
    const int descriptors = open_descriptors();
    assert_status(portend_finder_find(finder, ports, together), PORTEND_OK);
    assert_int_equal(open_descriptors(), descriptors);
    for (int j = 0; j < together; j += 50) assert_true(can_bind_in_all_forms(ports[j], strictly));
    assert_true(are_distinct(ports, together));
  }
}

int main(int argc, char** argv) {
  if (argc == 2 && strcmp(argv[1], "find") == 0) return print_ports();
  const struct CMUnitTest tests[] = {
      quiet(thousands_of_calls_give_different_ports),
      quiet(two_threads_get_different_ports),
      quiet(processes_that_were_forked_get_different_ports),
      quiet(a_child_gets_other_ports_than_its_parent),
      quiet(neighboring_processes_get_different_ports_for_thousands_of_calls),
      quiet(programs_get_different_ports),
      quiet(ports_that_are_asked_for_together_are_distinct),
  };
  return cmocka_run_group_tests_name("different ports", tests, NULL, NULL);
}
