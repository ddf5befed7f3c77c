/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Reserves ports for servers that are started later.
 *
 * A reservation keeps sockets that are bound and do not listen. While it lives, the system assigns
 * the port to no other process, a connection to it is refused, and no other reservation gets it. A
 * server that binds this port by number with SO_REUSEADDR (socket(7)), as most servers do,
 * succeeds. This is true for the intended server, and for any other. There are three ways to hand
 * the port over:
 *
 * by number      keep the reservation, and start a server that sets SO_REUSEADDR
 * by descriptor  let a server listen on the sockets (portend_reservation_fd); the only way for UDP
 * parked         portend_reservation_park closes the sockets and leaves the port in TIME_WAIT,
 *                for a process that starts after this one has ended
 *
 * A port stays reserved until every process that inherited one of its sockets has ended or closed
 * it.
 */
#ifndef PORTEND_RESERVATION_H
#define PORTEND_RESERVATION_H

#include <portend/find.h>
#include <portend/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A reserved port. Opaque. Use it from one thread at a time. Since: 1.0 */
typedef struct portend_reservation portend_reservation;

/**
 * Reserves a port with the options of a finder.
 *
 * The port is free on all addresses of the machine for a server that sets SO_REUSEADDR, regardless
 * of the host and the family of the finder. It may have TIME_WAIT or connections of a server that
 * has ended if the finder allows that: with preferred ports, or a range without another port.
 *
 * @param finder           NULL for no options
 * @param reservation_out  receives the reservation; release it with portend_reservation_destroy
 *
 * @retval PORTEND_OK           `*reservation_out` holds the new reservation
 * @retval PORTEND_ERR_INVALID  reservation_out is NULL, or another thread uses the finder
 * @retval others               as with portend_finder_find
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_reservation_create(
    portend_finder *finder, portend_reservation **reservation_out) PORTEND_NOEXCEPT;

/**
 * Reserves several ports in one search: all, or none. They are adjacent if
 * portend_finder_set_consecutive is set.
 *
 * @param finder            NULL for no options
 * @param reservations_out  receives the reservations; release each with portend_reservation_destroy
 * @param count             how many, 1 to 65535; each needs one or more descriptors
 *
 * @retval PORTEND_OK           `reservations_out` holds `count` new reservations
 * @retval PORTEND_ERR_INVALID  reservations_out is NULL, count is out of range, or another thread
 *                              uses the finder
 * @retval others               as with portend_finder_find
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_reservation_create_many(portend_finder *finder,
                                                           portend_reservation **reservations_out,
                                                           size_t count) PORTEND_NOEXCEPT;

/**
 * Releases the port and closes its descriptors. To keep a descriptor, and the port with it, call
 * dup(2) first.
 *
 * @param reservation  NULL does nothing
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API void portend_reservation_destroy(portend_reservation *reservation) PORTEND_NOEXCEPT;

/** Returns the port; 0 for NULL. Since: 1.0 */
PORTEND_API int portend_reservation_port(portend_reservation *reservation) PORTEND_NOEXCEPT;

/**
 * Returns the number of sockets for a server: one for each address of the finder's host, or one for
 * both families if the host is NULL. If UDP is set, the same number follows for UDP. 0 for NULL and
 * after portend_reservation_park. Since: 1.0
 */
PORTEND_API int portend_reservation_fd_count(portend_reservation *reservation) PORTEND_NOEXCEPT;

/**
 * Returns a socket that is bound to the port, for a server to listen on or a child to inherit. It
 * belongs to the reservation, is close-on-exec, and blocks.
 *
 * A UDP socket is created by the first call for its index. Before that call, a datagram to the port
 * is refused (ICMP); after it, datagrams wait to be received. So get only sockets that a server
 * receives from. A port that is reserved for UDP cannot be bound for UDP by number, with or without
 * SO_REUSEADDR.
 *
 * @param index  0 to portend_reservation_fd_count - 1
 * @return the descriptor; -1 for a wrong index or NULL, or if the system refuses the socket
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API int portend_reservation_fd(portend_reservation *reservation,
                                       int index) PORTEND_NOEXCEPT;

/**
 * Makes all TCP sockets listen (listen(2)). From now on connections are queued until a server
 * accepts them, and no process can bind the port by number.
 *
 * Destroy the reservation as soon as the server has the sockets: if the server ends while this
 * process keeps them, clients connect and get no answer.
 *
 * @param backlog  1 or more; the system may lower it
 *
 * @retval PORTEND_OK           the sockets listen
 * @retval PORTEND_ERR_INVALID  the reservation is NULL or parked, or backlog is below 1
 * @retval PORTEND_ERR_SYSTEM   the system refused
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_reservation_listen(portend_reservation *reservation,
                                                      int backlog) PORTEND_NOEXCEPT;

/**
 * Lets programs that this process executes (execve(2)) inherit the reservation. Duplicates the
 * sockets that keep the port to the highest free descriptors below the soft limit and 1024, without
 * close-on-exec. portend_reservation_destroy does not close them: the port stays reserved until
 * this process and all that inherited them have ended.
 *
 * @retval PORTEND_OK           the descriptors are open
 * @retval PORTEND_ERR_INVALID  the reservation is NULL, is parked, or listens
 * @retval PORTEND_ERR_SYSTEM   no descriptor is free
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_reservation_inherit(portend_reservation *reservation)
    PORTEND_NOEXCEPT;

/**
 * Closes the sockets, and leaves the port in TIME_WAIT on both families (RFC 9293, section 3.6.1).
 * For about a minute, also after this process has ended, the system assigns the port to no process.
 * A server that sets SO_REUSEADDR can bind it, and on Linux a finder that prefers the port finds
 * it. (A bind to port 0 on a single other address may still get it. 127.0.0.1, ::1 and those of the
 * finder's host are protected.) The port listens for a moment on the protected addresses. TIME_WAIT
 * is a state of TCP: for UDP the port is released.
 *
 * @param seconds_out  receives the duration in seconds; may be NULL
 *
 * @retval PORTEND_OK               the port is parked, and the descriptors are closed
 * @retval PORTEND_ERR_INVALID      the reservation is NULL, listens or was parked already
 * @retval PORTEND_ERR_SYSTEM       the system refused a socket; the port is still reserved
 * @retval PORTEND_ERR_UNSUPPORTED  its addresses cannot be parked (no loopback); the port is
 *                                  still reserved
 *
 * Takes at most one second per address. Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_reservation_park(portend_reservation *reservation,
                                                    int *seconds_out) PORTEND_NOEXCEPT;

/**
 * Explains for people how the port is kept, for how long, and what a server must set. Valid until
 * the next call on the reservation. Since: 1.0
 */
PORTEND_API const char *portend_reservation_explain(portend_reservation *reservation)
    PORTEND_NOEXCEPT;

/**
 * Returns a port that this process found or reserved and that its server does not use any more.
 *
 * A port server (portend_finder_set_port_server) takes no port back before this process has ended,
 * so its port is found again before the port server is asked. A port that was found by its number
 * is found again at once. Other ports need no return. A child after fork(2) does not find the ports
 * that its parent returned.
 *
 * @param port  1 to 65535
 *
 * @retval PORTEND_OK           a later search may find the port
 * @retval PORTEND_ERR_INVALID  the port is out of range
 *
 * Threads: any. Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_return_port(int port) PORTEND_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
