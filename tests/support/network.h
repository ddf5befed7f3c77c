/* SPDX-License-Identifier: MIT */
/* A network namespace (support/child.h), and what is in it. */
#ifndef PORTEND_TEST_SUPPORT_NETWORK_H
#define PORTEND_TEST_SUPPORT_NETWORK_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Gives this process a network namespace of its own, with lo up; to an ordinary user by a user
 * namespace, where it is root. Returns why that is refused, or NULL. */
const char* enter_network(void);

/* Leaves a descriptor open in the program that is executed. */
void keep_over_exec(int fd);

/* Also gives it processes, and a resolver: known.test is 127.0.0.1, and every other name is asked of
 * a server that never answers, for so many seconds. The rest of the program runs in a child. If that
 * is refused the reason is printed, and has_own_names() is false. */
void isolate_program(int resolver_seconds);
bool has_own_names(void);

void bring_up(const char* interface);
void take_down(const char* interface);

/* "net/ipv4/ip_local_port_range" */
void set_sysctl(const char* name, const char* value);

/* A network 10.66.0.0/24 from which no machine ever answers; this machine is 10.66.0.1 there.
 * Returns a descriptor that gives a packet a read, and never blocks. */
int make_silent_network(void);

/* Answers the attempts to connect there that have come since the last time, by accepting or by
 * refusing them, or drops them; returns how many there were. What the kernel repeats also counts. */
enum answer { to_drop, to_accept, to_refuse };
int answer_attempts(int network, enum answer answer);

/* From now on names are looked up in this file of hosts (hosts(5)) alone. Needs a namespace of
 * mounts, which it makes. */
void use_hosts_file(const char* path);

#ifdef __cplusplus
}
#endif
#endif
