/* SPDX-License-Identifier: MIT */
/** @file The simple calls: wait for one target, or probe it once. */
#ifndef PORTEND_WAIT_H
#define PORTEND_WAIT_H

#include <portend/status.h>
#include <portend/waiter.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Waits until a TCP port is occupied.
 *
 * All addresses of the host are probed side by side: the first probe starts at once, and the
 * first address that is occupied ends the wait. An address of this machine is looked up in the
 * socket table of the kernel (sock_diag(7)); its server gets no connection. Another address is
 * probed by connecting. If the system can do that (Linux), such a connection is abandoned before
 * the server accepts it. Otherwise it is closed with a FIN (RFC 9293, section 3.6). No byte is
 * sent.
 *
 * @param host        name or numeric address; copied
 * @param port        1 to 65535
 * @param timeout_ms  milliseconds; 0 probes once, PORTEND_FOREVER never gives up
 *
 * @retval PORTEND_OK             the port is occupied
 * @retval PORTEND_ERR_TIMEOUT    the port was not occupied before the deadline; the message says
 *                                why
 * @retval PORTEND_ERR_INVALID    the host is NULL, empty or malformed, or the port or the timeout
 *                                is out of range
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
 * Waits until a TCP port is free.
 *
 * A server of this machine is watched in the socket table and gets no connection. After its
 * listener has closed, one refused connection confirms that the port is free. Another machine is
 * probed by connecting: at most 20 times in the first three seconds, then once per second. If a
 * server there accepted before, its silence counts as free only after five attempts in a row, and
 * at least five seconds, without an answer. A free port is not always bindable: see
 * PORTEND_STATE_BINDABLE.
 *
 * @param host        name or numeric address; copied
 * @param port        1 to 65535
 * @param timeout_ms  milliseconds; 0 probes once, PORTEND_FOREVER never gives up
 *
 * @retval PORTEND_OK             the port is free, or the name of its host has ceased to exist
 * @retval PORTEND_ERR_TIMEOUT    the port was not free before the deadline; the message names the
 *                                owner of the listener if the system tells
 * @retval PORTEND_ERR_INVALID    the host is NULL, empty or malformed, or the port or the timeout
 *                                is out of range
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
 * Probes a port once, and fails if it is occupied.
 *
 * @param host        name or numeric address; copied
 * @param port        1 to 65535
 * @param timeout_ms  the attempt limit in milliseconds: how long the look-up of the name, and an
 *                    attempt to connect, may each stay without an answer; 0 stands for 1000,
 *                    PORTEND_FOREVER leaves it to the system
 *
 * @retval PORTEND_OK             the port is free
 * @retval PORTEND_ERR_NOT_FREE   the port is occupied; the message names the owner of the listener
 *                                if the system tells
 * @retval PORTEND_ERR_INVALID    the host is NULL, empty or malformed, or the port or the timeout
 *                                is out of range
 * @retval PORTEND_ERR_RESOLVE    the host has no address
 * @retval PORTEND_ERR_TIMEOUT    the look-up of the name, or an address of this machine, gave no
 *                                answer within the limit
 * @retval PORTEND_ERR_SYSTEM     the system refused a socket or a thread
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Threads: any number may probe at once; only the caller blocks.
 * Signals: not in a handler.
 * Memory:  nothing to release.
 * Since:   1.0
 */
PORTEND_API portend_status portend_assert_free(const char *host, int port,
                                               int64_t timeout_ms) PORTEND_NOEXCEPT;

/**
 * Probes a port once, and returns its state.
 *
 * @param host              name or numeric address; copied
 * @param port              1 to 65535
 * @param attempt_limit_ms  as timeout_ms of portend_assert_free
 * @param state_out         receives PORTEND_STATE_OCCUPIED or PORTEND_STATE_FREE
 *
 * @retval PORTEND_OK             *state_out holds the state
 * @retval PORTEND_ERR_INVALID    state_out or the host is NULL, the host is empty or malformed, or
 *                                the port or the limit is out of range
 * @retval PORTEND_ERR_RESOLVE    the host has no address
 * @retval PORTEND_ERR_TIMEOUT    the look-up of the name, or an address of this machine, gave no
 *                                answer within the limit: the state is not known
 * @retval PORTEND_ERR_SYSTEM     the system refused a socket or a thread
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Threads: any number may probe at once; only the caller blocks.
 * Signals: not in a handler.
 * Memory:  nothing to release.
 * Since:   1.0
 */
PORTEND_API portend_status portend_probe(const char *host, int port, int64_t attempt_limit_ms,
                                         portend_state *state_out) PORTEND_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
