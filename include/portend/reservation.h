/* SPDX-License-Identifier: MIT */
/**
 * @file
 * A port that nobody else can take.
 *
 * A reservation keeps sockets that are bound and do not listen. While it lives, the system
 * hands the port to nobody, a connection to it is refused, and a server that sets
 * SO_REUSEADDR (socket(7)), as most do, can bind it by number and serve. So there is no
 * moment between finding and serving in which somebody else takes the port. There are
 * three ways to hand it over:
 *
 * by number      keep the reservation, start a server that sets SO_REUSEADDR
 * by descriptor  let a server listen on the sockets (portend_reservation_fd)
 * parked         portend_reservation_park closes the sockets and leaves the port in
 *                TIME_WAIT, for a process that starts after this one has ended
 */
#ifndef PORTEND_RESERVATION_H
#define PORTEND_RESERVATION_H

#include <portend/find.h>
#include <portend/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A held port. Opaque. Use it from one thread at a time. Since: 1.0 */
typedef struct portend_reservation portend_reservation;

/**
 * Reserves a port as the finder's wishes are.
 *
 * @param finder           NULL for no wishes
 * @param reservation_out  receives it; end it with portend_reservation_destroy
 *
 * @retval PORTEND_OK           the port is held
 * @retval PORTEND_ERR_INVALID  reservation_out is NULL, or another thread uses the finder
 * @retval others               as with portend_finder_find
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_reservation_create(
    portend_finder *finder, portend_reservation **reservation_out) PORTEND_NOEXCEPT;

/**
 * Lets the port go. Descriptors that were handed out are closed, too: whoever wants to
 * keep one duplicates it (dup(2)) before.
 *
 * @param reservation  NULL is fine
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API void portend_reservation_destroy(portend_reservation *reservation) PORTEND_NOEXCEPT;

/** The port; 0 for NULL. Since: 1.0 */
PORTEND_API int portend_reservation_port(portend_reservation *reservation) PORTEND_NOEXCEPT;

/**
 * How many sockets a server can listen on: one for each address of the finder's host, and
 * one for both families together where the host is NULL; 0 for NULL and after
 * portend_reservation_park. Since: 1.0
 */
PORTEND_API int portend_reservation_fd_count(portend_reservation *reservation) PORTEND_NOEXCEPT;

/**
 * A socket, bound to the port, that a server can listen on or a child can inherit. It is
 * the reservation's, close-on-exec, and blocking.
 *
 * @param index  0 to portend_reservation_fd_count - 1
 * @return the descriptor, or -1 for a wrong index or NULL
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API int portend_reservation_fd(portend_reservation *reservation,
                                       int index) PORTEND_NOEXCEPT;

/**
 * Lets all the sockets listen (listen(2)): from now on connections are queued for whoever
 * accepts, and nobody can bind the port by number.
 *
 * @param backlog  1 or more; the system has a limit of its own
 *
 * @retval PORTEND_OK           they listen
 * @retval PORTEND_ERR_INVALID  the reservation is NULL or parked, or backlog is below 1
 * @retval PORTEND_ERR_SYSTEM   the system refused
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_reservation_listen(portend_reservation *reservation,
                                                      int backlog) PORTEND_NOEXCEPT;

/**
 * Closes the sockets and leaves the port in TIME_WAIT on both families (RFC 9293, section
 * 3.6.1): for about a minute, which no process has to live for, the system hands it to
 * nobody, while a server that sets SO_REUSEADDR can bind it. (It may still give it to
 * somebody who binds port 0 on one address alone, other than 127.0.0.1, ::1 and those of
 * the finder's host.)
 *
 * @param seconds_out  receives how long that lasts; may be NULL
 *
 * @retval PORTEND_OK               parked; the descriptors are closed
 * @retval PORTEND_ERR_INVALID      the reservation is NULL, listens or was parked already
 * @retval PORTEND_ERR_SYSTEM       the system refused a socket; the port is still held
 * @retval PORTEND_ERR_UNSUPPORTED  its addresses cannot be parked (no loopback)
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_reservation_park(portend_reservation *reservation,
                                                    int *seconds_out) PORTEND_NOEXCEPT;

/**
 * What the reservation does, in a sentence for people: how the port is held, for how long,
 * and what a server has to set. Valid until the next call on it. Since: 1.0
 */
PORTEND_API const char *portend_reservation_explain(portend_reservation *reservation)
    PORTEND_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
