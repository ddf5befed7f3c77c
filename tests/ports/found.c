/* SPDX-License-Identifier: MIT */
#include "found.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "support/clock.h"
#include "support/handles.h"
#include "support/socket.h"

const struct form forms[] = {
    {"127.0.0.1", strictly}, {"0.0.0.0", strictly}, {"::1", strictly},
    {"::", strictly},        {"::", dual_stack},    {"127.0.0.2", strictly},
};
const int form_count = sizeof forms / sizeof *forms;
const int usual_form_count = sizeof forms / sizeof *forms - 1;

static int count_forms(int port, int options, int among) {
  int count = 0;
  for (int i = 0; i < among; ++i) {
    count += can_bind(forms[i].address, port, forms[i].options | options);
  }
  return count;
}

/* A process that reads /proc/PID/fd at this moment, as parallel tests do, keeps a socket open that was just
 * closed. */
static bool can_soon_bind(const char* address, int port, int options) {
  const int64_t patience_us = 200000;
  const int64_t until = now_us() + patience_us;
  do {
    if (can_bind(address, port, options)) return true;
  } while (errno == EADDRINUSE && now_us() < until);
  return false;
}

bool can_bind_in_all_forms(int port, int options) {
  for (int i = 0; i < form_count; ++i) {
    if (can_soon_bind(forms[i].address, port, forms[i].options | options)) continue;
    print_error("Form %d, port %d of %s: %s\n", i, port, forms[i].address, strerror(errno));
    return false;
  }
  return true;
}
bool cannot_bind_in_any_form(int port, int options) {
  return cannot_bind_in_forms(port, options, form_count);
}
bool cannot_bind_in_forms(int port, int options, int count) { return count_forms(port, options, count) == 0; }

static void assert_bound_elsewhere(const struct form* form, int port) {
  enum { draws = 25 };
  for (int i = 0; i < 2 * draws; ++i) {
    const int fd = bind_socket(form->address, 0, form->options | (i % 2 == 0 ? strictly : reusing_address));
    assert_true(fd >= 0);
    keep(fd);
    assert_int_not_equal(port_of(fd), port);
    release(fd);
  }
}

static void assert_connects_from_other_ports(const char* address, int port) {
  enum { far_port = 20000, draws = 50 };
  const int listener = listen_on(address, far_port, reusing_address, draws);
  for (int i = 0; i < draws; ++i) {
    const int client = connect_to(address, far_port);
    assert_int_not_equal(port_of(client), port);
    reset(client);
    drain_queue(listener);
  }
  release(listener);
}

void assert_never_handed_out(int port, int count) {
  for (int i = 0; i < count; ++i) assert_bound_elsewhere(&forms[i], port);
  assert_connects_from_other_ports("127.0.0.1", port);
  assert_connects_from_other_ports("::1", port);
}

int find_one(portend_finder* finder) {
  int port = 0;
  assert_status(portend_finder_find(finder, &port, 1), PORTEND_OK);
  assert_in_range(port, 1, 65535);
  return port;
}

static int compare(const void* left, const void* right) { return *(const int*)left - *(const int*)right; }

bool are_distinct(int* ports, size_t count) {
  qsort(ports, count, sizeof *ports, compare);
  for (size_t i = 1; i < count; ++i) {
    if (ports[i - 1] == ports[i]) return false;
  }
  return true;
}
