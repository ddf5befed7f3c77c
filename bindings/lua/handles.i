/* SPDX-License-Identifier: MIT */
/* Functions that Lua lacks: ending an object before it is collected, and access to descriptors. */

%{
/* Ends an object, which is NULL for C from now on. */
static int portend_lua_close(lua_State *L) {
  void *object = NULL;
  swig_lua_userdata *held = (swig_lua_userdata *)lua_touserdata(L, 1);
  if (!held || !SWIG_IsOK(SWIG_ConvertPtr(L, 1, &object, NULL, 0))) return luaL_argerror(L, 1, "no object");
  lua_settop(L, 1);
  SWIG_Lua_class_destruct(L);
  held->own = 0;
  held->ptr = NULL;
  return 0;
}

static int portend_lua_failure(lua_State *L) {
  lua_pushnil(L);
  lua_pushfstring(L, "The system refused: %s (errno %d).", strerror(errno), errno);
  lua_pushinteger(L, PORTEND_ERR_SYSTEM);
  return 3;
}

static int portend_lua_dup(lua_State *L) {
  const int copy = fcntl((int)luaL_checkinteger(L, 1), F_DUPFD_CLOEXEC, 0);
  if (copy < 0) return portend_lua_failure(L);
  lua_pushinteger(L, copy);
  return 1;
}

static int portend_lua_close_fd(lua_State *L) {
  close((int)luaL_checkinteger(L, 1));
  return 0;
}

static int portend_lua_set_inheritable(lua_State *L) {
  const int flags = lua_toboolean(L, 2) ? 0 : FD_CLOEXEC;
  if (fcntl((int)luaL_checkinteger(L, 1), F_SETFD, flags) != 0) return portend_lua_failure(L);
  lua_pushboolean(L, 1);
  return 1;
}

/* SWIG leaves two functions in the globals, where another module may have its own. */
#undef SWIG_init
#define SWIG_init portend_lua_open
SWIGEXPORT int SWIG_init(lua_State *L);

static void portend_lua_global(lua_State *L, const char *name) {
#if LUA_VERSION_NUM >= 502
  lua_pushglobaltable(L);
#else
  lua_pushvalue(L, LUA_GLOBALSINDEX);
#endif
  lua_pushstring(L, name);
}

SWIGEXPORT int luaopen_portend_native(lua_State *L) {
  static const char *const names[] = {"swig_type", "swig_equals"};
  int i;
  portend_main_state(L);
  lua_settop(L, 0);
  for (i = 0; i < 2; i++) {
    portend_lua_global(L, names[i]);
    lua_rawget(L, -2);
    lua_remove(L, -2);
  }
  SWIG_init(L);
  for (i = 0; i < 2; i++) {
    portend_lua_global(L, names[i]);
    lua_pushvalue(L, i + 1);
    lua_rawset(L, -3);
    lua_pop(L, 1);
  }
  return 1;
}
%}

%native(close) int portend_lua_close(lua_State *L);
%native(dup) int portend_lua_dup(lua_State *L);
%native(close_fd) int portend_lua_close_fd(lua_State *L);
%native(set_inheritable) int portend_lua_set_inheritable(lua_State *L);
