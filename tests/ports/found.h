/* SPDX-License-Identifier: MIT */
/* What tests of ports share. They use fixed ports, in network namespaces of their own. Which
 * ports the system hands out is read once in a process: so the program itself never looks for
 * one, only its children do. */
#ifndef PORTEND_TEST_PORTS_FOUND_H
#define PORTEND_TEST_PORTS_FOUND_H

#include <stdbool.h>
#include <stddef.h>

#include <portend/find.h>

/* The forms in which a server may bind a port of this machine, as arguments of bind_socket
 * (support/socket.h). */
struct form {
  const char* address;
  int wishes;
};

extern const struct form forms[];
extern const int form_count;

/* The last of them binds an address that is neither a wildcard nor the usual loopback. */
extern const int usual_form_count;

/* Whether the port can be bound now in each form, by itself. */
bool can_bind_in_all_forms(int port, int wishes);

/* Whether it cannot be bound in any form; in any of the first `count`. */
bool cannot_bind_in_any_form(int port, int wishes);
bool cannot_bind_in_forms(int port, int wishes, int count);

/* That bind(2) to port 0 in the first `count` forms, with and without SO_REUSEADDR, and
 * connect(2) get other ports. Only where the system hands out so few that they would soon get
 * it. */
void assert_never_handed_out(int port, int count);

/* One port, and PORTEND_OK. */
int find_one(portend_finder* finder);

/* Whether all of them are distinct; sorts them. */
bool are_distinct(int* ports, size_t count);

#endif
