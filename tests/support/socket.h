/* SPDX-License-Identifier: MIT */
/*
 * Sockets of tests. Addresses are numeric text. Kept descriptors are closed at the end of the test
 * (support/test.h). A failure to get a socket fails the test.
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
  dual_stack = 2,      /* a socket on "::" that also accepts IPv4 */
  over_udp = 4,
  reusing_port = 8 /* SO_REUSEPORT */
};

/* Returns a bound socket, or -1 with errno. The socket is close-on-exec. */
int bind_socket(const char* address, int port, int options);

/* Whether this endpoint can be bound now. */
bool can_bind(const char* address, int port, int options);

int port_of(int socket);

/* Keeps a descriptor until the end of the test, and returns it. */
int keep(int fd);

/* Closes a kept descriptor early. */
void release(int fd);

/* Returns a port that is kept bound on all addresses of this machine and does not listen. No other
 * program gets it, a connection to it is refused, and a server that sets SO_REUSEADDR may bind it. */
int closed_port(void);

/* Returns a kept socket that listens; 0 stands for any port. */
int listen_on(const char* address, int port, int options, int backlog);

/* Returns a kept socket that is connected. */
int connect_to(const char* address, int port);

/* Does the same without keeping the socket; -1 with errno if there is no connection. */
int try_to_connect(const char* address, int port);

/* Return sockets on 127.0.0.1 that are not kept: the first is bound and refuses, the second listens. */
int bound_socket(void);
int listening_socket(void);

/* A thread function: makes the socket `*fd` listen after a moment. */
void* listen_soon(void* fd);

/* Closes a kept connection with a reset, so that it does not stay in TIME_WAIT. */
void reset(int connection);

/* Fills the accept queue of a listener of this process with kept connections. */
void fill_queue(int listener, const char* address);

/* Accepts and closes all waiting connections, and returns their number. */
int drain_queue(int listener);

/* Counts the entries of /proc/net/tcp and tcp6 in TIME_WAIT with this local or remote port. */
int count_time_wait(int port);

/* Whether this network namespace has IPv6. */
bool has_ipv6(void);

#ifdef __cplusplus
}
#endif
#endif
