/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Finds ports that a server can bind now.
 *
 *     int port;
 *     if (portend_find_port(NULL, &port) == PORTEND_OK) { start_server(port); }
 *
 * A found port is not reserved: another process may bind it before the server does. This is rare,
 * because each process walks the range from a different start and returns a port again only after
 * thousands of others. To exclude it, make a reservation (portend/reservation.h).
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
 * No socket has the port, not even one in TIME_WAIT, so that a server that does not set
 * SO_REUSEADDR can also bind it. If the kernel forwards ports (NAT), a port that accepts a
 * connection on loopback without a listener counts as taken.
 *
 * @param host      an address or a name of this machine, to bind the port only there; NULL for the
 *                  whole machine, with all its address families
 * @param port_out  receives the port
 *
 * @retval PORTEND_OK             the port could be bound a moment ago
 * @retval PORTEND_ERR_INVALID    the host is empty or is not a host, or port_out is NULL
 * @retval PORTEND_ERR_RESOLVE    the host has no address
 * @retval PORTEND_ERR_NO_PORT    no port can be bound, or the host is not on this machine
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
 * Creates a finder without options, which finds the same ports as portend_find_port.
 *
 * @param finder_out  receives the finder; release it with portend_finder_destroy
 *
 * @retval PORTEND_OK             `*finder_out` holds the new finder
 * @retval PORTEND_ERR_INVALID    finder_out is NULL
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_create(portend_finder **finder_out) PORTEND_NOEXCEPT;

/** Destroys a finder; NULL does nothing. Its reservations stay. Since: 1.0 */
PORTEND_API void portend_finder_destroy(portend_finder *finder) PORTEND_NOEXCEPT;

