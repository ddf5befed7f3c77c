/* SPDX-License-Identifier: MIT */
/* Helpers of the tests for what Lua lacks: ports, time and signals. */
#ifndef PORTEND_SPEC_SUPPORT_H
#define PORTEND_SPEC_SUPPORT_H

#include <lauxlib.h>
#include <lua.h>

extern const luaL_Reg portend_spec_sockets[];
extern const luaL_Reg portend_spec_signals[];
extern const luaL_Reg portend_spec_system[];

double portend_spec_now(void);
void portend_spec_sleep(double seconds);
int portend_spec_refusal(lua_State* L);
int portend_spec_verdict(lua_State* L, int result);
void portend_spec_remember(lua_State* main);

#endif
