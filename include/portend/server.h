/* SPDX-License-Identifier: MIT */
/**
 * @file
 * A program that serves a port: starts it, waits for it, stops it.
 *
 *     const char *const command[] = {"redis-server", "--port", "{port}", NULL};
 *     portend_server *server = NULL;
 *     portend_server_create(&server);
 *     portend_server_set_command(server, command);
 *     if (portend_server_start(server, 10000) == PORTEND_OK) {
 *       use(portend_server_port(server));
 *     } else {
 *       fprintf(stderr, "%s\n", portend_server_message(server));
 *     }
 *     portend_server_destroy(server);
 *
 * The port is found, and kept by a reservation (portend/reservation.h) until the server is stopped,
 * so that no other program takes it (portend_server_set_reserved). The program gets the port in the
 * environment variable PORT, and in place of "{port}" in its arguments. The server is ready when
 * the program or one of its descendants listens on that port, on any address. A listener of another
 * process does not count (portend_server_set_any_owner). Exception: if the program or a descendant
 * has become another user, its descriptors cannot be seen. Then a listener on that port counts if
 * no visible process has it.
 *
 * A supervisor process runs between this process and the program (fork(2) without exec). It starts
 * the program in a new process group, with /dev/null as stdin. It reads the output of the program,
 * and keeps the last 8 KiB. It ends all processes of the server on request, when the handle is
 * destroyed, or when this process has ended in any way (exit, exec, KILL).
 *
 * Linux: descendants that have left the process group (daemons) belong to the server, and are ended
 * with it. If a program exits with 0 and leaves descendants, the server runs in the background.
 * Other systems know only the process group of the program, and a server is ready there when it
 * accepts a connection.
 *
 * Children:  the signal handlers and the children of this process are not changed. Linux: the
 *            end of the supervisor sends no SIGCHLD, and wait(2) ignores it without __WALL.
 * Threads:   any thread may call any function on one server, and many servers may run. One
 *            thread at a time may be inside _start, _launch, _wait_ready, _begin_stop, _stop,
 *            _reserve or _set_...; another one is refused with PORTEND_ERR_INVALID. Getters and
 *            _cancel may be called concurrently.
 * Fork:      a child gets PORTEND_ERR_INVALID from the servers of its parent, except that it may
 *            destroy them, which leaves the servers running.
 * Texts:     a returned text belongs to the server, and is valid until the next call of the same
 *            function on the same server.
 * Options:   portend/server_options.h has the functions that set the options.
 * Manual:    signal(7), credentials(7), pidfd_open(2), PR_SET_CHILD_SUBREAPER in prctl(2).
 */
#ifndef PORTEND_SERVER_H
#define PORTEND_SERVER_H

#include <portend/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A program that serves a port. Opaque. Since: 1.0 */
typedef struct portend_server portend_server;

/**
 * Creates a server without a command.
 *
 * @param server_out  receives the server; release it with portend_server_destroy
 *
 * @retval PORTEND_OK             *server_out holds the new server
 * @retval PORTEND_ERR_INVALID    server_out is NULL
 * @retval PORTEND_ERR_SYSTEM     no descriptor is free
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Threads: any. Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_server_create(portend_server **server_out) PORTEND_NOEXCEPT;

/**
 * Stops a server, as portend_server_stop does with the grace of portend_server_set_grace, and
 * destroys it.
 *
 * @param server  may be NULL
 *
 * Threads: no other call on the server may be under way or follow.
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API void portend_server_destroy(portend_server *server) PORTEND_NOEXCEPT;

/**
 * Chooses the port and reserves it, before the start. Use it for programs that need each other's
 * ports. A server that is started again keeps its port.
 *
 * @param port_out  receives the port; may be NULL
 *
 * @retval PORTEND_OK     the port is chosen
 * @retval PORTEND_ERR_INVALID  the server is NULL, or another thread uses it
 * @retval others         as with portend_finder_find
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_server_reserve(portend_server *server,
                                                  int *port_out) PORTEND_NOEXCEPT;

/**
 * Starts the program, and waits until the server is ready. A start that fails leaves no process:
 * the server is stopped before the call returns.
 *
 * @param timeout_ms  milliseconds; 0 probes once, PORTEND_FOREVER never gives up
 *
 * @retval PORTEND_OK             the server is ready; portend_server_port returns the port
 * @retval PORTEND_ERR_TIMEOUT    the server was not ready before the deadline
 * @retval PORTEND_ERR_GONE       the program ended before it was ready; the message says how
 *                                (portend_server_exit_status, portend_server_output)
 * @retval PORTEND_ERR_CANCELED   canceled by portend_server_cancel, or by the interrupt hook
 * @retval PORTEND_ERR_INVALID    no command is set, the server runs already, or the timeout is
 *                                invalid
 * @retval PORTEND_ERR_NO_PORT    no port matches the options of the finder
 * @retval PORTEND_ERR_RESOLVE    the host of the finder has no address
 * @retval PORTEND_ERR_SYSTEM     the program cannot be executed, or the system refused a process or
 *                                a descriptor; see portend_server_errno
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_server_start(portend_server *server,
                                                int64_t timeout_ms) PORTEND_NOEXCEPT;

/**
 * Starts the program, and returns when it is executed. Call portend_server_wait_ready to wait until
 * the server is ready.
 *
 * @retval PORTEND_OK           the program runs
 * @retval PORTEND_ERR_INVALID  no command is set, or the server runs already
 * @retval others               as with portend_server_start
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_server_launch(portend_server *server) PORTEND_NOEXCEPT;

/**
 * Waits until a server is ready that portend_server_launch has started. If the wait fails, the
 * server is not stopped, and the wait may be repeated.
 *
 * @param timeout_ms  milliseconds; 0 probes once, PORTEND_FOREVER never gives up
 *
 * @retval PORTEND_OK           the server is ready
 * @retval PORTEND_ERR_INVALID  the server was not launched, or the timeout is out of range
 * @retval others               as with portend_server_start
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_server_wait_ready(portend_server *server,
                                                     int64_t timeout_ms) PORTEND_NOEXCEPT;

/**
 * Ends the current wait of a server, and each later one until portend_server_stop, with
 * PORTEND_ERR_CANCELED.
 *
 * @param server  may be NULL
 *
 * Threads: any. Signals: safe in a handler. Since: 1.0
 */
