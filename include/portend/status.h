/* SPDX-License-Identifier: MIT */
/** @file What every call returns, the sentences for people, and the version. */
#ifndef PORTEND_STATUS_H
#define PORTEND_STATUS_H

#include <stddef.h>
#include <stdint.h>

#if defined(SWIG)
#define PORTEND_API
#define PORTEND_NOEXCEPT
#else
#if defined(__GNUC__)
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
 * 0 is success, failures are negative. Values are never renumbered, only added to.
 *
 * Since: 1.0
 */
typedef int portend_status;

enum {
  /** What was asked for is so. */
  PORTEND_OK = 0,
  /** The state did not come before the deadline. */
  PORTEND_ERR_TIMEOUT = -1,
  /** portend_assert_free found a listener. */
  PORTEND_ERR_NOT_FREE = -2,
  /** An argument is outside what the function takes, or a handle is used wrongly. */
  PORTEND_ERR_INVALID = -3,
  /** The host has no address, for good, or the resolver itself failed. */
  PORTEND_ERR_RESOLVE = -4,
  /** No port fits what was asked for. */
  PORTEND_ERR_NO_PORT = -5,
  /** Cancelled by another thread, a signal handler or the interrupt hook. */
  PORTEND_ERR_CANCELED = -6,
  /** The system refused a socket, a thread or the like; the sentence names errno. */
  PORTEND_ERR_SYSTEM = -7,
  /** Out of memory. */
  PORTEND_ERR_NO_MEMORY = -8,
  /** A bug in this library: please report the sentence. */
  PORTEND_ERR_INTERNAL = -9,
  /** The process that should have brought the state about has died. */
  PORTEND_ERR_GONE = -10,
  /** This system cannot do it. */
  PORTEND_ERR_UNSUPPORTED = -11
};

/**
 * The only positive status, and only of portend_waiter_process: neither done nor
 * failed, call again when the descriptor is readable.
 *
 * Since: 1.0
 */
#define PORTEND_PENDING 1

/**
 * What a status means, in a few words.
 *
 * @param status  any value, unknown ones too
 * @return static text, never NULL
 *
 * Threads: any. Signals: safe in a handler. Since: 1.0
 */
PORTEND_API const char *portend_strerror(portend_status status) PORTEND_NOEXCEPT;

/**
 * The last failure of the calling thread in a sentence for people: what was wanted,
 * what happened, what to do.
 *
 * Every function that returns a status writes it when it fails, and clears it when it
 * begins. A program whose work moves between threads (goroutines) reads the message of
 * the handle instead: portend_waiter_message, portend_finder_message.
 *
 * @return text that is valid until the next call of this thread; "" if the last call
 *         did not fail; never NULL
 *
 * Threads: each has its own. Signals: not in a handler. Since: 1.0
 */
PORTEND_API const char *portend_last_error(void) PORTEND_NOEXCEPT;

/**
 * The version of the library that runs, "1.0.0"; PORTEND_VERSION_MAJOR and its
 * siblings are those of the header that was compiled.
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
