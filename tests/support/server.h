/* SPDX-License-Identifier: MIT */
/* The kit (tests/kit/README.md): sockets in another process, controlled by commands. */
#ifndef PORTEND_TEST_SUPPORT_SERVER_H
#define PORTEND_TEST_SUPPORT_SERVER_H

#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The name of the kit's process. */
#define SERVER_NAME "a (test) server"

struct server {
  pid_t pid;
  int orders;  /* a pipe to it */
  int answers; /* a pipe from it */
};

/* Starts the kit, which ends with the test. */
struct server start_kit(void);

/* Sends a command, and returns the answer. The next command overwrites it. */
const char* tell(const struct server* server, const char* form, ...) __attribute__((format(printf, 2, 3)));

/* Starts a port server (portend/find.h) at an address of AF_UNIX, with a service of the kit: "port",
 * "answer 80\\n", "keep". */
struct server start_port_server(const char* address, const char* service);

/* Makes a server, which listens and closes on request, and does not listen yet. It sets SO_REUSEADDR, as
 * most servers do, and accepts connections only to count them. `options` as in bind_socket
 * (support/socket.h). */
struct server start_server(const char* address, int port, int options);

/* These return when it has happened. */
void server_listens(const struct server* server);
void server_closes(const struct server* server);

/* These return at once; it happens after the delay. */
void server_will_listen(const struct server* server, int delay_ms);
void server_will_close(const struct server* server, int delay_ms);
void server_will_die(const struct server* server, int delay_ms);

/* Shuts the listener down (shutdown(2)), and keeps it open. */
void server_shuts_down(const struct server* server);
void server_will_shut_down(const struct server* server, int delay_ms);

/* Waits until delayed actions are done, and returns when the last one was (support/clock.h). */
int64_t server_done_ns(const struct server* server);

/* Returns how many connections the server has got so far. */
int64_t server_connections(const struct server* server);

/* Kills the server. The first function leaves it as a zombie, the second one reaps it. */
void server_dies(const struct server* server);
void server_is_gone(const struct server* server);

#ifdef __cplusplus
}
#endif
#endif