PORTEND_API void portend_server_cancel(portend_server *server) PORTEND_NOEXCEPT;

/**
 * Sends TERM to all processes of the server, and KILL after the grace to those that remain. Returns
 * at once; portend_server_stop waits for the end. A stopped process (SIGSTOP) is continued, so that
 * it receives the signal. A second call replaces the grace.
 *
 * @param grace_ms  milliseconds from now; PORTEND_FOREVER never sends KILL
 *
 * @retval PORTEND_OK           the signals are being sent, or no process remains
 * @retval PORTEND_ERR_INVALID  the grace is out of range
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_server_begin_stop(portend_server *server,
                                                     int64_t grace_ms) PORTEND_NOEXCEPT;

/**
 * Stops a server: sends the signals of portend_server_begin_stop, and waits until no process
 * remains and the port is free. Does nothing if the server does not run. The server may be started
 * again.
 *
 * @param grace_ms  milliseconds from now; PORTEND_FOREVER never sends KILL
 *
 * @retval PORTEND_OK           no process of the server remains, and its port is free
 * @retval PORTEND_ERR_TIMEOUT  a process did not end within 3 s after KILL, or the port is still
 *                              occupied a second after the last process has ended
 * @retval PORTEND_ERR_INVALID  the grace is out of range, or another thread uses the server: call
 *                              portend_server_cancel to end a wait
 * @retval PORTEND_ERR_SYSTEM   the system refused a descriptor
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_server_stop(portend_server *server,
                                               int64_t grace_ms) PORTEND_NOEXCEPT;

/** Returns the port that the server listens on, or is to listen on; 0 if none is chosen. Since: 1.0
 */
PORTEND_API int portend_server_port(portend_server *server) PORTEND_NOEXCEPT;

/** Returns the process id of the program of the last start; 0 if there was none. Since: 1.0 */
PORTEND_API int64_t portend_server_pid(portend_server *server) PORTEND_NOEXCEPT;

/** Returns 1 if the server runs, ready or not, and 0 if it does not. Since: 1.0 */
PORTEND_API int portend_server_alive(portend_server *server) PORTEND_NOEXCEPT;

/**
 * Returns how the program of the last start ended.
 *
 * @return its exit code, 0 to 255; 128 plus the number of the signal that ended it; -1 if it runs,
 *         or if there was no start
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API int portend_server_exit_status(portend_server *server) PORTEND_NOEXCEPT;

/**
 * Returns the last part of what the last start wrote to stdout and stderr: at most 8 KiB, from the
 * beginning of a line if there is one. It may contain any bytes except NUL. Of a program that runs,
 * the last lines may be missing for a moment.
 *
 * @return the text; "" if nothing was written; never NULL
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API const char *portend_server_output(portend_server *server) PORTEND_NOEXCEPT;

/**
 * Returns a descriptor that becomes readable when portend_server_alive may have changed. While the
 * server runs, that call makes it unreadable again. portend_server_stop closes it.
 *
 * @return the descriptor, which belongs to the server; -1 if the server was not launched
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API int portend_server_fd(portend_server *server) PORTEND_NOEXCEPT;

/** Returns the message of the last failure of a call on this server, by any thread. Since: 1.0 */
PORTEND_API const char *portend_server_message(portend_server *server) PORTEND_NOEXCEPT;

/**
 * Returns the errno of the system call that caused the last failure of a call on this server; 0 if
 * no system call failed. Since: 1.0
 */
PORTEND_API int portend_server_errno(portend_server *server) PORTEND_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
