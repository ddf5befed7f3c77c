/* SPDX-License-Identifier: MIT */
/** @file A target as text and as values; what a wildcard address means to a client. */
#ifndef PORTEND_TARGET_H
#define PORTEND_TARGET_H

#include <portend/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The address a client dials to reach a server that is bound to `server_host`.
 *
 * "0.0.0.0" becomes "127.0.0.1"; "::", "::0" and "::0.0.0.0" become "::1". Whatever
 * else is given comes back as it is, NULL included. Every function that looks at a
 * target applies this to its host.
 *
 * @return static text or `server_host` itself; nothing to release
 *
 * Threads: any. Signals: safe in a handler. Since: 1.0
 */
PORTEND_API const char *portend_client_host(const char *server_host) PORTEND_NOEXCEPT;

/**
 * Takes "host:port" apart.
 *
 * An IPv6 address stands in brackets, "[::1]:80", with its zone inside them (RFC 3986
 * section 3.2.2, RFC 6874). A bare "::1:80" says two things, and is an error.
 *
 * @param text       the target; borrowed for the call
 * @param host_out   receives the host without brackets; PORTEND_HOST_SIZE is enough
 * @param host_size  the room there, in bytes
 * @param port_out   receives the port
 *
 * @retval PORTEND_OK           both are written
 * @retval PORTEND_ERR_INVALID  an argument is NULL, the text is no target, or the room
 *                              is too small
 *
 * Threads: any. Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_parse_target(const char *text, char *host_out, size_t host_size,
                                                int *port_out) PORTEND_NOEXCEPT;

/**
 * Puts a target together: the inverse of portend_parse_target.
 *
 * An IPv6 address gets its brackets, and a wildcard becomes what portend_client_host
 * makes of it: ("::", 80) is "[::1]:80".
 *
 * @param host       name or numeric address; borrowed for the call
 * @param port       1 to 65535
 * @param text_out   receives the text; PORTEND_HOST_SIZE + 8 is enough
 * @param text_size  the room there, in bytes
 *
 * @retval PORTEND_OK           the text is written
 * @retval PORTEND_ERR_INVALID  the host is NULL, empty or no host, the port is out of
 *                              range, or the room is too small
 *
 * Threads: any. Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_format_target(const char *host, int port, char *text_out,
                                                 size_t text_size) PORTEND_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
