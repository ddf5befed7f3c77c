/* SPDX-License-Identifier: MIT */
/**
 * @file
 * portend: when a TCP port is up, when it is gone, and which one you may have.
 *
 *     if (portend_occupied("localhost", 5432, 3000) != PORTEND_OK) {
 *       fprintf(stderr, "%s\n", portend_last_error());
 *     }
 *
 * The words
 * ---------
 * target    a host (name or numeric address) and a TCP port
 * occupied  a TCP connection to at least one address of the host is established, by
 *           somebody else than the one who asks; a listener of this machine whose
 *           accept queue is full is occupied too
 * free      no address of the host accepts: each refuses, is unreachable, or stays
 *           silent for the limit of one attempt
 * bindable  a listener could be bound there now. Not the same as free: a port that is
 *           bound but does not listen, or rests in TIME_WAIT, is free and not bindable
 *
 * The manual, a header a subject
 * ------------------------------
 * portend/status.h       what every call returns, and the sentences for people
 * portend/target.h       "host:port" and back; wildcard addresses
 * portend/wait.h         the simple calls: wait until occupied or free, or look once
 * portend/waiter.h       many targets in one wait; cancelling; reasons
 * portend/watch.h        changes of state as they come; foreign event loops
 * portend/find.h         a port that can be bound now, and the finder with its wishes
 * portend/reservation.h  a port that nobody else can take, and its descriptors
 * portend/sockets.h      which process listens on a port, and why a port is in use
 *
 * What holds for all of it
 * ------------------------
 * Threads:  every function may be called from any thread. What a handle adds to that
 *           stands above the functions of the handle.
 * Signals:  only portend_waiter_cancel may be called from a signal handler. No call
 *           loses a signal, raises one (no SIGPIPE), or ends early because of one.
 * Process:  signal masks and handlers, environment, locale and stdio stay as they are.
 *           Every descriptor is close-on-exec. After fork a child may use the library
 *           at once, except for the handles of its parent.
 * Cancel:   a thread that is cancelled (pthread_cancel) inside a call ends after it.
 * Errors:   0 is success, a failure is negative, and out-parameters are untouched by
 *           a failure. No function throws, aborts, or writes to a stream.
 * Ports:    `int`, from 1 to 65535, so that 70000 is an error and not port 4464.
 * Timeouts: milliseconds in an `int64_t`. 0 looks exactly once, where the look-up of
 *           a name and each attempt may take a second, unless another limit is set;
 *           PORTEND_FOREVER never gives up; any other negative value is invalid. A
 *           deadline covers everything, the look-up of names included.
 * Text:     UTF-8 without control characters. Host names are given as the resolver
 *           takes them, at most PORTEND_HOST_SIZE - 1 bytes long.
 *
 * Environment
 * -----------
 * PORTEND_PROBE=connect  look only by connecting, as where the kernel's socket table
 *                        cannot be asked (read when a wait begins)
 * PORTSERVER_ADDRESS     a port server that portend/find.h asks first
 */
#ifndef PORTEND_PORTEND_H
#define PORTEND_PORTEND_H

#include <portend/status.h>

#include <portend/find.h>
#include <portend/reservation.h>
#include <portend/sockets.h>
#include <portend/target.h>
#include <portend/wait.h>
#include <portend/waiter.h>
#include <portend/watch.h>

#endif
