/* SPDX-License-Identifier: MIT */
/** @file Who listens on this machine. */
#ifndef PORTEND_LISTENERS_H
#define PORTEND_LISTENERS_H

#include <portend/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The listening TCP sockets of this machine (of this network namespace) at one moment,
 * sorted by port and address. It does not change; any number of threads may ask it.
 * Opaque. Since: 1.0
 */
typedef struct portend_listeners portend_listeners;

/**
 * Takes a snapshot.
 *
 * @param port           1 to 65535, or 0 for all ports
 * @param listeners_out  receives it; end it with portend_listeners_destroy
 *
 * @retval PORTEND_OK               it is there, and may be empty
 * @retval PORTEND_ERR_INVALID      the port is out of range, or listeners_out is NULL
 * @retval PORTEND_ERR_UNSUPPORTED  this system does not tell
 * @retval PORTEND_ERR_SYSTEM       the system refused a socket
 * @retval PORTEND_ERR_NO_MEMORY    out of memory
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_listeners_create(int port, portend_listeners **listeners_out)
    PORTEND_NOEXCEPT;

/** Ends a snapshot; NULL is fine. Since: 1.0 */
PORTEND_API void portend_listeners_destroy(portend_listeners *listeners) PORTEND_NOEXCEPT;

/** How many sockets there are; 0 for NULL. Since: 1.0 */
PORTEND_API int portend_listeners_count(const portend_listeners *listeners) PORTEND_NOEXCEPT;

/** The address it listens on, numeric; "" for a wrong index. Since: 1.0 */
PORTEND_API const char *portend_listeners_address(const portend_listeners *listeners,
                                                  int index) PORTEND_NOEXCEPT;

/** Whether a listener on "::" takes IPv4 connections as well: 0 or 1. Since: 1.0 */
PORTEND_API int portend_listeners_dual_stack(const portend_listeners *listeners,
                                             int index) PORTEND_NOEXCEPT;

/** The port; 0 for a wrong index. Since: 1.0 */
PORTEND_API int portend_listeners_port(const portend_listeners *listeners,
                                       int index) PORTEND_NOEXCEPT;

/**
 * The process that holds it, the oldest one if several do (a server and its workers); 0 if
 * the system does not tell: another user's process, another container's. Since: 1.0
 */
PORTEND_API int64_t portend_listeners_pid(const portend_listeners *listeners,
                                          int index) PORTEND_NOEXCEPT;

/** The name of that process; "" if the system does not tell. Since: 1.0 */
PORTEND_API const char *portend_listeners_process(const portend_listeners *listeners,
                                                  int index) PORTEND_NOEXCEPT;

/**
 * The user who owns the socket, by name, or by number where the number has no name; "" if
 * the system does not tell. Since: 1.0
 */
PORTEND_API const char *portend_listeners_user(const portend_listeners *listeners,
                                               int index) PORTEND_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
