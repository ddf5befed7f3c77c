/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Many targets in one wait; cancelling. Watching and foreign event loops: portend/watch.h.
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
 * A waiter holds targets, each with the state that is wanted, or none to be watched for
 * good (portend/watch.h). A target that has reached its state is not looked at again. One thread
 * does all of it; names alone are looked up in a few threads of their own, which take no signals
 * and are left to end by themselves when the wait does not need them any more.
 *
 * Threads: any thread may call any of these on one waiter. One at a time may be inside
 * _run, _assert_free, _next or _process, or change the waiter (_add, _watch, _set_...); another one
 * is refused with PORTEND_ERR_INVALID. Asking (_state, _reason, ...) and _cancel are welcome
 * meanwhile. Texts that are returned are valid until the next call of the same thread.
 */
#ifndef PORTEND_WAITER_H
#define PORTEND_WAITER_H

#include <portend/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A wait for one or more targets. Opaque. Since: 1.0 */
typedef struct portend_waiter portend_waiter;

/** What is known of a target. Since: 1.0 */
typedef int portend_state;
enum {
  /** Not known yet. */
  PORTEND_STATE_UNKNOWN = 0,
  PORTEND_STATE_OCCUPIED = 1,
  PORTEND_STATE_FREE = 2
};

/** Why a target is in its state, or not yet in the one that is wanted. Since: 1.0 */
typedef int portend_reason;
enum {
  /** Nothing has answered yet. */
  PORTEND_REASON_NONE = 0,
  /** A connection was established. */
  PORTEND_REASON_ACCEPTED = 1,
  /** The port answers that nobody listens. */
  PORTEND_REASON_REFUSED = 2,
  /** No answer within the limit of an attempt: a host that is down, a firewall. */
  PORTEND_REASON_SILENT = 3,
  /** No way to the host, or to its address family. */
  PORTEND_REASON_UNREACHABLE = 4,
  /** The name has no address yet. */
  PORTEND_REASON_UNRESOLVED = 5,
  /** A listener of this machine whose accept queue is full. */
  PORTEND_REASON_BACKLOG_FULL = 6,
  /** A listener of this machine, seen in the kernel's socket table. */
  PORTEND_REASON_LISTENING = 7
};

/** Which targets a wait needs. Since: 1.0 */
typedef int portend_mode;
enum {
  /** All of them; each counts from the moment it reaches its state. */
  PORTEND_ALL = 0,
  /** One of them, whichever is first. */
  PORTEND_ANY = 1
};

/** Which addresses of a host are looked at. Since: 1.0 */
typedef int portend_family;
enum { PORTEND_FAMILY_ANY = 0, PORTEND_FAMILY_IPV4 = 4, PORTEND_FAMILY_IPV6 = 6 };

/**
 * Called on the waiting thread when a wait begins, when a signal interrupts it, and at
 * least every 100 ms. Anything but 0 ends the wait with PORTEND_ERR_CANCELED. It may ask
 * the waiter (_state, _reason, ...), and must return: a waiter whose hook was left by
 * longjmp or an exception can only be destroyed. Since: 1.0
 */
typedef int (*portend_interrupt_hook)(void *context);

