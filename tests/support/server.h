/* SPDX-License-Identifier: MIT */
/* The kit (tests/kit/README.md): sockets in a process of its own, which does what it is told. */
#ifndef PORTEND_TEST_SUPPORT_SERVER_H
#define PORTEND_TEST_SUPPORT_SERVER_H

#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Its process calls itself so. */
#define SERVER_NAME "a (test) server"

struct server {
  pid_t pid;
  int orders;  /* a pipe to it */
  int answers; /* and one from it */
};

/* Starts it; it is ended when the test ends. */
struct server start_kit(void);

/* Gives it a command, and returns its answer, which the next command overwrites. */
const char* tell(const struct server* server, const char* form, ...) __attribute__((format(printf, 2, 3)));

/* A port server (portend/find.h) at an address of AF_UNIX, with a service of the kit: "port", "answer
 * 80\\n", "keep". */
struct server start_port_server(const char* address, const char* service);

/* A server, which listens and closes when it is told to. It does not listen yet. It sets SO_REUSEADDR,
 * as most do, and accepts nothing until it is asked how many came. `wishes` as with bind_socket
 * (support/socket.h). */
struct server start_server(const char* address, int port, int wishes);

/* These return when it is done. */
void server_listens(const struct server* server);
void server_closes(const struct server* server);

/* These return at once, and it happens so many milliseconds later. */
void server_will_listen(const struct server* server, int delay_ms);
void server_will_close(const struct server* server, int delay_ms);
void server_will_die(const struct server* server, int delay_ms);

/* It shuts its listener down (shutdown(2)) and keeps it open. */
void server_shuts_down(const struct server* server);
void server_will_shut_down(const struct server* server, int delay_ms);

/* Waits until what it will do is done, and tells when that was (support/clock.h). */
int64_t server_done_ns(const struct server* server);

/* How many connections it has got so far. */
int64_t server_connections(const struct server* server);

/* Kills it and leaves it unreaped, or not. */
void server_dies(const struct server* server);
void server_is_gone(const struct server* server);

#ifdef __cplusplus
}
#endif
#endif
