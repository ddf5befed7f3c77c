/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Changes of state as events, and waits inside a foreign event loop.
 *
 *     portend_event event;
 *     portend_waiter_watch(waiter, "db", 5432, NULL);
 *     while (portend_waiter_next(waiter, PORTEND_FOREVER, &event) == PORTEND_OK) {
 *       printf("%s\n", portend_state_text(event.state));
 *     }
 *
 * Threads, forks and texts: see portend/waiter.h.
 */
#ifndef PORTEND_WATCH_H
#define PORTEND_WATCH_H

#include <portend/waiter.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A change of state of one target. The library alone creates events. Since: 1.0 */
typedef struct portend_event {
  /** The index that portend_waiter_add or portend_waiter_watch returned. */
  int target;
  portend_state state;
  portend_reason reason;
  /** errno, if a policy of this system refused the probe; 0 otherwise. */
  int error;
  /** When the change was seen: nanoseconds of clock_gettime(CLOCK_MONOTONIC). */
  int64_t monotonic_ns;
  /** The same moment in the calendar: nanoseconds since 1970-01-01 UTC. */
  int64_t realtime_ns;
  /** The numeric address that decided the state; "" if none did. */
  char address[PORTEND_ADDRESS_SIZE];
  /** Zero; later versions may give these a meaning. */
  int64_t reserved[4];
} portend_event;

/**
 * Adds a target to watch: portend_waiter_next reports each change of its state. portend_waiter_run
 * does not wait for it. A name that does not exist is looked up again; until it has an address, the
 * target is in PORTEND_STATE_UNKNOWN with PORTEND_REASON_UNRESOLVED.
 *
 * @param host       name or numeric address; copied
 * @param port       1 to 65535
 * @param index_out  receives the index of the target, counted from 0; may be NULL
 *
 * @retval PORTEND_OK             the target is added
 * @retval PORTEND_ERR_INVALID    an argument is out of range, or a wait is under way
 * @retval PORTEND_ERR_NO_MEMORY  out of memory; the waiter is unchanged
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_watch(portend_waiter *waiter, const char *host, int port,
                                                int *index_out) PORTEND_NOEXCEPT;

/**
 * Waits for the next change of state of any target. Each change is reported once, in order. The
 * first one is from PORTEND_STATE_UNKNOWN to the state that is found. Probing continues from call
 * to call. On a waiter in a group, or one of portend_waiter_start, the function only takes an
 * available event and does not wait.
 *
 * @param timeout_ms  milliseconds; 0 takes an available event, PORTEND_FOREVER never gives up
 * @param event_out   receives the change
 *
 * @retval PORTEND_OK           *event_out holds the change
 * @retval PORTEND_DONE         every target has reached its state, and every event was delivered
 * @retval PORTEND_ERR_TIMEOUT  no change before the deadline
 * @retval PORTEND_ERR_INVALID  an argument is out of range, there is no target, or another thread
 *                              uses the waiter
 * @retval others               as with portend_waiter_run
 *
 * Threads: only the caller blocks. Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_next(portend_waiter *waiter, int64_t timeout_ms,
                                               portend_event *event_out) PORTEND_NOEXCEPT;

/**
 * Starts a wait without blocking, for a foreign event loop (poll, libuv, asyncio). Poll the
 * descriptor of portend_waiter_fd for readability, then call portend_waiter_process. Repeat this
 * while it returns PORTEND_PENDING. A waiter whose targets are only watched ends at its deadline;
 * take its events by portend_waiter_next.
 *
 * @param mode        PORTEND_ALL or PORTEND_ANY
 * @param timeout_ms  milliseconds; 0 probes once, PORTEND_FOREVER never gives up
 *
 * @retval PORTEND_OK               the wait has started
 * @retval PORTEND_ERR_UNSUPPORTED  no pollable descriptor on this platform: run the wait in a
 *                                  thread
 * @retval others                   as with portend_waiter_run
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_start(portend_waiter *waiter, portend_mode mode,
                                                int64_t timeout_ms) PORTEND_NOEXCEPT;

/**
 * Returns the descriptor that is readable when portend_waiter_process has something to do. It
 * stays open after the wait has ended, until the next wait of the waiter, portend_waiter_reset or
 * portend_waiter_destroy. It belongs to the waiter: poll it, do not read or close it.
 *
 * @param fd_out  receives the descriptor
 *
 * @retval PORTEND_OK           *fd_out holds the descriptor
 * @retval PORTEND_ERR_INVALID  fd_out is NULL, or no wait was started by portend_waiter_start
 * @retval PORTEND_ERR_SYSTEM   the system refused a descriptor; the wait has ended
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_fd(portend_waiter *waiter, int *fd_out) PORTEND_NOEXCEPT;

/**
 * Runs what is due now, without blocking.
 *
 * @retval PORTEND_PENDING       the wait continues: call again when the descriptor is readable
 * @retval PORTEND_ERR_CANCELED  also after an interruption by the hook: then call again to continue
 * @retval others                the wait has ended, as with portend_waiter_run
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_process(portend_waiter *waiter) PORTEND_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