/**
 * Makes a waiter without targets.
 *
 * @param waiter_out  receives it; end it with portend_waiter_destroy
 *
 * @retval PORTEND_OK             it is there
 * @retval PORTEND_ERR_INVALID    waiter_out is NULL
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_create(portend_waiter **waiter_out) PORTEND_NOEXCEPT;

/**
 * Ends a waiter and all it holds, without blocking. No other call on it may be under way
 * or follow. (Not called _free: portend_free waits for a port.)
 *
 * @param waiter  NULL is fine
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API void portend_waiter_destroy(portend_waiter *waiter) PORTEND_NOEXCEPT;

/**
 * Adds a target and the state that is wanted of it.
 *
 * @param host       name or numeric address; copied
 * @param port       1 to 65535
 * @param wanted     PORTEND_STATE_OCCUPIED or PORTEND_STATE_FREE
 * @param index_out  receives the index of the target, from 0 on; may be NULL
 *
 * @retval PORTEND_OK             it is added
 * @retval PORTEND_ERR_INVALID    an argument is out of range, or a wait is under way
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_add(portend_waiter *waiter, const char *host, int port,
                                              portend_state wanted,
                                              int *index_out) PORTEND_NOEXCEPT;

/**
 * How long the pauses between two looks may be, in microseconds.
 *
 * Unset, a pause grows with the time already waited: on this machine from 0.2 ms to 9 ms
 * in the first seconds and to 50 ms in the longest waits, elsewhere it is a 64th of it,
 * from 5 ms to 250 ms. What is set here bounds that, whatever it grows to.
 *
 * @param shortest_us  50 to 3600000000, or 0 for the default
 * @param longest_us   likewise, and not below shortest_us
 *
 * @retval PORTEND_OK           set, for the next wait
 * @retval PORTEND_ERR_INVALID  out of range, or a wait is under way
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_set_interval(portend_waiter *waiter, int64_t shortest_us,
                                                       int64_t longest_us) PORTEND_NOEXCEPT;

/**
 * How long one attempt to connect may stay without an answer before it counts as silent.
 * Attempts overlap, so this bounds the round trip that is still reached, not how soon a
 * server is seen.
 *
 * @param limit_ms  1 to 3600000; 1000 unless set
 *
 * @retval PORTEND_OK           set, for the next wait
 * @retval PORTEND_ERR_INVALID  out of range, or a wait is under way
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_set_attempt_limit(portend_waiter *waiter,
                                                            int64_t limit_ms) PORTEND_NOEXCEPT;

/**
 * Which addresses of the hosts are looked at.
 *
 * @param family  PORTEND_FAMILY_ANY (unless set), _IPV4 or _IPV6
 *
 * @retval PORTEND_OK           set, for the next wait
 * @retval PORTEND_ERR_INVALID  none of these, or a wait is under way
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_set_family(portend_waiter *waiter,
                                                     portend_family family) PORTEND_NOEXCEPT;

/**
 * Whether a name that does not exist is looked up again until the deadline, as for a
 * container that has not started yet. Unset, it fails the wait at once: it may be
 * misspelt. A resolver that fails for the moment is always asked again.
 *
 * @param enabled  0 or 1
 *
 * @retval PORTEND_OK           set, for the next wait
 * @retval PORTEND_ERR_INVALID  neither, or a wait is under way
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_set_name_retry(portend_waiter *waiter,
                                                         int enabled) PORTEND_NOEXCEPT;

/**
 * A process whose death ends the wait at once with PORTEND_ERR_GONE, unless the state
 * has come by then (pidfd_open(2) where the system has it).
 *
 * @param pid  a process of this machine, or 0 for none
 *
 * @retval PORTEND_OK           set, for the next wait
 * @retval PORTEND_ERR_INVALID  negative or out of range, or a wait is under way
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_set_process(portend_waiter *waiter,
                                                      int64_t pid) PORTEND_NOEXCEPT;

/**
 * A function that may end the wait; see portend_interrupt_hook.
 *
 * @param hook     NULL for none
 * @param context  given to it; yours
 *
 * @retval PORTEND_OK           set, for the next wait
 * @retval PORTEND_ERR_INVALID  a wait is under way
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_set_interrupt(portend_waiter *waiter,
                                                        portend_interrupt_hook hook,
                                                        void *context) PORTEND_NOEXCEPT;

/**
 * Waits until the targets are in the states that are wanted.
 *
 * @param mode        PORTEND_ALL or PORTEND_ANY
 * @param timeout_ms  0 looks once, PORTEND_FOREVER never gives up
 *
 * @retval PORTEND_OK             they are
 * @retval PORTEND_ERR_TIMEOUT    not in time; the message tells of each why
 * @retval PORTEND_ERR_INVALID    an argument is out of range, no target wants anything,
 *                                or another thread waits
 * @retval PORTEND_ERR_RESOLVE    a host has no address (PORTEND_ANY: none of them has)
 * @retval PORTEND_ERR_CANCELED   portend_waiter_cancel, or the interrupt hook
 * @retval PORTEND_ERR_GONE       the process of portend_waiter_set_process is dead
 * @retval PORTEND_ERR_SYSTEM     the system refused a socket or a thread
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Threads: blocks the caller alone; see the top of this file.
 * Signals: not in a handler; a signal calls the interrupt hook and does not end the wait.
 * Memory:  what the wait opened is closed when it ends, whichever way, but for one
 *          descriptor that _cancel needs until portend_waiter_destroy.
 * Since:   1.0
 */
