/* SPDX-License-Identifier: MIT */
/** @file The sockets of this machine: which process listens on a port, and why a port is in use. */
#ifndef PORTEND_SOCKETS_H
#define PORTEND_SOCKETS_H

#include <portend/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The kinds of sockets, one bit each.
 *
 * Since: 1.0
 */
enum {
  /** A TCP socket that listens. */
  PORTEND_SOCKETS_LISTENING = 1,
  /**
A TCP socket that is bound, not listening and not connected: a reservation, or a server that has
   * not called listen(2) yet. Listed by Linux 6.8 and later, unless netlink is refused.
   */
  PORTEND_SOCKETS_BOUND = 2,
  /**
One end of a TCP connection, from the attempt to connect until both sides have closed it. A
   * process that has closed its end does not own it any more: the pid is 0 and the user is "".
   */
  PORTEND_SOCKETS_CONNECTED = 4,
  /** A closed TCP connection, for a minute (RFC 9293, section 3.6.1). It has no owner. */
  PORTEND_SOCKETS_TIME_WAIT = 8,
  /** A UDP socket, with or without a peer. */
  PORTEND_SOCKETS_UDP = 16
};

/**
 * The sockets of this network namespace at one moment, sorted by port, address, kind and peer. A
 * snapshot does not change; any number of threads may read it at once. Opaque. Since: 1.0
 */
typedef struct portend_sockets portend_sockets;

/**
 * Takes a snapshot of the sockets whose local port is in a range. No socket is touched, and no
 * connection is made.
 *
 * Names and command lines may be set by other processes to any bytes. The snapshot makes them safe
 * to print: they are valid UTF-8, and "?" stands for each control character, each character that
 * reorders or breaks lines, and each byte that is not UTF-8.
 *
 * @param first_port   1 to 65535
 * @param last_port    first_port to 65535
 * @param kinds        one or more of PORTEND_SOCKETS_LISTENING and so on, or-ed
 * @param sockets_out  receives the snapshot; release it with portend_sockets_destroy
 *
 * @retval PORTEND_OK               `*sockets_out` holds the snapshot, which may be empty
 * @retval PORTEND_ERR_INVALID      a port is out of range, kinds is 0 or has other bits, or
 *                                  sockets_out is NULL
 * @retval PORTEND_ERR_UNSUPPORTED  this system lists no sockets (no netlink and no /proc)
 * @retval PORTEND_ERR_SYSTEM       the system refused a descriptor
 * @retval PORTEND_ERR_NO_MEMORY    out of memory
 *
 * Threads: any. Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_sockets_create(int first_port, int last_port, unsigned kinds,
                                                  portend_sockets **sockets_out) PORTEND_NOEXCEPT;

/** Destroys a snapshot and all its texts; NULL does nothing. Since: 1.0 */
PORTEND_API void portend_sockets_destroy(portend_sockets *sockets) PORTEND_NOEXCEPT;

/*
 * The getters below take an index from 0 to portend_sockets_count - 1. For any other index, and for
 * NULL, they return 0 or "". Texts are valid until portend_sockets_destroy.
 */

/** Returns the number of sockets; 0 for NULL. Since: 1.0 */
PORTEND_API int portend_sockets_count(const portend_sockets *sockets) PORTEND_NOEXCEPT;

/** Returns the kind of a socket: one of PORTEND_SOCKETS_LISTENING and so on. Since: 1.0 */
PORTEND_API unsigned portend_sockets_kind(const portend_sockets *sockets,
                                          int index) PORTEND_NOEXCEPT;

/** Returns the local address, numeric. Since: 1.0 */
PORTEND_API const char *portend_sockets_address(const portend_sockets *sockets,
                                                int index) PORTEND_NOEXCEPT;

/** Returns the local port. Since: 1.0 */
PORTEND_API int portend_sockets_port(const portend_sockets *sockets, int index) PORTEND_NOEXCEPT;

/**
 * Returns 1 for a socket without a peer that is bound to "::" and also accepts IPv4, else 0. If
 * netlink is refused, the system does not tell, and 1 is returned for each socket that is bound to
 * "::". Since: 1.0
 */
PORTEND_API int portend_sockets_dual_stack(const portend_sockets *sockets,
                                           int index) PORTEND_NOEXCEPT;

/** Returns the numeric address of the peer; "" if the socket has none. Since: 1.0 */
PORTEND_API const char *portend_sockets_peer_address(const portend_sockets *sockets,
                                                     int index) PORTEND_NOEXCEPT;

/** Returns the port of the peer; 0 if the socket has none. Since: 1.0 */
PORTEND_API int portend_sockets_peer_port(const portend_sockets *sockets,
                                          int index) PORTEND_NOEXCEPT;

/**
 * Returns the process that owns the socket; the oldest one if several do (a server and its
 * workers). 0 if no process owns it, or if it may not be inspected: a process of another user, or
 * outside of this container. Since: 1.0
 */
PORTEND_API int64_t portend_sockets_pid(const portend_sockets *sockets, int index) PORTEND_NOEXCEPT;

/** Returns the parent of that process; 0 if unknown. Since: 1.0 */
PORTEND_API int64_t portend_sockets_parent_pid(const portend_sockets *sockets,
                                               int index) PORTEND_NOEXCEPT;

/** Returns the name of that process, at most 15 characters; "" if unknown. Since: 1.0 */
PORTEND_API const char *portend_sockets_process(const portend_sockets *sockets,
                                                int index) PORTEND_NOEXCEPT;

/**
 * Returns the command line of that process, joined by spaces and truncated after 4096 bytes; "" if
 * unknown. Since: 1.0
 */
PORTEND_API const char *portend_sockets_command_line(const portend_sockets *sockets,
                                                     int index) PORTEND_NOEXCEPT;

/**
 * Returns the user who owns the socket, by name, or by number if there is no name; "" if no process
 * owns it. Since: 1.0
 */
PORTEND_API const char *portend_sockets_user(const portend_sockets *sockets,
                                             int index) PORTEND_NOEXCEPT;

/** Returns the remaining milliseconds of TIME_WAIT; 0 for other kinds. Since: 1.0 */
PORTEND_API int64_t portend_sockets_remaining_ms(const portend_sockets *sockets,
                                                 int index) PORTEND_NOEXCEPT;

/**
 * Explains by the sockets of a snapshot why a port is in use, in plain English and without a
 * period: "nginx (pid 4711, user www-data) listens on 0.0.0.0". If nothing listens, it names
 * sockets that are bound without listening, connections with their peers, and TIME_WAIT with its
 * seconds. It can name only kinds that are in the snapshot.
 *
 * @param sockets  the snapshot
 * @param port     any port of its range
 * @return text that is valid until portend_sockets_destroy; "" if no socket of the snapshot has the
 *         port, for NULL, and if memory runs out
 *
 * Threads: any number at once. Signals: not in a handler. Since: 1.0
 */
PORTEND_API const char *portend_sockets_explain(const portend_sockets *sockets,
                                                int port) PORTEND_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
