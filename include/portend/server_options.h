/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The options of a server (portend/server.h): its command, environment, port and output. They apply
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
 * Sets the program and its arguments. "{port}" in an argument is replaced by the port. No shell is
 * involved: to use one, write {"sh", "-c", "exec redis-server --port $PORT", NULL}.
 *
 * @param argv  texts, copied; NULL ends the list. The first one is the program: a path, or a name
 *              that is searched in the PATH of the server's environment
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
 * Sets or removes one environment variable of the server. The environment is that of this process
 * at the start, with PORT. "{port}" in a value is replaced by the port.
 *
 * @param name   copied; not empty, and without "="
 * @param value  copied; NULL removes the variable
 *
 * @retval PORTEND_OK             the variable applies to the next start
 * @retval PORTEND_ERR_INVALID    the name is NULL, empty or contains "="
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_server_set_environment(portend_server *server, const char *name,
                                                          const char *value) PORTEND_NOEXCEPT;

/**
 * Sets the directory in which the program starts.
 *
 * @param path  copied; NULL or "" for the directory of this process (the default)
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
 * Sets the name of the server in messages.
 *
 * @param name  copied; NULL or "" for the name of the program (the default)
 *
 * @retval PORTEND_OK             the name applies to the next message
 * @retval PORTEND_ERR_INVALID    the name is not UTF-8, or contains control characters
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_server_set_name(portend_server *server,
                                                   const char *name) PORTEND_NOEXCEPT;

/**
 * Sets the port that the server must listen on. It is not reserved: the program must find it free.
 * An existing listener on the port does not count, so that another run's server is never taken for
 * this one.
 *
 * @param port  1 to 65535, or 0 to find one (the default)
 *
 * @retval PORTEND_OK           the port applies to the next start
 * @retval PORTEND_ERR_INVALID  the port is out of range
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_server_set_port(portend_server *server,
                                                   int port) PORTEND_NOEXCEPT;

/**
 * Sets the options for finding the port, which apply unless portend_server_set_port sets it.
 *
 * @param finder  its options are copied; NULL for the default options
 *
 * @retval PORTEND_OK             the options apply to the next start
 * @retval PORTEND_ERR_INVALID    the server is NULL, another thread uses it, or the finder belongs
 *                                to the parent of this process
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Threads: no thread may change the finder meanwhile. Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_server_set_finder(portend_server *server,
                                                     portend_finder *finder) PORTEND_NOEXCEPT;

/**
 * Sets whether the server is also ready when it listens on another port than its own. Then
 * portend_server_port returns the first port that it listens on. Has an effect on Linux only.
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
 * Sets whether a listener of any process counts, and not only of the program and its descendants.
 * This is for a program that asks another process to serve the port, as "docker run --publish" asks
 * the daemon of Docker. If the socket table has no listener, an accepted connection to loopback
 * also counts, since the kernel may forward the port. An existing listener on the port does not
 * count. On systems other than Linux this option is always on.
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
 * program starts. Until the program listens, another program may then take the port by its number.
 * The system does not assign the port, because it is chosen as with
 * portend_finder_set_avoid_ephemeral.
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
 * start, and created if it does not exist.
 *
 * @param path  copied; NULL or "" for none (the default). The last 8 KiB are always kept
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
 * Sets a descriptor that the output of the server is written to, such as 2 for stderr. It is used
 * if no file is set. If its reader is slow, the server waits in write(2), as with a pipe. Stopping
 * the server does not wait for the reader.
 *
 * @param fd      duplicated; -1 for none (the default)
 * @param prefix  copied, at most 256 bytes; written before each line, and then only whole lines are
 *                written. NULL or "" forwards the output as it comes
 *
 * @retval PORTEND_OK             the descriptor applies to the next start
 * @retval PORTEND_ERR_INVALID    fd is below -1, or the prefix is too long
 * @retval PORTEND_ERR_SYSTEM     fd is not open, or no descriptor is free
 * @retval PORTEND_ERR_NO_MEMORY  out of memory
 *
 * Signals: not in a handler. Since: 1.0
 */
PORTEND_API portend_status portend_server_set_output_fd(portend_server *server, int fd,
                                                        const char *prefix) PORTEND_NOEXCEPT;

/**
 * Sets how long the server may take to end after TERM. It applies if this process ends without
 * stopping the server, if a start fails, or if the handle is destroyed.
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
 * portend_interrupt_hook). An interrupted wait ends with PORTEND_ERR_CANCELED. After
 * portend_server_launch, portend_server_wait_ready continues it.
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
