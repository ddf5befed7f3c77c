/* SPDX-License-Identifier: MIT */
/* Helpers for tests of ports. The tests use fixed ports in their own network namespaces. The ephemeral
 * range is read once per process. So the program itself never searches for a port; only its children do. */
#ifndef PORTEND_TEST_PORTS_FOUND_H
#define PORTEND_TEST_PORTS_FOUND_H

#include <stdbool.h>
#include <stddef.h>

#include <portend/find.h>

/* The forms in which a server may bind a port of this machine, as arguments of bind_socket
 * (support/socket.h). */
struct form {
  const char* address;
  int options;
};

extern const struct form forms[];
extern const int form_count;

/* The last form binds an address that is neither a wildcard nor the usual loopback. */
extern const int usual_form_count;

/* Whether the port can be bound now in each form separately. */
bool can_bind_in_all_forms(int port, int options);

/* Whether the port cannot be bound in any form, or in any of the first `count`. */
bool cannot_bind_in_any_form(int port, int options);
bool cannot_bind_in_forms(int port, int options, int count);

/* Checks that bind(2) to port 0 in the first `count` forms, with and without SO_REUSEADDR, and connect(2)
 * get other ports. Use it only if the ephemeral range is so small that they would soon get the port. */
void assert_never_handed_out(int port, int count);

/* Finds one port; the status must be PORTEND_OK. */
int find_one(portend_finder* finder);

/* Whether all ports are distinct; sorts them. */
bool are_distinct(int* ports, size_t count);

#endif
