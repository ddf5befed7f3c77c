/* SPDX-License-Identifier: MIT */
/* Inside a network namespace of one's own (support/child.h). */
#ifndef PORTEND_TEST_SUPPORT_NETWORK_H
#define PORTEND_TEST_SUPPORT_NETWORK_H

#ifdef __cplusplus
extern "C" {
#endif

/* Loopback is not up of itself. */
void bring_up(const char* interface);
void take_down(const char* interface);

/* "net/ipv4/ip_local_port_range" */
void set_sysctl(const char* name, const char* value);

/* A network 10.66.0.0/24 from which nobody ever answers; this machine is 10.66.0.1 there.
 * Returns a descriptor that gives a packet a read, and never blocks. */
int make_silent_network(void);

/* Answers the attempts to connect there that have come since the last time, by accepting or by
 * refusing them, or drops them; returns how many there were. What the kernel repeats counts too. */
enum answer { to_drop, to_accept, to_refuse };
int answer_attempts(int network, enum answer answer);

/* From now on names are looked up in this file of hosts (hosts(5)) alone. Needs a namespace of
 * mounts, which it makes. */
void use_hosts_file(const char* path);

#ifdef __cplusplus
}
#endif
#endif
