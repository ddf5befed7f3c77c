/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Many targets in one wait. Options: portend/waiter_options.h. Events and foreign event loops:
 * portend/watch.h. Many waits in one event loop: portend/group.h.
 *
 *     portend_waiter *waiter = NULL;
 *     portend_waiter_create(&waiter);
 *     portend_waiter_add(waiter, "db", 5432, PORTEND_STATE_OCCUPIED, NULL);
 *     portend_waiter_add(waiter, "cache", 6379, PORTEND_STATE_OCCUPIED, NULL);
 *     if (portend_waiter_run(waiter, PORTEND_ALL, 30000) != PORTEND_OK) {
 *       fprintf(stderr, "%s\n", portend_waiter_message(waiter));
 *     }
 *     portend_waiter_destroy(waiter);
 *
 * A waiter has targets, each with a wanted state, or without one if it is only watched. A target
 * that has reached its state is not probed again. One thread does all the work. Only names are
 * looked up in other threads, which take no signals and end by themselves when the wait does not
 * need them any more.
 *
 * Threads: any thread may call any function on one waiter. One thread at a time may be inside
 *          _run, _resume, _probe, _assert_free, _next, _start, _process, _add, _watch or _set_...;
 *          another one is refused with PORTEND_ERR_INVALID. Getters and _cancel may be called
 *          concurrently.
 * Fork:    a child gets PORTEND_ERR_INVALID from the waiters of its parent, except that it may
 *          destroy them.
 * Texts:   a returned text belongs to the waiter. portend_waiter_address and the static texts are
 *          valid until portend_waiter_destroy; portend_waiter_message and portend_waiter_explain
 *          until the next call of the same function on the same waiter.
 */
#ifndef PORTEND_WAITER_H
#define PORTEND_WAITER_H

#include <portend/state.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A wait for one or more targets. Opaque. Since: 1.0 */
typedef struct portend_waiter portend_waiter;

/**
 * Creates a waiter without targets.
 *
 * @param waiter_out  receives the waiter; release it with portend_waiter_destroy
 *
 * @retval PORTEND_OK             *waiter_out holds the new waiter
 * @retval PORTEND_ERR_INVALID    waiter_out is NULL
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Threads: any. Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_create(portend_waiter **waiter_out) PORTEND_NOEXCEPT;

/**
 * Destroys a waiter and closes everything it has open, without blocking. A wait in a group leaves
 * the group. (The name is not _free because portend_free waits for a port.)
 *
 * @param waiter  may be NULL
 *
 * Threads: no other call on the waiter may be under way or follow.
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API void portend_waiter_destroy(portend_waiter *waiter) PORTEND_NOEXCEPT;

/**
 * Adds a target with its wanted state.
 *
 * @param host       name or numeric address; copied. For PORTEND_STATE_BINDABLE and _DRAINED a
 *                   wildcard address stands for all addresses of this machine; for the other
 *                   states it stands for the loopback address (portend_client_host)
 * @param port       1 to 65535
 * @param wanted     PORTEND_STATE_OCCUPIED, _FREE, _BINDABLE or _DRAINED
 * @param index_out  receives the index of the target, counted from 0; may be NULL
 *
 * @retval PORTEND_OK             the target is added
 * @retval PORTEND_ERR_INVALID    an argument is out of range, or a wait is under way
 * @retval PORTEND_ERR_NO_MEMORY  out of memory; the waiter is unchanged
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_add(portend_waiter *waiter, const char *host, int port,
                                              portend_state wanted,
                                              int *index_out) PORTEND_NOEXCEPT;

/**
 * Waits until the targets have reached their wanted states. Targets that are only watched do not
 * count.
 *
 * @param mode        PORTEND_ALL or PORTEND_ANY
 * @param timeout_ms  milliseconds; 0 probes once, PORTEND_FOREVER never gives up
 *
 * @retval PORTEND_OK               the targets have reached their states
 * @retval PORTEND_ERR_TIMEOUT      a target has not reached its state before the deadline; the
 *                                  message has a line for each
 * @retval PORTEND_ERR_INVALID      an argument is out of range, no target has a wanted state, or
 *                                  another thread uses the waiter
 * @retval PORTEND_ERR_RESOLVE      a host has no address (with PORTEND_ANY: no host has)
 * @retval PORTEND_ERR_CANCELED     portend_waiter_cancel was called, or the interrupt hook
 *                                  interrupted
 * @retval PORTEND_ERR_GONE         the process of portend_waiter_set_pid has exited
 * @retval PORTEND_ERR_UNSUPPORTED  an option or a state needs an address of this machine, and a
 *                                  host has none, or the socket table cannot be read
 * @retval PORTEND_ERR_SYSTEM       the system refused a socket or a thread; see
 *                                  portend_waiter_errno
 * @retval PORTEND_ERR_NO_MEMORY    out of memory
 *
 * Threads: only the caller blocks; see the top of this file.
 * Signals: not in a handler. A signal calls the interrupt hook and does not end the wait.
 * Memory:  all descriptors are closed on return, except the cancel descriptor, which lives until
 *          portend_waiter_destroy, and except after an interruption: see portend_waiter_resume.
 * Since:   1.0
 */
PORTEND_API portend_status portend_waiter_run(portend_waiter *waiter, portend_mode mode,
                                              int64_t timeout_ms) PORTEND_NOEXCEPT;

