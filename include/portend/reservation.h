/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Reserves ports for servers that are started later.
 *
 * A reservation keeps sockets that are bound and do not listen. While it lives, the system hands
 * the port to no other process, a connection to it is refused, and no second reservation gets
 * it. A server that asks for this very number with SO_REUSEADDR (socket(7)), as most servers
 * do, can bind it: the one that the port is for, and any other. There are three ways to
 * hand the port over:
 *
 * by number      keep the reservation, and start a server that sets SO_REUSEADDR
 * by descriptor  let a server listen on the sockets (portend_reservation_fd); no other way
 *                serves UDP
 * parked         portend_reservation_park closes the sockets and leaves the port in TIME_WAIT,
 *                for a process that starts after this one has ended
 *
 * A port is reserved until the last process that inherited one of its sockets has ended or
 * closed it.
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
 * Reserves a port as the options of a finder say.
 *
 * On all addresses of the machine the port is free for a server that sets SO_REUSEADDR, whatever
 * the host and the family of the finder are. TIME_WAIT and connections of a server that is gone
 * may be left on it if the finder allows that: preferred ports, a range that has no other.
 *
 * @param finder           NULL for no options
 * @param reservation_out  receives the reservation; end it with portend_reservation_destroy
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
 * Reserves several ports in one search: all, or none. They follow one another if the finder
 * says so (portend_finder_set_consecutive).
 *
 * @param finder            NULL for no options
 * @param reservations_out  receives the reservations; end each with portend_reservation_destroy
 * @param count             how many, 1 to 65535; each needs a descriptor or more
 *
 * @retval PORTEND_OK           `reservations_out` holds as many new reservations
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
 * Releases the port and closes its descriptors. Call dup(2) first to keep one: it keeps the
 * port also.
 *
 * @param reservation  NULL does nothing
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API void portend_reservation_destroy(portend_reservation *reservation) PORTEND_NOEXCEPT;

/** The port; 0 for NULL. Since: 1.0 */
PORTEND_API int portend_reservation_port(portend_reservation *reservation) PORTEND_NOEXCEPT;

/**
 * How many sockets a server can serve on: one for each address of the finder's host, or one for
 * both families together if the host is NULL; the same number again for UDP, behind those for
 * TCP. 0 for NULL and after portend_reservation_park. Since: 1.0
 */
PORTEND_API int portend_reservation_fd_count(portend_reservation *reservation) PORTEND_NOEXCEPT;

/**
 * A socket, bound to the port, that a server can listen on or a child can inherit. It belongs to
 * the reservation, is close-on-exec, and blocks.
 *
 * A socket for UDP is made by the first call for its index. Before, a datagram to the port is
 * refused (ICMP); from then on it waits to be received. So ask only for sockets that a server
 * receives from. Such a port cannot be bound by number, with SO_REUSEADDR or without.
 *
 * @param index  0 to portend_reservation_fd_count - 1
 * @return the descriptor; -1 for a wrong index or NULL, or if the system refuses the socket
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API int portend_reservation_fd(portend_reservation *reservation,
                                       int index) PORTEND_NOEXCEPT;

/**
 * Lets all sockets for TCP listen (listen(2)): from now on connections are queued until a server
 * accepts them, and no process can bind the port by number.
 *
 * Close the reservation as soon as the server has the sockets: if the server ends while this
 * process keeps them, clients connect and get no answer.
 *
 * @param backlog  1 or more; the system has a limit of its own
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
 * Lets programs inherit the reservation that this process executes (execve(2)): it duplicates
 * what keeps the port to the highest free descriptors below the soft limit and 1024, without
 * close-on-exec. portend_reservation_destroy does not close them: the port stays reserved until
 * this process and all that inherited them have ended.
 *
 * @retval PORTEND_OK           the descriptors are open
 * @retval PORTEND_ERR_INVALID  the reservation is NULL, parked or listens
 * @retval PORTEND_ERR_SYSTEM   no descriptor is free
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_reservation_inherit(portend_reservation *reservation)
    PORTEND_NOEXCEPT;

/**
 * Closes the sockets and leaves the port in TIME_WAIT on both families (RFC 9293, section
 * 3.6.1): for about a minute, which no process has to live for, the system hands it to no
 * process, while a server that sets SO_REUSEADDR can bind it, and a finder that prefers it finds
 * it. (A bind to port 0 on one address alone may still get it, other than 127.0.0.1, ::1 and
 * those of the finder's host.) Meanwhile the port listens for a moment, on those addresses.
 * TIME_WAIT is a state of TCP: a port for UDP is released.
 *
 * @param seconds_out  receives how long that lasts; may be NULL
 *
 * @retval PORTEND_OK               parked; the descriptors are closed
 * @retval PORTEND_ERR_INVALID      the reservation is NULL, listens or was parked already
 * @retval PORTEND_ERR_SYSTEM       the system refused a socket; the port is still reserved
 * @retval PORTEND_ERR_UNSUPPORTED  its addresses cannot be parked (no loopback); the port is
 *                                  still reserved
 *
 * Takes a second an address at most. Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_reservation_park(portend_reservation *reservation,
                                                    int *seconds_out) PORTEND_NOEXCEPT;

/**
 * What the reservation does, as text for people: how the port is kept, for how long, and what a
 * server has to set. Valid until the next call on it. Since: 1.0
 */
PORTEND_API const char *portend_reservation_explain(portend_reservation *reservation)
    PORTEND_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
