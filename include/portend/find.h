/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Finds ports that a server can bind now.
 *
 *     int port;
 *     if (portend_find_port(NULL, &port) == PORTEND_OK) { start_server(port); }
 *
 * A port that is found is not reserved: until the server binds it, another process may bind it
 * first. That is rare, as each process walks the range from a different start, and gives a port
 * again only after thousands of others. To exclude it, make a reservation
 * (portend/reservation.h).
 */
#ifndef PORTEND_FIND_H
#define PORTEND_FIND_H

#include <portend/status.h>
#include <portend/waiter.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Finds a port that can be bound now, on 127.0.0.1, ::1 and both wildcards.
 *
 * Behind the port is nothing at all, not even TIME_WAIT: a server that does not set
 * SO_REUSEADDR can also bind it. If the kernel forwards ports (NAT), a port that accepts a
 * connection on loopback without a listener counts as taken.
 *
 * @param host      an address or a name of this machine, to bind the port there alone; NULL for
 *                  the whole machine, with the families that it has
 * @param port_out  receives the port
 *
 * @retval PORTEND_OK             the port could be bound a moment ago
 * @retval PORTEND_ERR_INVALID    the host is empty or is not a host, or port_out is NULL
 * @retval PORTEND_ERR_RESOLVE    the host has no address
 * @retval PORTEND_ERR_NO_PORT    none can be bound, or the host is not of this machine
 * @retval PORTEND_ERR_SYSTEM     the system refused a socket
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Waits at most five seconds for a resolver, a port server and connections, all together.
 * Threads: any; two at once get different ports. Signals: not in a handler.
 * Memory: nothing to release. Since: 1.0
 */
PORTEND_API portend_status portend_find_port(const char *host, int *port_out) PORTEND_NOEXCEPT;

/**
 * A search with options. Opaque. One thread at a time may use one finder; a second one gets
 * PORTEND_ERR_INVALID. Since: 1.0
 */
typedef struct portend_finder portend_finder;

/**
 * Creates a finder without options, which finds what portend_find_port finds.
 *
 * @param finder_out  receives the finder; end it with portend_finder_destroy
 *
 * @retval PORTEND_OK             `*finder_out` holds the new finder
 * @retval PORTEND_ERR_INVALID    finder_out is NULL
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_create(portend_finder **finder_out) PORTEND_NOEXCEPT;

/** Ends a finder; NULL does nothing. Its reservations live on. Since: 1.0 */
PORTEND_API void portend_finder_destroy(portend_finder *finder) PORTEND_NOEXCEPT;

