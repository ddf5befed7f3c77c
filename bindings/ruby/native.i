/* SPDX-License-Identifier: MIT */
/* portend/native: see portend.i for the meaning of each part. */
%module "portend::native"

%{
#include <ruby/encoding.h>

#include "waiting.hpp"

/* Makes a copy that no other thread can change while the call runs without Ruby's lock. A text in
 * another encoding, such as UTF-16 or ISO-8859-1, is converted to UTF-8. */
static VALUE portend_text(VALUE given) {
  VALUE text = rb_str_new_frozen(StringValue(given));
  rb_encoding *encoding = rb_enc_get(text);
  if (encoding != rb_utf8_encoding() && encoding != rb_usascii_encoding() && encoding != rb_ascii8bit_encoding()) {
    text = rb_str_encode(text, rb_enc_from_encoding(rb_utf8_encoding()), 0, Qnil);
  }
  StringValueCStr(text);
  return text;
}

static VALUE portend_whole(VALUE given) {
  if (!RB_INTEGER_TYPE_P(given)) rb_raise(rb_eTypeError, "%" PRIsVALUE " is not an Integer", rb_inspect(given));
  return given;
}

#define PORTEND_INTERRUPT_HOOK portend_ruby::interrupt_hook
%}

%define %blocking(FN)
%exception FN { portend_ruby::without_lock([&] { $action }); }
%enddef

%typemap(in) const char *text (VALUE kept) {
  kept = portend_text($input);
  $1 = RSTRING_PTR(kept);
}
%typemap(in) const char *text_or_null (VALUE kept) {
  kept = NIL_P($input) ? Qnil : portend_text($input);
  $1 = NIL_P(kept) ? NULL : RSTRING_PTR(kept);
}
%typemap(freearg) const char *text, const char *text_or_null "RB_GC_GUARD(kept$argnum);"
%typemap(out) const char *, char [ANY] "$result = rb_utf8_str_new_cstr($1);"
%typemap(in) int "$1 = NUM2INT(portend_whole($input));"
%typemap(in) int64_t "$1 = NUM2LL(portend_whole($input));"

/* Ruby may interrupt these calls, and they are then resumed: see waiting.hpp. */
%ignore portend_waiter::run;
%ignore portend_waiter::resume;
%ignore portend_waiter::probe;
%ignore portend_waiter::assert_free;
%ignore portend_waiter::next;
%ignore portend_program::wait_ready;

%include "portend.i"

%extend portend_waiter {
  %rename(run) wait_for_mode;
  portend_status wait_for_mode(portend_mode mode, int64_t timeout_ms) {
    return portend_ruby::run($self, mode, timeout_ms);
  }
  %rename(probe) probe_once;
  portend_status probe_once(int64_t limit_ms) { return portend_ruby::probe($self, limit_ms); }
  %rename(assert_free) assert_free_once;
  portend_status assert_free_once(int64_t limit_ms) { return portend_ruby::assert_free($self, limit_ms); }
  %rename(next) next_event;
  portend_status next_event(int64_t timeout_ms, portend_event *event_out) {
    return portend_ruby::next($self, timeout_ms, event_out);
  }
}

%extend portend_program {
  %rename(wait_ready) wait_until_ready;
  portend_status wait_until_ready(int64_t timeout_ms) { return portend_ruby::wait_ready($self->handle, timeout_ms); }
}
