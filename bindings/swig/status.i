/* SPDX-License-Identifier: MIT */
/* portend/status.h, and the words for states and reasons. */

typedef int portend_status;
typedef int portend_state;
typedef int portend_reason;
typedef int portend_mode;
typedef int portend_family;
typedef int portend_evidence;

%constant int OK = PORTEND_OK;
%constant int PENDING = PORTEND_PENDING;
%constant int DONE = PORTEND_DONE;
%constant int ERR_TIMEOUT = PORTEND_ERR_TIMEOUT;
%constant int ERR_NOT_FREE = PORTEND_ERR_NOT_FREE;
%constant int ERR_INVALID = PORTEND_ERR_INVALID;
%constant int ERR_RESOLVE = PORTEND_ERR_RESOLVE;
%constant int ERR_NO_PORT = PORTEND_ERR_NO_PORT;
%constant int ERR_CANCELED = PORTEND_ERR_CANCELED;
%constant int ERR_SYSTEM = PORTEND_ERR_SYSTEM;
%constant int ERR_NO_MEMORY = PORTEND_ERR_NO_MEMORY;
%constant int ERR_INTERNAL = PORTEND_ERR_INTERNAL;
%constant int ERR_GONE = PORTEND_ERR_GONE;
%constant int ERR_UNSUPPORTED = PORTEND_ERR_UNSUPPORTED;

%constant int FOREVER = PORTEND_FOREVER;

%constant int STATE_UNKNOWN = PORTEND_STATE_UNKNOWN;
%constant int STATE_OCCUPIED = PORTEND_STATE_OCCUPIED;
%constant int STATE_FREE = PORTEND_STATE_FREE;
%constant int STATE_BINDABLE = PORTEND_STATE_BINDABLE;
%constant int STATE_DRAINED = PORTEND_STATE_DRAINED;

%constant int REASON_NONE = PORTEND_REASON_NONE;
%constant int REASON_ACCEPTED = PORTEND_REASON_ACCEPTED;
%constant int REASON_REFUSED = PORTEND_REASON_REFUSED;
%constant int REASON_SILENT = PORTEND_REASON_SILENT;
%constant int REASON_UNREACHABLE = PORTEND_REASON_UNREACHABLE;
%constant int REASON_UNRESOLVED = PORTEND_REASON_UNRESOLVED;
%constant int REASON_BACKLOG_FULL = PORTEND_REASON_BACKLOG_FULL;
%constant int REASON_LISTENING = PORTEND_REASON_LISTENING;
%constant int REASON_FORBIDDEN = PORTEND_REASON_FORBIDDEN;
%constant int REASON_OTHER_OWNER = PORTEND_REASON_OTHER_OWNER;
%constant int REASON_CLOSED_EARLY = PORTEND_REASON_CLOSED_EARLY;
%constant int REASON_IN_USE = PORTEND_REASON_IN_USE;
%constant int REASON_CONNECTED = PORTEND_REASON_CONNECTED;
%constant int REASON_BINDABLE = PORTEND_REASON_BINDABLE;
%constant int REASON_DRAINED = PORTEND_REASON_DRAINED;
%constant int REASON_NOT_LISTENING = PORTEND_REASON_NOT_LISTENING;

%constant int SOCKETS_LISTENING = PORTEND_SOCKETS_LISTENING;
%constant int SOCKETS_BOUND = PORTEND_SOCKETS_BOUND;
%constant int SOCKETS_CONNECTED = PORTEND_SOCKETS_CONNECTED;
%constant int SOCKETS_TIME_WAIT = PORTEND_SOCKETS_TIME_WAIT;
%constant int SOCKETS_UDP = PORTEND_SOCKETS_UDP;

%constant int ALL = PORTEND_ALL;
%constant int ANY = PORTEND_ANY;

%constant int FAMILY_ANY = PORTEND_FAMILY_ANY;
%constant int FAMILY_IPV4 = PORTEND_FAMILY_IPV4;
%constant int FAMILY_IPV6 = PORTEND_FAMILY_IPV6;

%constant int EVIDENCE_AUTO = PORTEND_EVIDENCE_AUTO;
%constant int EVIDENCE_CONNECTION = PORTEND_EVIDENCE_CONNECTION;
%constant int EVIDENCE_TABLE = PORTEND_EVIDENCE_TABLE;

%blocking(portend_last_error)

const char *portend_version(void);
const char *portend_strerror(portend_status status);
const char *portend_last_error(void);
int portend_last_errno(void);
const char *portend_state_text(portend_state state);
const char *portend_reason_text(portend_reason reason);
