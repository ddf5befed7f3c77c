/* SPDX-License-Identifier: MIT */
/* The package native of Go: see portend.i for what each part is for. */
%module native

%insert(cgo_comment_typedefs) %{
#cgo portend_system pkg-config: portend
#cgo !portend_system CFLAGS: -DPORTEND_AMALGAMATION
#cgo !portend_system CXXFLAGS: -std=c++20 -DPORTEND_API=
#cgo !portend_system LDFLAGS: -pthread
%}

%{
#include <limits.h>
#include <string.h>
#include <time.h>

/* A context ends a wait by canceling it: there is nothing to ask meanwhile. */
#define PORTEND_INTERRUPT_HOOK NULL

/* Nothing is cut: what does not fit becomes what no function takes. */
static int portend_int(intgo number) {
  return number < INT_MIN ? INT_MIN : number > INT_MAX ? INT_MAX : (int)number;
}

/* Nor is a text cut at a NUL, which becomes another control character: no host and no target has one. */
static char *portend_text(_gostring_ given) {
  char *text = (char *)malloc((size_t)given.n + 1);
  char *nul;
  if (!text) return NULL;
  if (given.n > 0) memcpy(text, given.p, (size_t)given.n);
  text[given.n] = '\0';
  while ((nul = (char *)memchr(text, '\0', (size_t)given.n)) != NULL) *nul = '\1';
  return text;
}

/* The clock of the library. */
static int64_t portend_now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
%}
#define PORTEND_INTERRUPT_HOOK NULL

/* Goroutines run on other threads meanwhile. */
%define %blocking(FN)
%enddef

%typemap(in) int "$1 = portend_int($input);"

%typemap(in) const char *text {
  $1 = portend_text($input);
  if (!$1) SWIG_exception(SWIG_MemoryError, "Out of memory.");
}
/* The empty text is Go's nothing. */
%typemap(in) const char *text_or_null {
  if ($input.n > 0) {
    $1 = portend_text($input);
    if (!$1) SWIG_exception(SWIG_MemoryError, "Out of memory.");
  }
}
%typemap(freearg) const char *text, const char *text_or_null "free($1);"

/* SWIG's own makes a pointer of a number, which go vet and checkptr refuse. */
%fragment("portendString", "go_runtime") %{
func portendString(given string) string {
	text := strings.Clone(given)
	if header := (*struct {
		memory unsafe.Pointer
		size   int
	})(unsafe.Pointer(&given)); header.memory != nil {
		Swig_free(uintptr(header.memory))
	}
	return text
}
%}
%typemap(goout, fragment="portendString") char *, char[ANY] "$result = portendString($1)"
%go_import("strings")

%include "portend.i"

int64_t portend_now_ns(void);

%extend portend_wait_group {
  /* Like start, until a time after now_ns() was began_ns: the goroutine may have been suspended since. */
  portend_status start_until(portend_waiter *waiter, portend_mode mode, int64_t began_ns, int64_t after_ns, int64_t id) {
    const int64_t left = after_ns - (portend_now_ns() - began_ns);
    const int64_t ms = left > 0 ? left / 1000000 + (left % 1000000 > 0) : 0;
    return portend_group_start($self->handle, waiter, mode, ms, id);
  }
}
