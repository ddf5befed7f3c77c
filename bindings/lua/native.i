/* SPDX-License-Identifier: MIT */
/* portend.native for Lua 5.1 to 5.4 and LuaJIT: see portend.i for the meaning of each part. */
%module portend_native

%begin %{
#define _POSIX_C_SOURCE 200809L
%}

%{
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
%}

%include "header.i"
%include "interruption.i"
%include "values.i"
%include "handles.i"

%include "portend.i"