/**
 * Sets where the port is to be bound.
 *
 * @param host  an address or a name of this machine, copied; NULL, as unless set, for the whole
 *              machine
 *
 * @retval PORTEND_OK             set
 * @retval PORTEND_ERR_INVALID    the host is empty or is not a host, or the finder is NULL
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_set_host(portend_finder *finder,
                                                   const char *host) PORTEND_NOEXCEPT;

/**
 * Sets which addresses of the host count.
 *
 * @param family  PORTEND_FAMILY_ANY, as unless set, _IPV4 or _IPV6
 *
 * @retval PORTEND_OK             set
 * @retval PORTEND_ERR_INVALID    the family is none of these, or the finder is NULL
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_set_family(portend_finder *finder,
                                                     portend_family family) PORTEND_NOEXCEPT;

/**
 * Sets the ports to choose from. Unless set, they are those that the system hands out itself
 * (ip(7), ip_local_port_range), without those that its administrator reserved
 * (ip_local_reserved_ports).
 *
 * Ports behind which nothing is are given first. If none is left, a port with TIME_WAIT or
 * connections of a server that is gone is given, which a server can bind that sets
 * SO_REUSEADDR.
 *
 * @param first  1 to 65535
 * @param last   first to 65535
 *
 * @retval PORTEND_OK             set
 * @retval PORTEND_ERR_INVALID    a port is out of range, first is above last, or the finder is
 *                                NULL
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_set_range(portend_finder *finder, int first,
                                                    int last) PORTEND_NOEXCEPT;

/**
 * Sets the port to begin at: the search gives the first port from there on that can be bound,
 * up to the end of the range, or to 65535 if no range is set. A port with TIME_WAIT or
 * connections of a server that is gone can be bound, by a server that sets SO_REUSEADDR.
 * Replaces the place of a name (portend_finder_set_name).
 *
 * @param first  1 to 65535; inside of the range, or portend_finder_find gives
 *               PORTEND_ERR_NO_PORT
 *
 * @retval PORTEND_OK             set
 * @retval PORTEND_ERR_INVALID    the port is out of range, or the finder is NULL
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_set_from(portend_finder *finder,
                                                   int first) PORTEND_NOEXCEPT;

/**
 * Sets a name whose port is wanted: the same name gives the same port in every process, on
 * every machine and in every version 1.x, as long as the port can be bound, and else the next
 * one that can. A port with TIME_WAIT or connections of a server that is gone can be bound, by
 * a server that sets SO_REUSEADDR. If no range is set, the ports of names are 10000 to 29999.
 * Replaces the port to begin at (portend_finder_set_from).
 *
 * @param name  any text but "", copied, such as the name or the directory of a project
 *
 * @retval PORTEND_OK             set
 * @retval PORTEND_ERR_INVALID    the name is NULL or "", or the finder is NULL
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_set_name(portend_finder *finder,
                                                   const char *name) PORTEND_NOEXCEPT;

/**
 * Sets whether ports that are asked for together follow one another, in ascending order.
 * A preferred port is then one that they may begin at.
 *
 * @param enabled  0, as unless set, or 1
 *
 * @retval PORTEND_OK             set
 * @retval PORTEND_ERR_INVALID    the value is neither, or the finder is NULL
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_set_consecutive(portend_finder *finder,
                                                          int enabled) PORTEND_NOEXCEPT;

/**
 * Sets whether ports are left out that browsers refuse to fetch from (the "bad ports" of the
 * Fetch standard), preferred or not.
 *
 * @param enabled  0, as unless set, or 1
 *
 * @retval PORTEND_OK             set
 * @retval PORTEND_ERR_INVALID    the value is neither, or the finder is NULL
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_set_browser_safe(portend_finder *finder,
                                                           int enabled) PORTEND_NOEXCEPT;

/**
 * Sets whether to choose, if no range is set, from the ports that the system does not hand out
 * itself: no outgoing connection and no server on port 0 can take such a port before its
 * server does.
 *
 * @param enabled  0, as unless set, or 1
 *
 * @retval PORTEND_OK             set
 * @retval PORTEND_ERR_INVALID    the value is neither, or the finder is NULL
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_set_avoid_ephemeral(portend_finder *finder,
                                                              int enabled) PORTEND_NOEXCEPT;

/**
 * Adds ports to try first: in ascending order, and in the order of the calls, inside of the
 * range or not. A preferred port with TIME_WAIT or connections of a server that is gone can be
 * bound, by a server that sets SO_REUSEADDR. A port that this process found by its number less than
 * 15 seconds ago is given again only if there is no other: the first caller may not have bound it
 * yet. That also holds for portend_finder_set_from, and not for reservations.
 *
 * @param first  1 to 65535
 * @param last   first to 65535; the same for a single port
 *
 * @retval PORTEND_OK             added
 * @retval PORTEND_ERR_INVALID    a port is out of range, first is above last, or the finder is
 *                                NULL
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_add_preferred(portend_finder *finder, int first,
                                                        int last) PORTEND_NOEXCEPT;

/**
 * Sets whether only preferred ports may be given.
 *
 * @param enabled  0, as unless set, or 1
 *
 * @retval PORTEND_OK             set
 * @retval PORTEND_ERR_INVALID    the value is neither, or the finder is NULL
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_set_only_preferred(portend_finder *finder,
                                                             int enabled) PORTEND_NOEXCEPT;

/**
 * Adds ports that are never given, preferred or not.
 *
 * @param first  1 to 65535
 * @param last   first to 65535; the same for a single port
 *
 * @retval PORTEND_OK             added
 * @retval PORTEND_ERR_INVALID    a port is out of range, first is above last, or the finder is
 *                                NULL
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_add_excluded(portend_finder *finder, int first,
                                                       int last) PORTEND_NOEXCEPT;

/**
 * Sets whether the port must also be free for UDP.
 *
 * @param enabled  0, as unless set, or 1
 *
 * @retval PORTEND_OK             set
 * @retval PORTEND_ERR_INVALID    the value is neither, or the finder is NULL
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_set_udp(portend_finder *finder,
                                                  int enabled) PORTEND_NOEXCEPT;

/**
 * Sets whether the port server of the environment variable PORTSERVER_ADDRESS is asked first:
 * an AF_UNIX stream service (unix(7); "@name" is an abstract address) that is sent "<pid>\n"
 * and answers "<port>\n" within two seconds. It is asked for any port of the whole machine: if
 * no range, no name, no port to begin at and no preferred port is set. Its port is tried
 * before it is given. A program with privileges that its caller lacks (set-user-ID) ignores the
 * variable.
 *
 * @param enabled  0, or 1, as unless set
 *
 * @retval PORTEND_OK             set
 * @retval PORTEND_ERR_INVALID    the value is neither, or the finder is NULL
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_set_port_server(portend_finder *finder,
                                                          int enabled) PORTEND_NOEXCEPT;

/**
 * Finds ports that can be bound now: as many as asked for, all distinct. Each is kept until
 * all are found.
 *
 * A port that was chosen by number (preferred, from a number on, for a name) counts as taken
 * if a connection to it is accepted on loopback without a listener, as when the kernel
 * forwards it. Other ports are looked at like that if the kernel tracks connections.
 *
 * @param ports_out  receives the ports
 * @param count      how many, 1 to 65535; each needs a descriptor or two meanwhile
 *
 * @retval PORTEND_OK             all are written
 * @retval PORTEND_ERR_INVALID    ports_out is NULL, count is out of range, another thread uses
 *                                the finder, or it is NULL
 * @retval PORTEND_ERR_RESOLVE    the host has no address
 * @retval PORTEND_ERR_NO_PORT    not that many; the message says what was tried, and which
 *                                process has the ports
 * @retval PORTEND_ERR_SYSTEM     the system refused a socket
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Waits at most five seconds for a resolver, a port server and connections, all together.
 * Signals: not in a handler; none extends the search. Since: 1.0
 */
PORTEND_API portend_status portend_finder_find(portend_finder *finder, int *ports_out,
                                               size_t count) PORTEND_NOEXCEPT;

/**
 * The last failure of a call on this finder, by any thread, as text for people: what was
 * wanted, what happened, what to do.
 *
 * @return "" if the last call did not fail, or for NULL; valid until the next call on the finder
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API const char *portend_finder_message(portend_finder *finder) PORTEND_NOEXCEPT;

/**
 * The errno of the last failure of a call on this finder.
 *
 * @return 0 if the last call did not fail, if no system call was to blame, or for NULL
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API int portend_finder_errno(portend_finder *finder) PORTEND_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