PORTEND_API portend_status portend_waiter_run(portend_waiter *waiter, portend_mode mode,
                                              int64_t timeout_ms) PORTEND_NOEXCEPT;

/**
 * Looks once at every address of the targets, and fails if one accepts, whatever is wanted
 * of them: portend_assert_free on a waiter, with its settings, its hook and _cancel.
 *
 * @param timeout_ms  how long one attempt may stay without an answer before it counts as
 *                    silent; 0 leaves that at the limit of the waiter, PORTEND_FOREVER to
 *                    the system
 *
 * @retval PORTEND_OK            no address accepts
 * @retval PORTEND_ERR_NOT_FREE  one does; the message has a line for each such target
 * @retval PORTEND_ERR_TIMEOUT   the look-up of a name got no answer in that time
 * @retval others                as with portend_waiter_run
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_assert_free(portend_waiter *waiter,
                                                      int64_t timeout_ms) PORTEND_NOEXCEPT;

/**
 * Ends the wait of another thread, or the next one, with PORTEND_ERR_CANCELED. It stays
 * until portend_waiter_reset.
 *
 * @param waiter  NULL does nothing
 *
 * Threads: any. Signals: safe in a handler; errno is kept. Since: 1.0
 */
PORTEND_API void portend_waiter_cancel(portend_waiter *waiter) PORTEND_NOEXCEPT;

/**
 * Ends the wait under way, if any, and makes a waiter fit for another one: not cancelled,
 * each target unknown again, no event left. Targets and settings stay.
 *
 * @retval PORTEND_OK           done
 * @retval PORTEND_ERR_INVALID  the waiter is NULL, or another thread waits
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_reset(portend_waiter *waiter) PORTEND_NOEXCEPT;

/** How many targets were added; 0 for NULL. Signals: not in a handler. Since: 1.0 */
PORTEND_API int portend_waiter_count(portend_waiter *waiter) PORTEND_NOEXCEPT;

/** What is known of a target now; unknown for a wrong index. Since: 1.0 */
PORTEND_API portend_state portend_waiter_state(portend_waiter *waiter, int index) PORTEND_NOEXCEPT;

/** Whether a target has reached the state that is wanted of it: 0 or 1. Since: 1.0 */
PORTEND_API int portend_waiter_reached(portend_waiter *waiter, int index) PORTEND_NOEXCEPT;

/** Why a target is in its state; none for a wrong index. Since: 1.0 */
PORTEND_API portend_reason portend_waiter_reason(portend_waiter *waiter,
                                                 int index) PORTEND_NOEXCEPT;

/** The address that decided, numeric; "" if none did or for a wrong index. Since: 1.0 */
PORTEND_API const char *portend_waiter_address(portend_waiter *waiter, int index) PORTEND_NOEXCEPT;

/**
 * Microseconds from the begin of the wait until the target reached its state, or until
 * now if it has not; 0 for a wrong index. Since: 1.0
 */
PORTEND_API int64_t portend_waiter_elapsed_us(portend_waiter *waiter, int index) PORTEND_NOEXCEPT;

/** How often one of its addresses was looked at; 0 for a wrong index. Since: 1.0 */
PORTEND_API int64_t portend_waiter_probes(portend_waiter *waiter, int index) PORTEND_NOEXCEPT;

/**
 * A sentence for people on one target: "" if it is in the state that is wanted, else what
 * is missing and why, "Port 80 not bound on db. (refused by 10.0.0.7, 9 probes)". Since: 1.0
 */
PORTEND_API const char *portend_waiter_explain(portend_waiter *waiter, int index) PORTEND_NOEXCEPT;

/**
 * The last failure of a call on this waiter, by whichever thread, in a sentence for
 * people: one line, and a line more for each further target that is missing. "" if the
 * last call did not fail. Since: 1.0
 */
PORTEND_API const char *portend_waiter_message(portend_waiter *waiter) PORTEND_NOEXCEPT;

/** A reason in a word ("refused"), static, never NULL; "unknown" for others. Since: 1.0 */
PORTEND_API const char *portend_reason_text(portend_reason reason) PORTEND_NOEXCEPT;

/** A state in a word ("occupied"), static, never NULL; "unknown" for others. Since: 1.0 */
PORTEND_API const char *portend_state_text(portend_state state) PORTEND_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
