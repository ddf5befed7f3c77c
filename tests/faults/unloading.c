/* SPDX-License-Identifier: MIT */
/* The library is loaded and unloaded (dlopen(3)) while it has look-ups under way. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <unistd.h>

#include <portend/status.h>

#include "support/child.h"
#include "support/clock.h"
#include "support/network.h"
#include "support/process.h"
#include "support/socket.h"
#include "support/test.h"

static int held;
static atomic_int may_end;

struct library {
  void* handle;
  int (*occupied)(const char*, int, int64_t);
  const char* (*last_error)(void);
  const char* (*version)(void);
};

static struct library load(void) {
  struct library library = {.handle = dlopen(PORTEND_LIBRARY, RTLD_NOW | RTLD_LOCAL)};
  CHECK(library.handle != NULL);
  *(void**)&library.occupied = dlsym(library.handle, "portend_occupied");
  *(void**)&library.last_error = dlsym(library.handle, "portend_last_error");
  *(void**)&library.version = dlsym(library.handle, "portend_version");
  CHECK(library.occupied != NULL && library.last_error != NULL && library.version != NULL);
  return library;
}

static void wait_and_unload(void* host) {
  for (int i = 0; i < 5; ++i) {
    const struct library library = load();
    CHECK(library.occupied(host, port_of(held), 20) == PORTEND_ERR_TIMEOUT);
    CHECK(library.last_error()[0] != '\0');
    CHECK(dlclose(library.handle) == 0);
  }
  CHECK(comes_to(live_threads, 1, 20));
  const struct library library = load();
  CHECK(library.version()[0] != '\0');
  CHECK(library.occupied(host, port_of(held), 20) == PORTEND_ERR_TIMEOUT);
}

static void it_is_unloaded_after_a_wait(void** state) {
  (void)state;
  in_child(wait_and_unload, "127.0.0.1");
}

static void it_is_unloaded_while_a_look_up_hangs(void** state) {
  (void)state;
  if (!has_own_names()) skip_because("a resolver that hangs is refused here");
  in_child(wait_and_unload, "hanging.test");
}

static void* fail_and_stay(void* library) {
  CHECK(((struct library*)library)->occupied("127.0.0.1", port_of(held), 1) == PORTEND_ERR_TIMEOUT);
  atomic_fetch_add(&may_end, 1);
  while (atomic_load(&may_end) < 2) sleep_ms(1);
  return NULL;
}

static void a_thread_that_used_it_ends_after_it_is_unloaded(void** state) {
  (void)state;
  pthread_t thread;
  struct library library = load();
  CHECK(pthread_create(&thread, NULL, fail_and_stay, &library) == 0);
  while (atomic_load(&may_end) == 0) sleep_ms(1);
  CHECK(dlclose(library.handle) == 0);
  atomic_fetch_add(&may_end, 1);
  CHECK(pthread_join(thread, NULL) == 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_is_unloaded_after_a_wait),
      cmocka_unit_test(it_is_unloaded_while_a_look_up_hangs),
      forked(a_thread_that_used_it_ends_after_it_is_unloaded),
  };
  isolate_program(1);
  held = bound_socket();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