/**
 * Continues a call of _run, _probe or _assert_free that the interrupt hook interrupted. Its
 * deadline, its findings and its attempts under way are kept. (To continue portend_waiter_next,
 * call it again.) Every other call that changes the waiter or starts a wait abandons the
 * interrupted one.
 *
 * @retval PORTEND_OK           the call that was interrupted has succeeded
 * @retval PORTEND_ERR_INVALID  no call was interrupted
 * @retval others               as with portend_waiter_run, _probe or _assert_free
 *
 * Threads: only the caller blocks. Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_resume(portend_waiter *waiter) PORTEND_NOEXCEPT;

/**
 * Probes every target once, regardless of its wanted state. Read the states by
 * portend_waiter_state.
 *
 * @param attempt_limit_ms  how long the look-up of a name, and an attempt to connect, may each stay
 *                          without an answer; 0 keeps the limit of the waiter, PORTEND_FOREVER
 *                          leaves it to the system
 *
 * @retval PORTEND_OK           the state of every target is known
 * @retval PORTEND_ERR_TIMEOUT  the state of a target is not known; the message says why
 * @retval others               as with portend_waiter_run
 *
 * Threads: only the caller blocks. Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_probe(portend_waiter *waiter,
                                                int64_t attempt_limit_ms) PORTEND_NOEXCEPT;

/**
 * Probes every target once, and fails if one is occupied, regardless of its wanted state.
 *
 * @param attempt_limit_ms  as with portend_waiter_probe
 *
 * @retval PORTEND_OK            every target is free
 * @retval PORTEND_ERR_NOT_FREE  a target is occupied; the message has a line for each
 * @retval PORTEND_ERR_TIMEOUT   the state of a target is not known
 * @retval others                as with portend_waiter_run
 *
 * Threads: only the caller blocks. Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_assert_free(portend_waiter *waiter,
                                                      int64_t attempt_limit_ms) PORTEND_NOEXCEPT;

/**
 * Ends the wait of another thread with PORTEND_ERR_CANCELED. If no wait is under way, ends the next
 * one. The waiter stays canceled until portend_waiter_reset.
 *
 * @param waiter  may be NULL
 *
 * Threads: any. Signals: safe in a handler; errno is kept. Since: 1.0
 */
PORTEND_API void portend_waiter_cancel(portend_waiter *waiter) PORTEND_NOEXCEPT;

/**
 * Ends the wait under way, if any, and prepares the waiter for another one. The waiter is then not
 * canceled, the state of each target is unknown, and there is no event. Targets and options stay.
 *
 * @retval PORTEND_OK           the waiter is ready for another wait
 * @retval PORTEND_ERR_INVALID  the waiter is NULL, or another thread uses it
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_reset(portend_waiter *waiter) PORTEND_NOEXCEPT;

/** Returns the number of targets; 0 for NULL. Signals: not in a handler. Since: 1.0 */
PORTEND_API int portend_waiter_count(portend_waiter *waiter) PORTEND_NOEXCEPT;

/** Returns the state of a target; PORTEND_STATE_UNKNOWN for a wrong index. Since: 1.0 */
PORTEND_API portend_state portend_waiter_state(portend_waiter *waiter, int index) PORTEND_NOEXCEPT;

/** Returns 1 if a target has reached its wanted state, 0 otherwise. Since: 1.0 */
PORTEND_API int portend_waiter_reached(portend_waiter *waiter, int index) PORTEND_NOEXCEPT;

/** Returns why a target is in its state; PORTEND_REASON_NONE for a wrong index. Since: 1.0 */
PORTEND_API portend_reason portend_waiter_reason(portend_waiter *waiter,
                                                 int index) PORTEND_NOEXCEPT;

/**
 * Returns the numeric address that decided the state of a target; "" if none did, or for a wrong
 * index. Since: 1.0
 */
PORTEND_API const char *portend_waiter_address(portend_waiter *waiter, int index) PORTEND_NOEXCEPT;

/**
 * Returns the microseconds from the start of the wait until a target reached its state, or until
 * now if it has not; 0 for a wrong index. Since: 1.0
 */
PORTEND_API int64_t portend_waiter_elapsed_us(portend_waiter *waiter, int index) PORTEND_NOEXCEPT;

/** Returns the number of probes of a target; 0 for a wrong index. Since: 1.0 */
PORTEND_API int64_t portend_waiter_probes(portend_waiter *waiter, int index) PORTEND_NOEXCEPT;

/**
 * Returns a message about one target: why it has not reached its wanted state, such as "Port 80 not
 * bound on db. (refused by 10.0.0.7, 9 probes)". "" if it has. Since: 1.0
 */
PORTEND_API const char *portend_waiter_explain(portend_waiter *waiter, int index) PORTEND_NOEXCEPT;

/**
 * Returns the message of the last failure of a call on this waiter, by any thread: one line for
 * each target that has not reached its state. "" if the last call did not fail. Since: 1.0
 */
PORTEND_API const char *portend_waiter_message(portend_waiter *waiter) PORTEND_NOEXCEPT;

/**
 * Returns the errno of the system call that caused the last failure of a call on this waiter. 0 if
 * the last call did not fail, or if no system call failed. Since: 1.0
 */
PORTEND_API int portend_waiter_errno(portend_waiter *waiter) PORTEND_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
