/* SPDX-License-Identifier: MIT */
/** @file What every call returns, the messages for people, and the version. */
#ifndef PORTEND_STATUS_H
#define PORTEND_STATUS_H

#include <stddef.h>
#include <stdint.h>

#if defined(SWIG)
#define PORTEND_API
#define PORTEND_NOEXCEPT
#else
#if defined(PORTEND_API)
/* Defined by a program that carries the sources and does not export them. */
#elif defined(__GNUC__)
#define PORTEND_API __attribute__((visibility("default")))
#else
#define PORTEND_API
#endif
#if defined(__cplusplus)
#define PORTEND_NOEXCEPT noexcept
#else
#define PORTEND_NOEXCEPT
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define PORTEND_VERSION_MAJOR 1
#define PORTEND_VERSION_MINOR 0
#define PORTEND_VERSION_PATCH 0

/** A timeout that never ends. */
#define PORTEND_FOREVER (-1)

/** Room for any host name with its NUL (RFC 1035 allows 253 characters of text). */
#define PORTEND_HOST_SIZE 256

/** Room for any numeric address with its zone and its NUL ("fe80::1%enp0s31f6"). */
#define PORTEND_ADDRESS_SIZE 64

/**
 * 0 is success, failures are negative, and positive values are neither. Values are never
 * renumbered, only added to.
 *
 * Since: 1.0
 */
typedef int portend_status;

enum {
  /** Success. */
  PORTEND_OK = 0,
  /** The state was not reached before the deadline. */
  PORTEND_ERR_TIMEOUT = -1,
  /** portend_assert_free found a listener. */
  PORTEND_ERR_NOT_FREE = -2,
  /** An argument is out of range, or a handle is used in a way that its state does not allow. */
  PORTEND_ERR_INVALID = -3,
  /** Name resolution failed permanently. */
  PORTEND_ERR_RESOLVE = -4,
  /** No port matches the options of the search. */
  PORTEND_ERR_NO_PORT = -5,
  /** Canceled by another thread or a signal handler, or interrupted by the interrupt hook. */
  PORTEND_ERR_CANCELED = -6,
  /** The system refused a socket, a thread or another resource; see portend_last_errno. */
  PORTEND_ERR_SYSTEM = -7,
  /** Out of memory. */
  PORTEND_ERR_NO_MEMORY = -8,
  /** A bug in this library. Please report the message. */
  PORTEND_ERR_INTERNAL = -9,
  /** A process that was expected to reach the state has exited. */
  PORTEND_ERR_GONE = -10,
  /** This system, or this host, does not support the request. */
  PORTEND_ERR_UNSUPPORTED = -11
};

/**
 * Not finished: call portend_waiter_process again when the descriptor is readable.
 *
 * Since: 1.0
 */
#define PORTEND_PENDING 1

/**
 * Returned by portend_waiter_next: every target has reached its state, and every event was
 * delivered.
 *
 * Since: 1.0
 */
#define PORTEND_DONE 2

/**
 * Describes a status in a few words.
 *
 * @param status  any value, also unknown ones
 * @return static text, never NULL
 *
 * Threads: any. Signals: safe in a handler. Since: 1.0
 */
PORTEND_API const char *portend_strerror(portend_status status) PORTEND_NOEXCEPT;

/**
 * Returns the message of the last failure in the calling thread: what was wanted, what
 * happened, what to do.
 *
 * Every function that returns a status clears it on entry and sets it on failure. A program whose
 * work moves between threads (goroutines) reads the message of the handle instead:
 * portend_waiter_message, portend_finder_message. Programs must not parse messages; they may
 * change in any version, except for their first sentence.
 *
 * @return text that is valid until the next call of this function in the same thread; "" if the
 *         last call did not fail; never NULL
 *
 * Threads: each has its own. Signals: not in a handler. Since: 1.0
 */
PORTEND_API const char *portend_last_error(void) PORTEND_NOEXCEPT;

/**
 * Returns the errno of the system call that caused the last failure in the calling thread.
 *
 * @return a number of errno(3); 0 if the last call did not fail, or if no system call failed
 *
 * Threads: each has its own. Signals: not in a handler. Since: 1.0
 */
PORTEND_API int portend_last_errno(void) PORTEND_NOEXCEPT;

/**
 * Returns the version of the library that runs, such as "1.0.0". PORTEND_VERSION_MAJOR, _MINOR
 * and _PATCH are those of the header that the program was compiled with.
 *
 * @return static text, never NULL
 *
 * Threads: any. Signals: safe in a handler. Since: 1.0
 */
PORTEND_API const char *portend_version(void) PORTEND_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
