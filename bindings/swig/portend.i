/* SPDX-License-Identifier: MIT */
/*
 * The interface of all bindings: which parts of include/portend/ a language sees, under which names. The top
 * file of a language defines how that language converts values and blocks, and includes this file:
 *
 *     %module(package="portend") _native
 *     ... what is listed below ...
 *     %include "portend.i"
 *
 * What a language defines first
 * -----------------------------
 * %blocking(FN)                   FN may take long: let other threads of the language run meanwhile.
 *                                 An empty definition is one (Go, Lua).
 * PORTEND_INTERRUPT_HOOK          in C, the portend_interrupt_hook that every waiter gets; NULL for none.
 *                                 It is called on the waiting thread: a thread-local variable that
 *                                 %blocking sets tells it which call it interrupts, if any. A
 *                                 waiter in a foreign loop, run by process(), also calls it.
 * %typemap(in) const char *text   strict: a string of the language without NUL, which would truncate it.
 *                                 Applied below to every text argument.
 * %typemap(in) const char *text_or_null  the same, with NULL for the language's null value.
 * %typemap(in) int, int64_t       strict if the language's own are not: no fraction, no truncation.
 *
 * What every language gets
 * ------------------------
 * Functions and classes without the prefix: version(), Waiter, Group, Finder, Ports, Reservation, Reservations, Server,
 * Sockets, Target, Event. Constants: OK, ERR_TIMEOUT, STATE_FREE, ... Timeouts are milliseconds here, texts UTF-8.
 *
 * A status is a number, 0 for success. The facade of a language decides what a failure becomes. Read the
 * message from the handle (message()), since threads may change between two calls. Finding the owner of a
 * port for it may take milliseconds. Without a handle (Target, Reservation without a finder, Sockets, return_port),
 * call last_error() on the same thread.
 *
 * Out-parameters are objects that exist before the call: Ports, Event, Target. Handles whose creation can
 * fail (Reservation, Sockets) are objects that are empty until create() returns 0. Getters of empty ones
 * return 0 or "". Constructors fail only if memory runs out.
 *
 * A wait that the interrupt hook ended is continued by Waiter.resume().
 *
 * Not wrapped: portend_occupied, portend_free, portend_assert_free, portend_probe, portend_find_port. No hook
 * can interrupt them. Facades use Waiter and Finder instead, which take a microsecond more.
 */
%include "header.i"
%{
#include <stdlib.h>
#include <string.h>
%}

%include <stdint.i>
%include <exception.i>

%nodefaultctor;
%nodefaultdtor;

%apply const char *text { const char *host, const char *server_host };
%apply const char *text_or_null { const char *host_or_null };
%apply const char *text_or_null { const char *name_or_null };

/* Constructors return NULL only if memory runs out. */
%define %constructor_of(CLASS)
%exception CLASS::CLASS {
  $action
  if (!result) SWIG_exception(SWIG_MemoryError, "Out of memory.");
}
%enddef

%rename("%(regex:/^portend_(.*)$/\\1/)s", %$isfunction) "";

%include "status.i"
%include "target.i"
%include "waiter.i"
%include "group.i"
%include "finder.i"
%include "reservation.i"
%include "sockets.i"
%include "server.i"
