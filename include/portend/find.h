/* SPDX-License-Identifier: MIT */
/**
 * @file
 * A port that can be bound now.
 *
 *     int port;
 *     if (portend_find_port(NULL, &port) == PORTEND_OK) { start_server(port); }
 *
 * A number is a hint and no promise: until the server binds it, another program may. That
 * seldom happens, as each process hands out its ports in turn from a place of its own
 * (a port comes again after thousands of others). Where it must not happen at all, take a
 * reservation (portend/reservation.h).
 */
#ifndef PORTEND_FIND_H
#define PORTEND_FIND_H

#include <portend/status.h>
#include <portend/waiter.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Finds a port that can be bound now.
 *
 * @param host      an address or a name of this machine, or NULL: 127.0.0.1, ::1 and both
 *                  wildcards, whichever families this machine has
 * @param port_out  receives the port
 *
 * @retval PORTEND_OK             the port could be bound a moment ago
 * @retval PORTEND_ERR_INVALID    the host is empty or no host, or port_out is NULL
 * @retval PORTEND_ERR_RESOLVE    the host has no address
 * @retval PORTEND_ERR_NO_PORT    none can be bound, or the host is not of this machine
 * @retval PORTEND_ERR_SYSTEM     the system refused a socket
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Threads: any; two at once get different ports. Signals: not in a handler.
 * Memory: nothing to release. Since: 1.0
 */
PORTEND_API portend_status portend_find_port(const char *host, int *port_out) PORTEND_NOEXCEPT;

/**
 * A search with wishes. Opaque. One thread at a time may use one finder; another one is
 * refused with PORTEND_ERR_INVALID. Since: 1.0
 */
typedef struct portend_finder portend_finder;

/**
 * Makes a finder without wishes, which finds what portend_find_port finds.
 *
 * @param finder_out  receives it; end it with portend_finder_destroy
 *
 * @retval PORTEND_OK             it is there
 * @retval PORTEND_ERR_INVALID    finder_out is NULL
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_create(portend_finder **finder_out) PORTEND_NOEXCEPT;

/** Ends a finder; NULL is fine. Reservations it made live on. Since: 1.0 */
PORTEND_API void portend_finder_destroy(portend_finder *finder) PORTEND_NOEXCEPT;

/**
 * Where the port is to be bound.
 *
 * @param host  an address or a name of this machine, copied; NULL for all of it
 *
 * @retval PORTEND_OK             set
 * @retval PORTEND_ERR_INVALID    the host is empty or no host
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_set_host(portend_finder *finder,
                                                   const char *host) PORTEND_NOEXCEPT;

/**
 * Which addresses of the host count.
 *
 * @param family  PORTEND_FAMILY_ANY (unless set: all of them), _IPV4 or _IPV6
 *
 * @retval PORTEND_OK           set
 * @retval PORTEND_ERR_INVALID  none of these
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_set_family(portend_finder *finder,
                                                     portend_family family) PORTEND_NOEXCEPT;

/**
 * The ports to choose from. Unset, those that the system itself hands out (ip(7),
 * ip_local_port_range) without those that its administrator reserved.
 *
 * @param first  1 to 65535
 * @param last   first to 65535
 *
 * @retval PORTEND_OK           set
 * @retval PORTEND_ERR_INVALID  out of range
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_set_range(portend_finder *finder, int first,
                                                    int last) PORTEND_NOEXCEPT;

/**
 * Whether to choose, where no range is set, from the ports that the system does not hand
 * out by itself: no outgoing connection and no server on port 0 can take such a port
 * before its server does.
 *
 * @param enabled  0 (unless set) or 1
 *
 * @retval PORTEND_OK           set
 * @retval PORTEND_ERR_INVALID  neither
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_avoid_ephemeral(portend_finder *finder,
                                                          int enabled) PORTEND_NOEXCEPT;

/**
 * A port to try first; several are tried in the order of the calls, inside the range or
 * not.
 *
 * @param port  1 to 65535
 *
 * @retval PORTEND_OK             added
 * @retval PORTEND_ERR_INVALID    out of range
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_prefer(portend_finder *finder, int port) PORTEND_NOEXCEPT;

/**
 * Whether only the preferred ports may be given.
 *
 * @param enabled  0 (unless set) or 1
 *
 * @retval PORTEND_OK           set
 * @retval PORTEND_ERR_INVALID  neither
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_only_preferred(portend_finder *finder,
                                                         int enabled) PORTEND_NOEXCEPT;

/**
 * A port never to be given, preferred or not.
 *
 * @param port  1 to 65535
 *
 * @retval PORTEND_OK           added
 * @retval PORTEND_ERR_INVALID  out of range
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_exclude(portend_finder *finder,
                                                  int port) PORTEND_NOEXCEPT;

/**
 * Whether the port must be free for UDP as well.
 *
 * @param enabled  0 (unless set) or 1
 *
 * @retval PORTEND_OK           set
 * @retval PORTEND_ERR_INVALID  neither
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_set_udp(portend_finder *finder,
                                                  int enabled) PORTEND_NOEXCEPT;

/**
 * Whether the port server of PORTSERVER_ADDRESS is asked first, where that is set in the
 * environment: an AF_UNIX stream service (unix(7); "@name" is an abstract address) that is
 * sent "<pid>\n" and answers "<port>\n". It is asked for a search on the whole machine
 * without a range and preferred ports; what it gives is tried before it is believed.
 *
 * @param enabled  0 or 1 (unless set)
 *
 * @retval PORTEND_OK           set
 * @retval PORTEND_ERR_INVALID  neither
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_use_port_server(portend_finder *finder,
                                                          int enabled) PORTEND_NOEXCEPT;

/**
 * Finds ports that can be bound now: as many as asked for, all distinct. Each is held
 * until all are found.
 *
 * @param ports_out  receives them
 * @param count      how many, 1 to 65535; each needs a descriptor or two meanwhile
 *
 * @retval PORTEND_OK             all are written
 * @retval PORTEND_ERR_INVALID    ports_out is NULL, count is out of range, or another
 *                                thread uses the finder
 * @retval PORTEND_ERR_RESOLVE    the host has no address
 * @retval PORTEND_ERR_NO_PORT    not that many; the sentence says what was tried
 * @retval PORTEND_ERR_SYSTEM     the system refused a socket
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_finder_find(portend_finder *finder, int *ports_out,
                                               size_t count) PORTEND_NOEXCEPT;

/**
 * The last failure of a call on this finder, by whichever thread, in a sentence for
 * people; "" if the last call did not fail. Valid until the next call on it. Since: 1.0
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
