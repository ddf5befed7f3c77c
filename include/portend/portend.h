/* SPDX-License-Identifier: MIT */
/**
 * @file
 * portend: waits for TCP ports to be occupied or free, finds and reserves local ports, and tells
 * which process uses a port.
 *
 *     if (portend_occupied("localhost", 5432, 3000) != PORTEND_OK) {
 *       fprintf(stderr, "%s\n", portend_last_error());
 *     }
 *
 * Terms
 * -----
 * target    a host (name or numeric address) and a TCP port
 * local     an address of this network namespace; every other address is remote
 * occupied  local: the socket table lists a listener that a connection would reach, its accept
 *           queue full or not. Remote, or if the socket table cannot be read: a TCP connection to
 *           at least one address of the host is accepted; a self-connection does not count
 * free      no address of the host is occupied: each refuses, is unreachable, or is silent for the
 *           attempt limit
 * bindable  a server that sets SO_REUSEADDR could listen there now (local addresses only). A port
 *           that is bound but does not listen is free and not bindable
 * drained   no TCP connection of the local port remains, in any state but LISTEN and TIME_WAIT
 * probe     one check of one endpoint, by the socket table or by connecting
 * attempt   one connect() under way
 * deadline  the moment at which a timeout ends; name resolution, attempts and intervals count
 *           against it
 *
 * The manual
 * ----------
 * portend/status.h          what every call returns, and the messages for people
 * portend/target.h          targets as text; wildcard addresses
 * portend/wait.h            the simple calls: wait until occupied or free, or probe once
 * portend/state.h           states, reasons, modes, address families
 * portend/waiter.h          many targets in one wait; cancellation
 * portend/waiter_options.h  intervals, limits, evidence, owners, the interrupt hook
 * portend/watch.h           events; waits in a foreign event loop
 * portend/group.h           many waits in one event loop
 * portend/find.h            ports that can be bound now, and the options of a search
 * portend/reservation.h     a port kept by bound sockets, and its descriptors
 * portend/server.h          programs that serve a port: starts, awaits and stops them
 * portend/server_options.h  its command, environment, port and output
 * portend/sockets.h         the sockets of this machine and their processes
 *
 * Rules for all functions
 * -----------------------
 * Threads:   any thread may call any function. Handle-specific rules are documented with the
 *            handle.
 * Signals:   only portend_waiter_cancel, portend_group_cancel, portend_server_cancel and the
 *            functions that return static text may be called in a signal handler. No call loses a
 *            signal, raises one (such as SIGPIPE), or ends early because of one.
 * Process:   signal masks and handlers, environment, locale and standard streams are not changed.
 *            Every descriptor is close-on-exec. After fork(2) a child may use the library at
 *            once. The only thing it may do with handles of its parent is to destroy them.
 * Cancel:    a thread that is canceled (pthread_cancel) inside a call ends after the call.
 * Errors:    0 is success, failures are negative. Out-parameters are untouched on failure. No
 *            function throws, aborts, or writes to a stream.
 * Ports:     int, from 1 to 65535: 70000 is an error, not port 4464.
 * Timeouts:  milliseconds as int64_t. 0 probes exactly once: the look-up of a name, and an
 *            attempt, may each take a second unless another limit is set. PORTEND_FOREVER never
 *            gives up. Any other negative value is invalid.
 * Text:      UTF-8 without control characters. Host names have at most PORTEND_HOST_SIZE - 1
 *            bytes.
 *
 * Environment
 * -----------
 * PORTEND_PROBE=connect  probe with connect() only, as on systems without a readable socket table;
 *                        read when a wait starts
 * PORTSERVER_ADDRESS     a port server that portend/find.h asks first
 *
 * Both are ignored in set-user-ID programs (secure_getenv(3)).
 */
#ifndef PORTEND_PORTEND_H
#define PORTEND_PORTEND_H

#include <portend/status.h>

#include <portend/find.h>
#include <portend/group.h>
#include <portend/reservation.h>
#include <portend/server.h>
#include <portend/server_options.h>
#include <portend/sockets.h>
#include <portend/state.h>
#include <portend/target.h>
#include <portend/wait.h>
#include <portend/waiter.h>
#include <portend/waiter_options.h>
#include <portend/watch.h>

#endif
