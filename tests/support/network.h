/* SPDX-License-Identifier: MIT */
/* A network namespace (support/child.h), and its contents. */
#ifndef PORTEND_TEST_SUPPORT_NETWORK_H
#define PORTEND_TEST_SUPPORT_NETWORK_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Gives this process its own network namespace, with lo up. An ordinary user gets it in a user namespace,
 * and is root there. Returns why that is refused, or NULL. */
const char* enter_network(void);

/* Leaves a descriptor open across exec. */
void keep_over_exec(int fd);

/* Also gives the program its own process namespace and resolver: known.test is 127.0.0.1, and every other
 * name is asked of a server that never answers, for `resolver_seconds`. The rest of the program runs in a
 * child. If that is refused, prints the reason, and has_own_names() returns false. */
void isolate_program(int resolver_seconds);
bool has_own_names(void);

void bring_up(const char* interface);
void take_down(const char* interface);

/* `name` is, for example, "net/ipv4/ip_local_port_range". */
void set_sysctl(const char* name, const char* value);

/* Makes a network 10.66.0.0/24 from which no machine answers; this machine is 10.66.0.1 in it. Returns a
 * non-blocking descriptor that gives one packet per read. Skips the test if that is refused; the other
 * function returns why, or NULL. */
int make_silent_network(void);
const char* refusal_of_silent_network(void);

/* Handles the attempts to connect there since the last call: accepts, refuses or drops them. Returns
 * their number, with the repetitions of the kernel. */
enum answer { to_drop, to_accept, to_refuse };
int answer_attempts(int network, enum answer answer);

/* Looks names up only in this file of hosts (hosts(5)) from now on. Makes a mount namespace for that, or
 * skips the test. */
void use_hosts_file(const char* path);

/* Returns why mounts of a mount namespace could also be seen outside of it, or NULL. */
const char* refusal_of_mounts(void);

#ifdef __cplusplus
}
#endif
#endif
