/* SPDX-License-Identifier: MIT */
/* C, without the binding. */
#ifndef PORTEND_LUA_SPEC_PLAIN_C_H
#define PORTEND_LUA_SPEC_PLAIN_C_H

#include <lua.h>

double seconds_now(void);

/* sentence_of_c(call, host, port, milliseconds): what it says, and its status. */
int sentence_of_c(lua_State* L);

/* cost_of_c(call, host, port, rounds): seconds a call. */
int cost_of_c(lua_State* L);

#endif
