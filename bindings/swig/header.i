/* SPDX-License-Identifier: MIT */
/* The header of the library. A package that carries the library has it beside the wrapper. */
%{
#ifdef PORTEND_AMALGAMATION
#include "portend.h"
#else
#include <portend/portend.h>
#endif
%}