/**
 * Sets the host to bind the port on.
 *
 * @param host  an address or a name of this machine, copied; NULL for the whole machine (the
 *              default)
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
 * @param family  PORTEND_FAMILY_ANY (the default), _IPV4 or _IPV6
 *
 * @retval PORTEND_OK             set
 * @retval PORTEND_ERR_INVALID    the family is none of these, or the finder is NULL
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_set_family(portend_finder *finder,
                                                     portend_family family) PORTEND_NOEXCEPT;

/**
 * Sets the ports to choose from. By default these are the ports that the system assigns by itself
 * (ip(7), ip_local_port_range), except those that its administrator has reserved
 * (ip_local_reserved_ports).
 *
 * Ports without any socket come first. If there are none, the search returns a port with TIME_WAIT
 * or with connections of a server that has ended. Only a server that sets SO_REUSEADDR can bind
 * such a port. Only Linux can tell it from a port in use; on other systems no search returns it.
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
 * Sets the port to start at. The search returns the first port from there on that can be bound, up
 * to the end of the range, or to 65535 if no range is set. The port may have TIME_WAIT or
 * connections of a server that has ended; then only a server that sets SO_REUSEADDR can bind it.
 * Replaces the name of portend_finder_set_name.
 *
 * @param first  1 to 65535; must be in the range, or portend_finder_find returns
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
 * Sets a name to derive the port from. The same name gives the same port in every process, on every
 * machine and in every version 1.x. If that port cannot be bound, the search returns the next one
 * that can. The port may have TIME_WAIT or connections of a server that has ended; then only a
 * server that sets SO_REUSEADDR can bind it. If no range is set, names have ports from 10000 to
 * 29999. Replaces the port of portend_finder_set_from.
 *
 * @param name  any text except "", copied, such as the name or the directory of a project
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
 * Sets whether the ports of one search are adjacent, in ascending order. A preferred port is then
 * the first port of the block.
 *
 * @param enabled  0 (the default) or 1
 *
 * @retval PORTEND_OK             set
 * @retval PORTEND_ERR_INVALID    the value is neither 0 nor 1, or the finder is NULL
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_set_consecutive(portend_finder *finder,
                                                          int enabled) PORTEND_NOEXCEPT;

/**
 * Sets whether to exclude ports that browsers refuse to fetch from (the "bad ports" of the Fetch
 * standard), preferred or not.
 *
 * @param enabled  0 (the default) or 1
 *
 * @retval PORTEND_OK             set
 * @retval PORTEND_ERR_INVALID    the value is neither 0 nor 1, or the finder is NULL
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_set_browser_safe(portend_finder *finder,
                                                           int enabled) PORTEND_NOEXCEPT;

/**
 * Sets whether to choose, if no range is set, from the ports that the system does not assign by
 * itself. No outgoing connection and no server on port 0 can take such a port before its server
 * does.
 *
 * @param enabled  0 (the default) or 1
 *
 * @retval PORTEND_OK             set
 * @retval PORTEND_ERR_INVALID    the value is neither 0 nor 1, or the finder is NULL
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_set_avoid_ephemeral(portend_finder *finder,
                                                              int enabled) PORTEND_NOEXCEPT;

/**
 * Adds ports to try first, in ascending order and in the order of the calls. They may be outside of
 * the range. A preferred port may have TIME_WAIT or connections of a server that has ended; then
 * only a server that sets SO_REUSEADDR can bind it. If this process found a preferred port less
 * than 15 seconds ago, it is returned only if there is no other: the first caller may not have
 * bound it yet. The same is true for portend_finder_set_from, and not for reservations.
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
 * Sets whether the search may return only preferred ports.
 *
 * @param enabled  0 (the default) or 1
 *
 * @retval PORTEND_OK             set
 * @retval PORTEND_ERR_INVALID    the value is neither 0 nor 1, or the finder is NULL
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_set_only_preferred(portend_finder *finder,
                                                             int enabled) PORTEND_NOEXCEPT;

/**
 * Adds ports that the search must not return, preferred or not.
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
 * @param enabled  0 (the default) or 1
 *
 * @retval PORTEND_OK             set
 * @retval PORTEND_ERR_INVALID    the value is neither 0 nor 1, or the finder is NULL
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_set_udp(portend_finder *finder,
                                                  int enabled) PORTEND_NOEXCEPT;

/**
 * Sets whether to ask the port server of the environment variable PORTSERVER_ADDRESS first. This is
 * an AF_UNIX stream service (unix(7); "@name" is an abstract address) that receives "<pid>\n" and
 * answers "<port>\n" within two seconds. It is asked only if any port of the whole machine will do:
 * no range, no name, no start and no preferred port is set. Its port is tried before it is
 * returned. A program with privileges that its caller lacks (set-user-ID) ignores the variable.
 *
 * @param enabled  0 or 1 (the default)
 *
 * @retval PORTEND_OK             set
 * @retval PORTEND_ERR_INVALID    the value is neither 0 nor 1, or the finder is NULL
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_set_port_server(portend_finder *finder,
                                                          int enabled) PORTEND_NOEXCEPT;

/**
 * Finds distinct ports that can be bound now. Each is kept bound until all are found.
 *
 * A port that was chosen by number or name (preferred, _set_from, _set_name) counts as taken if it
 * accepts a connection on loopback without a listener, since the kernel forwards it. Other ports
 * are checked for that only if the kernel tracks connections.
 *
 * @param ports_out  receives the ports
 * @param count      how many, 1 to 65535; each needs one or two descriptors meanwhile
 *
 * @retval PORTEND_OK             ports_out holds the ports
 * @retval PORTEND_ERR_INVALID    ports_out or the finder is NULL, count is out of range, or another
 *                                thread uses the finder
 * @retval PORTEND_ERR_RESOLVE    the host has no address
 * @retval PORTEND_ERR_NO_PORT    there are not enough ports; the message says what was tried, and
 *                                which processes have the ports
 * @retval PORTEND_ERR_SYSTEM     the system refused a socket
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Waits at most five seconds for a resolver, a port server and connections, all together.
 * Signals: not in a handler; a signal does not extend the search. Since: 1.0
 */
PORTEND_API portend_status portend_finder_find(portend_finder *finder, int *ports_out,
                                               size_t count) PORTEND_NOEXCEPT;

/**
 * Returns the message of the last failure of a call on this finder, by any thread: what was wanted,
 * what happened, what to do.
 *
 * @return "" if the last call did not fail, or for NULL; valid until the next call on the finder
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API const char *portend_finder_message(portend_finder *finder) PORTEND_NOEXCEPT;

/**
 * Returns the errno of the last failure of a call on this finder.
 *
 * @return 0 if the last call did not fail, if no system call failed, or for NULL
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API int portend_finder_errno(portend_finder *finder) PORTEND_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
