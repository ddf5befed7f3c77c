/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Watching targets, and waiting inside a foreign event loop.
 *
 *     portend_event event;
 *     portend_waiter_watch(waiter, "db", 5432, NULL);
 *     while (portend_waiter_next(waiter, PORTEND_FOREVER, &event) == PORTEND_OK) {
 *       printf("%s\n", portend_state_text(event.state));
 *     }
 *
 * Threads and texts: as with all of portend/waiter.h.
 */
#ifndef PORTEND_WATCH_H
#define PORTEND_WATCH_H

#include <portend/waiter.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A change of state of one target. Since: 1.0 */
typedef struct portend_event {
  /** The index that portend_waiter_add or portend_waiter_watch gave. */
  int target;
  portend_state state;
  portend_reason reason;
  /** Zero; room for later versions. */
  int reserved;
  /** When it was seen: clock_gettime(CLOCK_MONOTONIC), nanoseconds. */
  int64_t monotonic_ns;
  /** The same moment of the calendar: nanoseconds since 1970 UTC. */
  int64_t realtime_ns;
  /** The address that decided, numeric; "" if none did. */
  char address[PORTEND_ADDRESS_SIZE];
} portend_event;

/**
 * Adds a target to be watched: portend_waiter_next tells each change of its state, for
 * as long as it is called. portend_waiter_run does not wait for it. A name that does not
 * exist is looked up again for as long: the target is in no state meanwhile, and its
 * portend_waiter_reason is PORTEND_REASON_UNRESOLVED.
 *
 * Parameters, statuses and the rest as with portend_waiter_add. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_watch(portend_waiter *waiter, const char *host, int port,
                                                int *index_out) PORTEND_NOEXCEPT;

/**
 * Waits for the next change of state of any target: each change once, in order, the
 * first being from unknown to what is found. Looking goes on from call to call.
 *
 * @param timeout_ms  0 takes what is there, PORTEND_FOREVER never gives up
 * @param event_out   receives the change
 *
 * @retval PORTEND_OK            a change
 * @retval PORTEND_ERR_TIMEOUT   none in time
 * @retval PORTEND_ERR_INVALID   an argument is out of range, there is no target, all of
 *                               them have reached what was wanted and been told, or
 *                               another thread waits
 * @retval others                as with portend_waiter_run
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_next(portend_waiter *waiter, int64_t timeout_ms,
                                               portend_event *event_out) PORTEND_NOEXCEPT;

/**
 * Begins a wait without blocking, for a foreign event loop (poll, libuv, asyncio): wait
 * until the descriptor of portend_waiter_fd is readable, then call portend_waiter_process,
 * again and again until it says something else than PORTEND_PENDING.
 *
 * Parameters as with portend_waiter_run. A waiter whose targets are all watched has no
 * end but its deadline: take its changes by portend_waiter_next with timeout 0.
 *
 * @retval PORTEND_OK             begun
 * @retval PORTEND_ERR_UNSUPPORTED  this system has no descriptor that stands for many
 * @retval others                 as with portend_waiter_run
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_start(portend_waiter *waiter, portend_mode mode,
                                                int64_t timeout_ms) PORTEND_NOEXCEPT;

/**
 * The descriptor that is readable when portend_waiter_process has something to do, from
 * portend_waiter_start until the wait ends. The waiter's: poll it, do not read or close it.
 *
 * @param fd_out  receives it
 *
 * @retval PORTEND_OK           written
 * @retval PORTEND_ERR_INVALID  fd_out is NULL, or no wait was begun
 * @retval PORTEND_ERR_SYSTEM   the system refused a descriptor; the wait has ended
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_fd(portend_waiter *waiter, int *fd_out) PORTEND_NOEXCEPT;

/**
 * Does what is due now, without blocking.
 *
 * @retval PORTEND_PENDING  not done: call again when the descriptor is readable
 * @retval others           the wait has ended, as with portend_waiter_run
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_process(portend_waiter *waiter) PORTEND_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
