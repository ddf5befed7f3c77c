/* SPDX-License-Identifier: MIT */
/*
 * Sockets of tests. Addresses are numeric text. What is said to be kept is closed when the test
 * ends (support/test.h); what cannot be had fails the test.
 */
#ifndef PORTEND_TEST_SUPPORT_SOCKET_H
#define PORTEND_TEST_SUPPORT_SOCKET_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The options of bind_socket, or-ed. */
enum {
  strictly = 0,
  reusing_address = 1, /* SO_REUSEADDR */
  dual_stack = 2,      /* a socket on "::" that takes IPv4, too */
  over_udp = 4,
  reusing_port = 8 /* SO_REUSEPORT */
};

/* A socket bound there, or -1 with errno. It is close-on-exec. */
int bind_socket(const char* address, int port, int wishes);

/* Whether that could be bound now. */
bool can_bind(const char* address, int port, int wishes);

int port_of(int socket);

/* Keeps a descriptor until the test ends, and gives it back. */
int keep(int fd);

/* Closes a kept descriptor before. */
void release(int fd);

/* A port that is held bound on all addresses of this machine and does not listen: no other program
 * gets it, a connection to it is refused, and a server that sets SO_REUSEADDR may bind it. */
int closed_port(void);

/* A kept socket that listens there; port 0 for any. */
int listen_on(const char* address, int port, int wishes, int backlog);

/* A kept socket that is connected there. */
int connect_to(const char* address, int port);

/* The same, but not kept; -1 with errno if there is no connection. */
int try_to_connect(const char* address, int port);

/* Sockets on 127.0.0.1 that hold a port, and are not kept: one is refused, the other listens. */
int bound_socket(void);
int listening_socket(void);

/* The body of a thread: lets the socket `*fd` listen in a moment. */
void* listen_soon(void* fd);

/* Closes a kept connection by a reset, so that it is not left in TIME_WAIT. */
void reset(int connection);

/* Fills the accept queue of a listener of this process, by kept connections. */
void fill_queue(int listener, const char* address);

/* How many connections wait to be accepted; all are accepted and closed. */
int drain_queue(int listener);

/* Lines of /proc/net/tcp and tcp6 with this local or remote port that are in TIME_WAIT. */
int count_time_wait(int port);

/* Whether this machine (this namespace) has IPv6. */
bool has_ipv6(void);

#ifdef __cplusplus
}
#endif
#endif
