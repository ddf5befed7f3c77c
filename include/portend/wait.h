/* SPDX-License-Identifier: MIT */
/** @file The simple calls: wait for one target, or look at it once. */
#ifndef PORTEND_WAIT_H
#define PORTEND_WAIT_H

#include <portend/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Waits until something accepts TCP connections on host:port.
 *
 * All addresses of the host are tried side by side, at once and then again and again;
 * the first that accepts ends the wait. The connection is reset without a byte sent,
 * so that it leaves no TIME_WAIT behind (RFC 9293, section 3.10.7). While a port of
 * this machine has no listener the kernel's socket table is asked instead of the port
 * (sock_diag(7)): it may be asked every fifth of a millisecond, and disturbs nobody.
 *
 * @param host        name or numeric address; borrowed for the call
 * @param port        1 to 65535
 * @param timeout_ms  0 looks once, PORTEND_FOREVER never gives up
 *
 * @retval PORTEND_OK             a connection was established, or the accept queue of a
 *                                listener of this machine is full
 * @retval PORTEND_ERR_TIMEOUT    nobody answered in time; the sentence tells why not
 * @retval PORTEND_ERR_INVALID    the host is NULL, empty or no host, the port or the
 *                                timeout is out of range
 * @retval PORTEND_ERR_RESOLVE    the host has no address
 * @retval PORTEND_ERR_SYSTEM     the system refused a socket or a thread
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Threads: any number may wait at once; only the caller blocks.
 * Signals: not in a handler. A signal does not end the wait.
 * Memory:  nothing to release.
 * Since:   1.0
 */
PORTEND_API portend_status portend_occupied(const char *host, int port,
                                            int64_t timeout_ms) PORTEND_NOEXCEPT;

/**
 * Waits until nothing accepts TCP connections on host:port any more.
 *
 * A server of this machine is watched in the kernel's socket table and gets no
 * connection while it lives; that it is gone is confirmed by a connection that is
 * refused. Elsewhere only connecting tells, at intervals that grow to a second.
 * Free is not bindable: what a closed server leaves in TIME_WAIT may keep a new one
 * from binding (unless it sets SO_REUSEADDR, socket(7)).
 *
 * @param host        name or numeric address; borrowed for the call
 * @param port        1 to 65535
 * @param timeout_ms  0 looks once, PORTEND_FOREVER never gives up
 *
 * @retval PORTEND_OK             no address of the host accepts
 * @retval PORTEND_ERR_TIMEOUT    somebody still does; the sentence names who, if it can
 * @retval PORTEND_ERR_INVALID    the host is NULL, empty or no host, the port or the
 *                                timeout is out of range
 * @retval PORTEND_ERR_RESOLVE    the host has no address
 * @retval PORTEND_ERR_SYSTEM     the system refused a socket or a thread
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Threads: any number may wait at once; only the caller blocks.
 * Signals: not in a handler. A signal does not end the wait.
 * Memory:  nothing to release.
 * Since:   1.0
 */
PORTEND_API portend_status portend_free(const char *host, int port,
                                        int64_t timeout_ms) PORTEND_NOEXCEPT;

/**
 * Looks once at every address of the host, and fails if one accepts.
 *
 * @param host        name or numeric address; borrowed for the call
 * @param port        1 to 65535
 * @param timeout_ms  how long one attempt may stay without an answer before it counts
 *                    as silent; 0 leaves that at a second, PORTEND_FOREVER to the system
 *
 * @retval PORTEND_OK             no address accepts
 * @retval PORTEND_ERR_NOT_FREE   one does; the sentence names it and, if it can, who
 * @retval PORTEND_ERR_INVALID    the host is NULL, empty or no host, the port or the
 *                                timeout is out of range
 * @retval PORTEND_ERR_RESOLVE    the host has no address
 * @retval PORTEND_ERR_TIMEOUT    the look-up of the name got no answer in that time
 * @retval PORTEND_ERR_SYSTEM     the system refused a socket or a thread
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Threads: any number may look at once; only the caller blocks.
 * Signals: not in a handler.
 * Memory:  nothing to release.
 * Since:   1.0
 */
PORTEND_API portend_status portend_assert_free(const char *host, int port,
                                               int64_t timeout_ms) PORTEND_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
