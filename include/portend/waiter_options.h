/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The options of a waiter: intervals, limits, address families, what proves that a port is
 * occupied, and what ends a wait. An option applies to the next wait and stays until it is set
 * again.
 *
 * Threads, forks and texts: see portend/waiter.h.
 */
#ifndef PORTEND_WAITER_OPTIONS_H
#define PORTEND_WAITER_OPTIONS_H

#include <portend/waiter.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A function that may interrupt a wait, so that an interpreter can run its signal handlers. It is
 * called in the waiting thread: when the wait begins, after each signal, and at least every 100 ms.
 * The wait that it interrupts can be resumed: see portend_waiter_resume.
 *
 * The hook may call getters and portend_waiter_cancel. It must not change the waiter or wait on it.
 * If longjmp or an exception leaves the hook, the waiter can only be destroyed.
 *
 * @param context  the context of portend_waiter_set_interrupt
 * @return 0 to continue, another value to interrupt the wait
 *
 * Since: 1.0
 */
typedef int (*portend_interrupt_hook)(void *context);

/**
 * Sets bounds for the retry intervals, in microseconds.
 *
 * By default an interval grows with the time already waited. On this machine it grows from 0.2 ms
 * to 9 ms within seconds, and to 50 ms after minutes. For other machines it is a 64th of the time
 * waited, from 5 ms to 250 ms. Probes of a remote server that is expected to close do not become
 * more frequent (see portend_free).
 *
 * @param shortest_us  50 to 3600000000, or 0 for the default
 * @param longest_us   50 to 3600000000 and not below shortest_us, or 0 for the default
 *
 * @retval PORTEND_OK           the values apply to the next wait
 * @retval PORTEND_ERR_INVALID  a value is out of range, or a wait is under way
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_set_interval(portend_waiter *waiter, int64_t shortest_us,
                                                       int64_t longest_us) PORTEND_NOEXCEPT;

/**
 * Sets how long one attempt to connect may stay without an answer before it counts as silent.
 * Attempts overlap: the limit bounds the round-trip time that is tolerated, and does not delay
 * detection.
 *
 * @param limit_ms  1 to 3600000; the default is 1000
 *
 * @retval PORTEND_OK           the limit applies to the next wait
 * @retval PORTEND_ERR_INVALID  the limit is out of range, or a wait is under way
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_set_attempt_limit(portend_waiter *waiter,
                                                            int64_t limit_ms) PORTEND_NOEXCEPT;

/**
 * Sets which addresses of the hosts are probed.
 *
 * @param family  PORTEND_FAMILY_ANY (the default), _IPV4 or _IPV6
 *
 * @retval PORTEND_OK           the family applies to the next wait
 * @retval PORTEND_ERR_INVALID  unknown family, or a wait is under way
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_set_family(portend_waiter *waiter,
                                                     portend_family family) PORTEND_NOEXCEPT;

/**
 * Sets whether a name that does not exist is looked up again until the deadline, for example for a
 * container that has not started yet. By default such a name fails the wait at once, since it may
 * be misspelled. A temporary failure of the resolver is always retried.
 *
 * @param enabled  0 (the default) or 1
 *
 * @retval PORTEND_OK           the value applies to the next wait
 * @retval PORTEND_ERR_INVALID  neither 0 nor 1, or a wait is under way
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_set_name_retry(portend_waiter *waiter,
                                                         int enabled) PORTEND_NOEXCEPT;

/**
 * Sets a process whose exit ends the wait with PORTEND_ERR_GONE, unless the state is reached first
 * (pidfd_open(2) if the system has it).
 *
 * @param pid  a process of this machine, or 0 for none (the default)
 *
 * @retval PORTEND_OK           the process applies to the next wait
 * @retval PORTEND_ERR_INVALID  the pid is negative or out of range, or a wait is under way
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_set_pid(portend_waiter *waiter,
                                                  int64_t pid) PORTEND_NOEXCEPT;

/**
 * Sets the required owner: a port is occupied only if the listener belongs to that process or one
 * of its descendants. A listener of another process leaves the target in PORTEND_STATE_UNKNOWN with
 * PORTEND_REASON_OTHER_OWNER. For addresses of this machine only. A process that was reparented (by
 * daemon(3)) is not a descendant. If no visible process has the listener, and this user may not
 * inspect the owner or one of its descendants (proc(5), /proc/PID/fd), the wait ends with
 * PORTEND_ERR_UNSUPPORTED.
 *
 * @param pid  a process of this machine, or 0 for any (the default)
 *
 * @retval PORTEND_OK           the owner applies to the next wait
 * @retval PORTEND_ERR_INVALID  the pid is negative or out of range, or a wait is under way
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_set_owner(portend_waiter *waiter,
                                                    int64_t pid) PORTEND_NOEXCEPT;

/**
 * Sets what proves that a port is occupied.
 *
 * @param evidence  PORTEND_EVIDENCE_AUTO (the default), _CONNECTION or _TABLE
 *
 * @retval PORTEND_OK           the evidence applies to the next wait
 * @retval PORTEND_ERR_INVALID  unknown evidence, or a wait is under way
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_set_evidence(portend_waiter *waiter,
                                                       portend_evidence evidence) PORTEND_NOEXCEPT;

/**
 * Sets how long a connection must stay open before its address counts as occupied. If the other
 * side closes or resets it sooner, it does not count. A container proxy, a service mesh or a port
 * forward accepts and closes at once if nothing is behind it. Implies PORTEND_EVIDENCE_CONNECTION.
 *
 * @param duration_ms  1 to 3600000, or 0 for not at all (the default)
 *
 * @retval PORTEND_OK           the duration applies to the next wait
 * @retval PORTEND_ERR_INVALID  the duration is out of range, or a wait is under way
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_set_stable(portend_waiter *waiter,
                                                     int64_t duration_ms) PORTEND_NOEXCEPT;

/**
 * Sets a function that may interrupt the waits of this waiter.
 *
 * @param hook     NULL for none (the default)
 * @param context  passed to the hook; never dereferenced
 *
 * @retval PORTEND_OK           the hook applies to the next wait
 * @retval PORTEND_ERR_INVALID  a wait is under way
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_waiter_set_interrupt(portend_waiter *waiter,
                                                        portend_interrupt_hook hook,
                                                        void *context) PORTEND_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
