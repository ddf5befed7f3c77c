/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Many independent waits in one event loop. A thousand calls of portend_waiter_run at once need a
 * thousand threads, and several descriptors each. In a group they need one thread and a few
 * descriptors, and share the reading of the socket table.
 *
 *     portend_group_start(group, waiter, PORTEND_ALL, 3000, 17);
 *     while (portend_group_next(group, PORTEND_FOREVER, &id) == PORTEND_OK) {
 *       portend_status status = portend_waiter_process(waiter_of(id));
 *       if (status != PORTEND_PENDING) finish(id, status);
 *     }
 *
 * Threads: any thread may call any function on one group. One thread at a time may be inside
 *          portend_group_next; another one is refused with PORTEND_ERR_INVALID.
 * Fork:    a child gets PORTEND_ERR_INVALID from the groups of its parent, except that it may
 *          destroy them.
 */
#ifndef PORTEND_GROUP_H
#define PORTEND_GROUP_H

#include <portend/waiter_options.h>

#ifdef __cplusplus
extern "C" {
#endif

/** An event loop for waits. Opaque. Since: 1.0 */
typedef struct portend_group portend_group;

/**
 * Creates a group without waits.
 *
 * @param group_out  receives the group; release it with portend_group_destroy
 *
 * @retval PORTEND_OK             *group_out holds the new group
 * @retval PORTEND_ERR_INVALID    group_out is NULL
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Threads: any. Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_group_create(portend_group **group_out) PORTEND_NOEXCEPT;

/**
 * Destroys a group. Waits that are still in it end with PORTEND_ERR_CANCELED.
 *
 * @param group  may be NULL
 *
 * Threads: no other call on the group may be under way or follow.
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API void portend_group_destroy(portend_group *group) PORTEND_NOEXCEPT;

/**
 * Starts the wait of a waiter in the group. portend_waiter_process returns PORTEND_PENDING until
 * the wait has ended, and then its status; portend_waiter_next takes its events without waiting.
 * Destroying or resetting the waiter removes it from the group. Its interrupt hook is not called.
 *
 * @param group       the group
 * @param waiter      a waiter with targets; it must stay alive until its wait has ended
 * @param mode        PORTEND_ALL or PORTEND_ANY
 * @param timeout_ms  milliseconds; 0 probes once, PORTEND_FOREVER never gives up
 * @param id          any number; portend_group_next returns it
 *
 * @retval PORTEND_OK             the wait has started
 * @retval PORTEND_ERR_INVALID    an argument is out of range, the waiter has no target, or another
 *                                call uses it
 * @retval PORTEND_ERR_SYSTEM     the system refused a descriptor
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Threads: any, also while another thread is inside portend_group_next.
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_group_start(portend_group *group, portend_waiter *waiter,
                                               portend_mode mode, int64_t timeout_ms,
                                               int64_t id) PORTEND_NOEXCEPT;

/**
 * Runs the waits of the group until one of them has ended, or has a new event if all of its targets
 * are only watched.
 *
 * @param timeout_ms  milliseconds; 0 runs what is due now, PORTEND_FOREVER never gives up
 * @param id_out      receives the id of that wait
 *
 * @retval PORTEND_OK             *id_out holds the id
 * @retval PORTEND_ERR_TIMEOUT    nothing happened before the deadline
 * @retval PORTEND_ERR_CANCELED   portend_group_cancel was called, or the interrupt hook interrupted
 * @retval PORTEND_ERR_INVALID    an argument is out of range, or another thread runs the group
 * @retval PORTEND_ERR_SYSTEM     the system refused a descriptor
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Threads: only the caller blocks. Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_group_next(portend_group *group, int64_t timeout_ms,
                                              int64_t *id_out) PORTEND_NOEXCEPT;

/**
 * Sets a function that may interrupt portend_group_next; see portend_interrupt_hook.
 *
 * @param hook     NULL for none (the default)
 * @param context  passed to the hook; never dereferenced
 *
 * @retval PORTEND_OK           the hook applies to the next call
 * @retval PORTEND_ERR_INVALID  another thread runs the group
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_group_set_interrupt(portend_group *group,
                                                       portend_interrupt_hook hook,
                                                       void *context) PORTEND_NOEXCEPT;

/**
 * Returns one descriptor for all waits of the group, which is readable when portend_group_next has
 * something to do. It stays open until portend_group_destroy. It belongs to the group: poll it,
 * do not read or close it.
 *
 * @param fd_out  receives the descriptor
 *
 * @retval PORTEND_OK               *fd_out holds the descriptor
 * @retval PORTEND_ERR_INVALID      fd_out is NULL, or another thread runs the group
 * @retval PORTEND_ERR_UNSUPPORTED  no pollable descriptor on this platform: run the group in a
 *                                  thread
 * @retval PORTEND_ERR_SYSTEM       the system refused a descriptor
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_group_fd(portend_group *group, int *fd_out) PORTEND_NOEXCEPT;

/**
 * Ends portend_group_next in another thread, and every later call, with PORTEND_ERR_CANCELED.
 *
 * @param group  may be NULL
 *
 * Threads: any. Signals: safe in a handler; errno is kept. Since: 1.0
 */
PORTEND_API void portend_group_cancel(portend_group *group) PORTEND_NOEXCEPT;

/**
 * Returns the message of the last failure of a call on this group; "" if the last call did not
 * fail. Valid until the next call of this function on the same group. Since: 1.0
 */
PORTEND_API const char *portend_group_message(portend_group *group) PORTEND_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
