/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The options of a server (portend/server.h): its command, environment, port and output. All apply
 * from the next start on.
 */
#ifndef PORTEND_SERVER_OPTIONS_H
#define PORTEND_SERVER_OPTIONS_H

#include <portend/find.h>
#include <portend/server.h>
#include <portend/status.h>
#include <portend/waiter_options.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Sets the program and its arguments. "{port}" in an argument stands for the port. No shell is
 * involved: for one, write {"sh", "-c", "exec redis-server --port $PORT", NULL}.
 *
 * @param argv  texts, copied; NULL ends the list. The first one is the program: a path, or a name
 *              that is looked for in the PATH of the environment of the server
 *
 * @retval PORTEND_OK             the command applies to the next start
 * @retval PORTEND_ERR_INVALID    argv is NULL or empty, or its first text is empty
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_server_set_command(portend_server *server,
                                                      const char *const *argv) PORTEND_NOEXCEPT;

/**
 * Sets one variable in the environment of the server, which otherwise is that of this process at
 * the start, with PORT. "{port}" in a value stands for the port.
 *
 * @param name   copied; not empty, and without "="
 * @param value  copied; NULL removes the variable
 *
 * @retval PORTEND_OK             the variable applies to the next start
 * @retval PORTEND_ERR_INVALID    the name is NULL, empty or holds "="
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_server_set_environment(portend_server *server, const char *name,
                                                          const char *value) PORTEND_NOEXCEPT;

/**
 * Sets the directory that the program starts in.
 *
 * @param path  copied; NULL or "" for that of this process (the default)
 *
 * @retval PORTEND_OK             the directory applies to the next start
 * @retval PORTEND_ERR_INVALID    the server is NULL, or another thread uses it
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_server_set_directory(portend_server *server,
                                                        const char *path) PORTEND_NOEXCEPT;

/**
 * Sets the name that messages have for the server.
 *
 * @param name  copied; NULL or "" for the name of the program (the default)
 *
 * @retval PORTEND_OK             the name applies to the next message
 * @retval PORTEND_ERR_INVALID    the name is not UTF-8, or has control characters
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_server_set_name(portend_server *server,
                                                   const char *name) PORTEND_NOEXCEPT;

/**
 * Sets the port that the server has to listen on. It is not kept: the program itself has to find it
 * free. A listener that has the port already does not count, so that the server of another run is
 * never taken for this one.
 *
 * @param port  1 to 65535, or 0 for a port that is found (the default)
 *
 * @retval PORTEND_OK           the port applies to the next start
 * @retval PORTEND_ERR_INVALID  the port is out of range
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_server_set_port(portend_server *server,
                                                   int port) PORTEND_NOEXCEPT;

/**
 * Sets how the port is found, unless portend_server_set_port gives it.
 *
 * @param finder  its options are copied; NULL for those of a new finder (the default)
 *
 * @retval PORTEND_OK             the options apply to the next start
 * @retval PORTEND_ERR_INVALID    the server is NULL, another thread uses it, or the finder is of
 * the parent of this process
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Threads: no thread may change the finder meanwhile. Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_server_set_finder(portend_server *server,
                                                     portend_finder *finder) PORTEND_NOEXCEPT;

/**
 * Sets whether the server is also ready when it listens on another port than it was told. Then
 * portend_server_port tells the first port that it listens on. Linux only: elsewhere the value has
 * no effect.
 *
 * @param enabled  0 (the default) or 1
 *
 * @retval PORTEND_OK           the value applies to the next start
 * @retval PORTEND_ERR_INVALID  neither 0 nor 1
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_server_set_any_port(portend_server *server,
                                                       int enabled) PORTEND_NOEXCEPT;

/**
 * Sets whether a listener of any process counts, and not only of the program and its descendants:
 * for a program that asks another one to serve the port, as "docker run --publish" asks the daemon
 * of Docker. If the socket table has no listener, a connection to loopback that is accepted counts
 * also, since the kernel may forward the port. A listener that has the port already does not count.
 * Elsewhere than on Linux this is always so.
 *
 * @param enabled  0 (the default) or 1
 *
 * @retval PORTEND_OK           the value applies to the next start
 * @retval PORTEND_ERR_INVALID  neither 0 nor 1
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_server_set_any_owner(portend_server *server,
                                                        int enabled) PORTEND_NOEXCEPT;

/**
 * Sets whether the port stays reserved while the program runs. A program that does not set
 * SO_REUSEADDR (socket(7)) cannot bind a reserved port. With 0 the reservation ends when the
 * program starts: until the program listens, any other program may take the port. The system hands
 * it to none, since then the port is one that portend_finder_set_avoid_ephemeral allows.
 *
 * @param enabled  0 or 1 (the default)
 *
 * @retval PORTEND_OK           the value applies to the next start
 * @retval PORTEND_ERR_INVALID  neither 0 nor 1
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_server_set_reserved(portend_server *server,
                                                       int enabled) PORTEND_NOEXCEPT;

/**
 * Sets a file that the output of the server (stdout and stderr) is appended to. It is opened at the
 * start, and created if there is none.
 *
 * @param path  copied; NULL or "" for none (the default): the last 8 KiB are kept in either case
 *
 * @retval PORTEND_OK             the file applies to the next start
 * @retval PORTEND_ERR_INVALID    the server is NULL, or another thread uses it
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_server_set_output(portend_server *server,
                                                     const char *path) PORTEND_NOEXCEPT;

/**
 * Sets a descriptor that the output of the server is written to, such as 2 for stderr, if no file
 * is set. If its reader is slow, the server waits in its write(2), as with a pipe; the end of the
 * server does not wait for the reader.
 *
 * @param fd      duplicated; -1 for none (the default)
 * @param prefix  copied; what each line begins with, at most 256 bytes. With a prefix whole lines
 * are written; NULL or "" passes the output on as it comes
 *
 * @retval PORTEND_OK             the descriptor applies to the next start
 * @retval PORTEND_ERR_INVALID    fd is below -1, or the prefix is too long
 * @retval PORTEND_ERR_SYSTEM     fd is not open, or no descriptor is left
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_server_set_output_fd(portend_server *server, int fd,
                                                        const char *prefix) PORTEND_NOEXCEPT;

/**
 * Sets how long the server may take to end after TERM, if this process ends without having stopped
 * it, if a start fails, or if the handle is destroyed.
 *
 * @param grace_ms  milliseconds, 0 to 3600000; the default is 10000
 *
 * @retval PORTEND_OK           the grace applies to the next start
 * @retval PORTEND_ERR_INVALID  out of range
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_server_set_grace(portend_server *server,
                                                    int64_t grace_ms) PORTEND_NOEXCEPT;

/**
 * Sets a function that may interrupt the wait until the server is ready (see
 * portend_interrupt_hook). The wait that it interrupts ends with PORTEND_ERR_CANCELED; after
 * portend_server_launch it can be continued by portend_server_wait_ready.
 *
 * @param hook     NULL for none (the default)
 * @param context  passed to the hook; never dereferenced
 *
 * @retval PORTEND_OK           the hook applies to the next wait
 * @retval PORTEND_ERR_INVALID  the server is NULL, or another thread uses it
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_server_set_interrupt(portend_server *server,
                                                        portend_interrupt_hook hook,
                                                        void *context) PORTEND_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
