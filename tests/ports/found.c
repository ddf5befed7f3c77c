/* SPDX-License-Identifier: MIT */
#include "found.h"

#include <stdlib.h>

#include "support/handles.h"
#include "support/socket.h"

const struct form forms[] = {
    {"127.0.0.1", strictly}, {"0.0.0.0", strictly}, {"::1", strictly},
    {"::", strictly},        {"::", dual_stack},    {"127.0.0.2", strictly},
};
const int form_count = sizeof forms / sizeof *forms;

static int count_forms(int port, int wishes) {
  int count = 0;
  for (int i = 0; i < form_count; ++i) {
    count += can_bind(forms[i].address, port, forms[i].wishes | wishes);
  }
  return count;
}

bool can_bind_in_all_forms(int port, int wishes) { return count_forms(port, wishes) == form_count; }
bool cannot_bind_in_any_form(int port, int wishes) { return count_forms(port, wishes) == 0; }

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
