/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "plain_c.h"

#include <lauxlib.h>
#include <portend/portend.h>
#include <time.h>

double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

typedef portend_status (*simple_call)(const char*, int, int64_t);

static simple_call call_of(lua_State* L) {
  static const char* const names[] = {"occupied", "free", "assert_free", NULL};
  static const simple_call calls[] = {portend_occupied, portend_free, portend_assert_free};
  return calls[luaL_checkoption(L, 1, NULL, names)];
}

int sentence_of_c(lua_State* L) {
  const portend_status status =
      call_of(L)(luaL_checkstring(L, 2), (int)luaL_checkinteger(L, 3), (int64_t)luaL_checknumber(L, 4));
  lua_pushstring(L, portend_last_error());
  lua_pushinteger(L, status);
  return 2;
}

int cost_of_c(lua_State* L) {
  const simple_call call = call_of(L);
  const char* host = luaL_checkstring(L, 2);
  const int port = (int)luaL_checkinteger(L, 3), rounds = (int)luaL_checkinteger(L, 4);
  const double began = seconds_now();
  int i;
  for (i = 0; i < rounds; i++) {
    if (call(host, port, 1000) != PORTEND_OK) return luaL_error(L, "%s", portend_last_error());
  }
  lua_pushnumber(L, (seconds_now() - began) / rounds);
  return 1;
}
