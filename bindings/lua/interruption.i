/* SPDX-License-Identifier: MIT */
/*
 * How Ctrl-C ends a wait. The SIGINT handler of lua, and those of libraries that let Lua functions handle
 * signals, only set a debug hook on the main state. The interpreter calls the hook before its next step. A
 * wait is one step, so C ends the wait if the hook has changed since note_hook(). The facade then lets the
 * interpreter call the hook by run_hook(), and resumes the wait if the hook returns. The hook may raise an
 * error. In this way it never runs inside of the library.
 *
 * note_hook() is a separate call before the wait. A hook that was set before has run when the wait begins,
 * and no later one goes unnoticed. In a coroutine of Lua 5.1 to 5.4 the hook of the main state does not run.
 * There a hook with a count of 1, as signals set it, ends the wait at once.
 */
%{
typedef struct {
  lua_State *main;
  lua_Hook hook;
  int mask;
  int count;
} portend_hook;

static __thread struct {
  portend_hook noted;
  int waiting;
  int changed;
} portend_attention;

static lua_State *portend_main_state(lua_State *L) {
  lua_State *main;
#if LUA_VERSION_NUM >= 502
  lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
  main = lua_tothread(L, -1);
#else
  /* Lua 5.1 does not tell the main state. It is noted on each call from it; the first one loads the
   * module. */
  static char key;
  lua_pushlightuserdata(L, &key);
  if (lua_pushthread(L)) {
    main = L;
    lua_rawset(L, LUA_REGISTRYINDEX);
    return main;
  }
  lua_pop(L, 1);
  lua_rawget(L, LUA_REGISTRYINDEX);
  main = lua_isthread(L, -1) ? lua_tothread(L, -1) : L;
#endif
  lua_pop(L, 1);
  return main;
}

static portend_hook portend_hook_of(lua_State *main) {
  portend_hook now;
  now.main = main;
  now.hook = lua_gethook(main);
  now.mask = lua_gethookmask(main);
  now.count = lua_gethookcount(main);
  return now;
}

static int portend_hook_changed(void) {
  const portend_hook was = portend_attention.noted;
  const portend_hook now = portend_hook_of(was.main);
  return now.hook != was.hook || now.mask != was.mask || now.count != was.count;
}

/* The portend_interrupt_hook. A waiter that a foreign loop runs needs none, since it does not block. */
static int portend_check_hook(void *context) {
  (void)context;
  if (!portend_attention.waiting || !portend_attention.noted.main) return 0;
  portend_attention.changed = portend_hook_changed();
  return portend_attention.changed;
}

/* A hook that has not run yet is noted as absent. */
static void portend_note(lua_State *L, lua_State *main) {
  portend_hook now = portend_hook_of(main);
  if (L != main && (now.mask & LUA_MASKCOUNT) && now.count == 1) {
    now.hook = NULL;
    now.mask = now.count = 0;
  }
  portend_attention.noted = now;
}

static int portend_lua_note_hook(lua_State *L) {
  portend_note(L, portend_main_state(L));
  return 0;
}

/* The interpreter has called the hook by now, unless this is a coroutine. */
static int portend_lua_run_hook(lua_State *L) {
  const portend_hook was = portend_attention.noted;
  lua_State *main = portend_main_state(L);
  if (portend_hook_changed() && L != main) {
    const portend_hook now = portend_hook_of(main);
    lua_Debug place;
    memset(&place, 0, sizeof place);
    lua_sethook(main, was.hook, was.mask, was.count);
    if (now.hook && lua_getstack(L, 1, &place)) {
      place.event = LUA_HOOKCOUNT;
      place.currentline = -1;
      now.hook(L, &place);
    }
  }
  portend_note(L, main);
  return 0;
}

/* The result for a wait that the hook has ended; it is not a status. It is returned at once, since the
 * hook may also wait. */
#define PORTEND_HOOK_CAME 1000

static portend_status portend_outcome(portend_status status) {
  const int changed = portend_attention.changed;
  portend_attention.changed = 0;
  return status == PORTEND_ERR_CANCELED && changed ? PORTEND_HOOK_CAME : status;
}

/* Returns the seconds of the clock of events. */
static int portend_lua_monotonic(lua_State *L) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  lua_pushnumber(L, now.tv_sec + now.tv_nsec / 1e9);
  return 1;
}
%}

%constant int HOOK_CAME = PORTEND_HOOK_CAME;
%typemap(out) portend_status "lua_pushinteger(L, portend_outcome($1)); SWIG_arg++;"

%native(note_hook) int portend_lua_note_hook(lua_State *L);
%native(run_hook) int portend_lua_run_hook(lua_State *L);
%native(monotonic) int portend_lua_monotonic(lua_State *L);

%insert("header") %{
#define PORTEND_INTERRUPT_HOOK portend_check_hook
%}

%define %blocking(FN)
%exception FN {
  portend_attention.waiting = 1;
  portend_attention.changed = 0;
  $action
  portend_attention.waiting = 0;
}
%enddef
