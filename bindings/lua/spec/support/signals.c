/* SPDX-License-Identifier: MIT */
/* Handles signals as lua and luaposix do: the handler sets a hook, and the hook calls Lua. */
#define _GNU_SOURCE
#include "support.h"

#include <signal.h>
#include <string.h>
#include <sys/time.h>

static lua_State* main_state;
static double rang_at;

void portend_spec_remember(lua_State* main) { main_state = main; }

static void call_lua(lua_State* L, lua_Debug* place) {
  (void)place;
  lua_sethook(L, NULL, 0, 0);
  lua_getfield(L, LUA_REGISTRYINDEX, "portend alarm");
  lua_call(L, 0, 0);
}

static void ring(int signal) {
  (void)signal;
  rang_at = portend_spec_now();
  lua_sethook(main_state, call_lua, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1);
}

static struct timeval timeval_of(double seconds) {
  const struct timeval made = {(time_t)seconds, (suseconds_t)((seconds - (double)(time_t)seconds) * 1e6)};
  return made;
}

/* alarm(function, first, interval), in seconds; alarm() ends it. */
static int do_alarm(lua_State* L) {
  struct sigaction action;
  struct itimerval times;
  times.it_value = timeval_of(luaL_optnumber(L, 2, 0));
  times.it_interval = timeval_of(luaL_optnumber(L, 3, 0));
  memset(&action, 0, sizeof action);
  action.sa_handler = ring;
  lua_settop(L, 1);
  lua_setfield(L, LUA_REGISTRYINDEX, "portend alarm");
  sigaction(SIGALRM, &action, NULL);
  setitimer(ITIMER_REAL, &times, NULL);
  return 0;
}

static int rang(lua_State* L) {
  lua_pushnumber(L, rang_at);
  return 1;
}

static int do_kill(lua_State* L) {
  return portend_spec_verdict(L, kill((pid_t)luaL_checkinteger(L, 1), (int)luaL_checkinteger(L, 2)));
}

const luaL_Reg portend_spec_signals[] = {
    {"alarm", do_alarm}, {"rang", rang}, {"kill", do_kill}, {NULL, NULL}};
