/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The states of a target, the reasons for them, and the modes and options of waits.
 */
#ifndef PORTEND_STATE_H
#define PORTEND_STATE_H

#include <portend/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The state of a target. Since: 1.0 */
typedef int portend_state;
enum {
  /** Not known: there is no answer yet, or the answer does not count. */
  PORTEND_STATE_UNKNOWN = 0,
  /**
   * An address of this machine: the socket table lists a listener that a connection would reach,
   * its accept queue full or not. Another address, or a socket table that cannot be read: a TCP
   * connection is accepted. A self-connection does not count. One address is enough.
   */
  PORTEND_STATE_OCCUPIED = 1,
  /** No address is occupied: each refuses, is unreachable, or is silent for the attempt limit. */
  PORTEND_STATE_FREE = 2,
  /**
   * A server that sets SO_REUSEADDR (socket(7)), as most do, could listen on every address of the
   * target now. Addresses of this machine only.
   */
  PORTEND_STATE_BINDABLE = 3,
  /**
   * No TCP connection of that local port remains, in any state but LISTEN and TIME_WAIT.
   * Addresses of this machine only.
   */
  PORTEND_STATE_DRAINED = 4
};

/** Why a target is in its state, or not yet in its wanted state. Since: 1.0 */
typedef int portend_reason;
enum {
  /** Nothing has answered yet. */
  PORTEND_REASON_NONE = 0,
  /** A connection was accepted. */
  PORTEND_REASON_ACCEPTED = 1,
  /** The connection was refused: nothing listens. */
  PORTEND_REASON_REFUSED = 2,
  /** No answer within the attempt limit: a host that is down, a firewall. */
  PORTEND_REASON_SILENT = 3,
  /** No route to the host, or no address family for it. */
  PORTEND_REASON_UNREACHABLE = 4,
  /** The name has no address. */
  PORTEND_REASON_UNRESOLVED = 5,
  /** A listener of this machine has a full accept queue. */
  PORTEND_REASON_BACKLOG_FULL = 6,
  /** The socket table lists a listener. */
  PORTEND_REASON_LISTENING = 7,
  /** A policy of this system refused the probe: a firewall, a sandbox. errno is EPERM or EACCES. */
  PORTEND_REASON_FORBIDDEN = 8,
  /** The listener belongs to another process than portend_waiter_set_owner requires. */
  PORTEND_REASON_OTHER_OWNER = 9,
  /** A connection was accepted and did not stay open for the time of portend_waiter_set_stable. */
  PORTEND_REASON_CLOSED_EARLY = 10,
  /** A socket keeps the port from being bound. */
  PORTEND_REASON_IN_USE = 11,
  /** The port still has connections. */
  PORTEND_REASON_CONNECTED = 12,
  /** The port can be bound. */
  PORTEND_REASON_BINDABLE = 13,
  /** The port has no connection any more. */
  PORTEND_REASON_DRAINED = 14,
  /** The socket table lists no listener, and connecting was not allowed. */
  PORTEND_REASON_NOT_LISTENING = 15
};

/** Which targets a wait needs. Since: 1.0 */
typedef int portend_mode;
enum {
  /** All targets; each counts from the moment it reaches its state. */
  PORTEND_ALL = 0,
  /** Any one of the targets. */
  PORTEND_ANY = 1
};

/** Address families. Since: 1.0 */
typedef int portend_family;
enum {
  /** The addresses of both families. */
  PORTEND_FAMILY_ANY = 0,
  /** IPv4 addresses only. */
  PORTEND_FAMILY_IPV4 = 4,
  /** IPv6 addresses only. */
  PORTEND_FAMILY_IPV6 = 6
};

/** What proves that a port is occupied. Since: 1.0 */
typedef int portend_evidence;
enum {
  /** The socket table for addresses of this machine, a connection for all others. */
  PORTEND_EVIDENCE_AUTO = 0,
  /** A connection, even if the socket table could tell. The server sees it. */
  PORTEND_EVIDENCE_CONNECTION = 1,
  /** The socket table. No connection is made; other hosts fail with PORTEND_ERR_UNSUPPORTED. */
  PORTEND_EVIDENCE_TABLE = 2
};

/** Returns a reason in a word, such as "refused"; static, never NULL. Since: 1.0 */
PORTEND_API const char *portend_reason_text(portend_reason reason) PORTEND_NOEXCEPT;

/** Returns a state in a word, such as "occupied"; static, never NULL. Since: 1.0 */
PORTEND_API const char *portend_state_text(portend_state state) PORTEND_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
