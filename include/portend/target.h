/* SPDX-License-Identifier: MIT */
/** @file Conversion of targets to and from text; the client's address for a wildcard. */
#ifndef PORTEND_TARGET_H
#define PORTEND_TARGET_H

#include <portend/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Returns the host that a client connects to in order to reach a server that is bound to
 * `server_host`.
 *
 * "0.0.0.0" becomes "127.0.0.1"; "::", "::0" and "::0.0.0.0" become "::1"; "*" becomes
 * "localhost". Any other text, and NULL, is returned unchanged. Every function that probes a
 * target applies this to its host.
 *
 * @return static text or `server_host` itself; nothing to release
 *
 * Threads: any. Signals: safe in a handler. Since: 1.0
 */
PORTEND_API const char *portend_client_host(const char *server_host) PORTEND_NOEXCEPT;

/**
 * Parses a target. A target is one of:
 *
 *     HOST:PORT         localhost:8080; a wildcard address stays as it is
 *     HOST:SERVICE      db:postgresql (services(5), TCP)
 *     *:PORT            a port of this machine, by IPv4 and IPv6
 *     [ADDRESS]:PORT    an IPv6 address: [::1]:80, [fe80::1%eth0]:80 or, as in RFC 6874,
 *                       [fe80::1%25eth0]:80
 *     SCHEME://...      a URL: http://web, redis://:secret@cache/0, tcp://10.0.0.1:6379
 *
 * A host is a name, in UTF-8 if it is an internationalized one, or a numeric address. A bare
 * "::1:80" is ambiguous, and an error. A link-local address needs its zone.
 *
 * If a URL names no port, services(5) gives it by the scheme. If services(5) lacks the scheme, a
 * list of well-known services does. A driver in the scheme ("postgresql+psycopg2") and a "jdbc:"
 * before it are ignored. So are user, password, path and query, which no message shows. Only a text
 * that is not a URL, and contains none of the characters "@/?#=&;\\", is shown as a whole. These
 * texts are errors, and the message says why: a URL with several hosts or without one,
 * "mongodb+srv://" (an SRV record), UNIX sockets ("unix:", a path), "udp:" and files ("sqlite://").
 *
 * @param text       the target; borrowed for the call
 * @param host_out   receives the host without brackets; PORTEND_HOST_SIZE bytes are enough
 * @param host_size  size of the buffer at host_out, in bytes
 * @param port_out   receives the port
 *
 * @retval PORTEND_OK             the host and the port are written
 * @retval PORTEND_ERR_INVALID    an argument is NULL, the text is not a target, or the buffer
 *                                is too small
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Threads: any. Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_parse_target(const char *text, char *host_out, size_t host_size,
                                                int *port_out) PORTEND_NOEXCEPT;

/**
 * Formats a host and a port as "HOST:PORT", which portend_parse_target can parse again.
 *
 * An IPv6 address gets brackets. A wildcard is replaced as by portend_client_host: ("::", 80)
 * becomes "[::1]:80". Hosts with the names "unix" and "udp" are formatted as a URL, "tcp://udp:80".
 *
 * @param host       name or numeric address; borrowed for the call
 * @param port       1 to 65535
 * @param text_out   receives the text; PORTEND_HOST_SIZE + 8 bytes are enough
 * @param text_size  size of the buffer at text_out, in bytes
 *
 * @retval PORTEND_OK             the text is written
 * @retval PORTEND_ERR_INVALID    the host is NULL, empty or not a host, the port is out of
 *                                range, or the buffer is too small
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Threads: any. Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_format_target(const char *host, int port, char *text_out,
                                                 size_t text_size) PORTEND_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
