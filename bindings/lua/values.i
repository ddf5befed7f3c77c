/* SPDX-License-Identifier: MIT */
/* Converts values strictly: no fraction is cut, no text becomes a number, no NUL ends a text. */

%{
static int portend_is_whole(lua_State *L, int index, lua_Number least, lua_Number most) {
  lua_Number number;
  if (lua_type(L, index) != LUA_TNUMBER) return 0;
  number = lua_tonumber(L, index);
  return number >= least && number <= most && floor(number) == number;
}

static int portend_is_int(lua_State *L, int index) {
  return portend_is_whole(L, index, INT_MIN, INT_MAX);
}

/* The range in which a double represents every integer. */
static int portend_is_int64(lua_State *L, int index) {
  return portend_is_whole(L, index, -9007199254740992.0, 9007199254740992.0);
}

static int portend_is_text(lua_State *L, int index) {
  size_t size;
  const char *text;
  if (lua_type(L, index) != LUA_TSTRING) return 0;
  text = lua_tolstring(L, index, &size);
  return strlen(text) == size;
}

static int portend_is_text_or_nil(lua_State *L, int index) {
  return lua_isnil(L, index) || portend_is_text(L, index);
}

static void portend_push_int64(lua_State *L, int64_t number) {
#if LUA_VERSION_NUM >= 503
  lua_pushinteger(L, (lua_Integer)number);
#else
  lua_pushnumber(L, (lua_Number)number);
#endif
}
%}

%typemap(in, checkfn="portend_is_int") int "$1 = (int)lua_tonumber(L, $input);"
%typemap(in, checkfn="portend_is_int64") int64_t "$1 = (int64_t)lua_tonumber(L, $input);"
%typemap(in, checkfn="portend_is_text") const char *text "$1 = (char *)lua_tostring(L, $input);"
%typemap(in, checkfn="portend_is_text_or_nil") const char *text_or_null "$1 = (char *)lua_tostring(L, $input);"

%typemap(out) int "lua_pushinteger(L, $1); SWIG_arg++;"
%typemap(out) int64_t "portend_push_int64(L, $1); SWIG_arg++;"
