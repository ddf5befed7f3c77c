/* SPDX-License-Identifier: MIT */
/* Processes, time, and the library without the binding. */
#define _GNU_SOURCE
#include "support.h"

#include <errno.h>
#include <malloc.h>
#include <portend/portend.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

double portend_spec_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void portend_spec_sleep(double seconds) {
  struct timespec left = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

int portend_spec_refusal(lua_State* L) {
  lua_pushnil(L);
  lua_pushstring(L, strerror(errno));
  return 2;
}

int portend_spec_verdict(lua_State* L, int result) {
  if (result < 0) return portend_spec_refusal(L);
  lua_pushinteger(L, result);
  return 1;
}

/* Process */

static int pid(lua_State* L) { return portend_spec_verdict(L, getpid()); }

/* in_child(function): calls the function in a child that exits with its result, and returns the exit
 * code. */
static int in_child(lua_State* L) {
  int status = 0;
  const pid_t child = fork();
  if (child < 0) return portend_spec_refusal(L);
  if (child == 0) {
    alarm(30);
    lua_settop(L, 1);
    _exit(lua_pcall(L, 0, 1, 0) == 0 ? (int)lua_tonumber(L, -1) : 99);
  }
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  lua_pushinteger(L, WIFEXITED(status) ? WEXITSTATUS(status) : -1);
  return 1;
}

static int now(lua_State* L) {
  lua_pushnumber(L, portend_spec_now());
  return 1;
}

static int do_sleep(lua_State* L) {
  portend_spec_sleep(luaL_checknumber(L, 1));
  return 0;
}

static int do_setenv(lua_State* L) {
  const char* name = luaL_checkstring(L, 1);
  return portend_spec_verdict(
      L, lua_isnoneornil(L, 2) ? unsetenv(name) : setenv(name, luaL_checkstring(L, 2), 1));
}

static int allocated(lua_State* L) {
  const struct mallinfo2 info = mallinfo2();
  lua_pushnumber(L, (lua_Number)(info.uordblks + info.hblkhd));
  return 1;
}

/* C, without the binding */

typedef portend_status (*simple_call)(const char*, int, int64_t);

static simple_call call_of(lua_State* L) {
  static const char* const names[] = {"occupied", "free", "assert_free", NULL};
  static const simple_call calls[] = {portend_occupied, portend_free, portend_assert_free};
  return calls[luaL_checkoption(L, 1, NULL, names)];
}

/* message_of_c(call, host, port, milliseconds): returns the message of C, and its status. */
static int message_of_c(lua_State* L) {
  const portend_status status =
      call_of(L)(luaL_checkstring(L, 2), (int)luaL_checkinteger(L, 3), (int64_t)luaL_checknumber(L, 4));
  lua_pushstring(L, portend_last_error());
  lua_pushinteger(L, status);
  return 2;
}

static double processor_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* cost_of_c(call, host, port, rounds): returns the processor time of a call in seconds. */
static int cost_of_c(lua_State* L) {
  const simple_call call = call_of(L);
  const char* host = luaL_checkstring(L, 2);
  const int port = (int)luaL_checkinteger(L, 3), rounds = (int)luaL_checkinteger(L, 4);
  const double began = processor_seconds();
  int i;
  for (i = 0; i < rounds; i++) {
    if (call(host, port, 1000) != PORTEND_OK) return luaL_error(L, "%s", portend_last_error());
  }
  lua_pushnumber(L, (processor_seconds() - began) / rounds);
  return 1;
}

const luaL_Reg portend_spec_system[] = {{"pid", pid},
                                        {"in_child", in_child},
                                        {"now", now},
                                        {"sleep", do_sleep},
                                        {"setenv", do_setenv},
                                        {"allocated", allocated},
                                        {"message_of_c", message_of_c},
                                        {"cost_of_c", cost_of_c},
                                        {NULL, NULL}};

static void add(lua_State* L, const luaL_Reg* each) {
  for (; each->name; each++) {
    lua_pushcfunction(L, each->func);
    lua_setfield(L, -2, each->name);
  }
}

__attribute__((visibility("default"))) int luaopen_portend_spec(lua_State* L) {
#if LUA_VERSION_NUM >= 502
  lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
  portend_spec_remember(lua_tothread(L, -1));
#else
  if (!lua_pushthread(L)) return luaL_error(L, "to be loaded from the main state");
  portend_spec_remember(L);
#endif
  lua_newtable(L);
  add(L, portend_spec_sockets);
  add(L, portend_spec_signals);
  add(L, portend_spec_system);
  return 1;
}
