/* SPDX-License-Identifier: MIT */
/* portend._native: see portend.i for the meaning of each part. */
%module(package="portend") _native

%{
#include <limits.h>
#include <pthread.h>
#include <stdint.h>

/* A call that may take long. Its thread has released the interpreter's lock. */
typedef struct portend_call {
  PyThreadState *thread;
  int takes_signals; /* Python's handlers run only on the main thread */
  int begun;
  int raised;
} portend_call;

static __thread portend_call *portend_current_call;

/* threading.main_thread().ident. After fork() the only thread of the child is its main thread. */
static unsigned long portend_main_thread;

static void portend_in_child(void) { portend_main_thread = PyThread_get_thread_ident(); }

static void note_main_thread(unsigned long ident) {
  if (!portend_main_thread) pthread_atfork(NULL, NULL, portend_in_child);
  portend_main_thread = ident;
}

/* A thread that takes no signals does not acquire the lock. When the interpreter ends, Python ends
 * threads that acquire the lock, and they would unwind through the library. */
static int portend_check_signals(void *context) {
  portend_call *call = portend_current_call;
  (void)context;
  if (!call || !call->takes_signals) return 0;
  if (!call->begun) {
    call->begun = 1; /* portend_release has just checked, with the lock held */
    return 0;
  }
  portend_current_call = NULL; /* a handler may also wait, or run a loop */
  PyEval_RestoreThread(call->thread);
  call->raised = PyErr_CheckSignals();
  call->thread = PyEval_SaveThread();
  portend_current_call = call;
  return call->raised;
}

static int portend_release(portend_call *call) {
  if (PyErr_CheckSignals() != 0) return -1;
  call->takes_signals = PyThread_get_thread_ident() == portend_main_thread;
  call->begun = call->raised = 0;
  portend_current_call = call;
  call->thread = PyEval_SaveThread();
  return 0;
}

static int portend_regain(portend_call *call) {
  PyEval_RestoreThread(call->thread);
  portend_current_call = NULL;
  return call->raised;
}

/* Borrowed from the argument, which outlives the call. */
static const char *portend_text(PyObject *object) {
  Py_ssize_t size;
  const char *text = PyUnicode_AsUTF8AndSize(object, &size);
  if (text && strlen(text) != (size_t)size) {
    PyErr_SetString(PyExc_ValueError, "embedded null character");
    return NULL;
  }
  return text;
}

/* SWIG's own conversion names functions and types of C in its messages. */
static int portend_whole(PyObject *object, const char *name, long long least, long long most, long long *whole) {
  PyObject *number;
  int overflow = 0;
  if (!PyIndex_Check(object)) {
    PyErr_Format(PyExc_TypeError, "%s must be int, not %.100s", name, Py_TYPE(object)->tp_name);
    return -1;
  }
  number = PyNumber_Index(object);
  if (!number) return -1;
  *whole = PyLong_AsLongLongAndOverflow(number, &overflow);
  Py_DECREF(number);
  if (!overflow && *whole >= least && *whole <= most) return 0;
  PyErr_Format(PyExc_OverflowError, "%s must be from %lld to %lld", name, least, most);
  return -1;
}
%}

#define PORTEND_INTERRUPT_HOOK portend_check_signals
%insert("header") %{
#define PORTEND_INTERRUPT_HOOK portend_check_signals
%}

%define %blocking(FN)
%exception FN {
  portend_call call;
  if (portend_release(&call) != 0) SWIG_fail;
  $action
  if (portend_regain(&call) != 0) SWIG_fail;
}
%enddef

%typemap(in) const char *text {
  $1 = (char *)portend_text($input);
  if (!$1) SWIG_fail;
}
%typemap(in) const char *text_or_null {
  if ($input != Py_None) {
    $1 = (char *)portend_text($input);
    if (!$1) SWIG_fail;
  }
}
%typemap(freearg) const char *text, const char *text_or_null ""

%typemap(in) int (long long whole), int64_t (long long whole) {
  if (portend_whole($input, "$1_name", sizeof($1) == 4 ? INT_MIN : INT64_MIN, sizeof($1) == 4 ? INT_MAX : INT64_MAX, &whole) != 0)
    SWIG_fail;
  $1 = ($1_type)whole;
}

void note_main_thread(unsigned long ident);

%include "portend.i"
