/* SPDX-License-Identifier: MIT */
/* What the tests hold ports, time and signals with, as Lua has no means of its own. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <lua.h>
#include <malloc.h>
#include <netinet/in.h>
#include <poll.h>
#include <portend/portend.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "plain_c.h"

static void sleep_for(double seconds) {
  struct timespec left = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

static int refusal(lua_State* L) {
  lua_pushnil(L);
  lua_pushstring(L, strerror(errno));
  return 2;
}

static int verdict(lua_State* L, int result) {
  if (result < 0) return refusal(L);
  lua_pushinteger(L, result);
  return 1;
}

/* Sockets */

typedef union {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
} address;

static socklen_t address_of(lua_State* L, int host, int port, address* made) {
  const char* text = luaL_optstring(L, host, "::");
  const uint16_t number = htons((uint16_t)luaL_optinteger(L, port, 0));
  memset(made, 0, sizeof *made);
  if (inet_pton(AF_INET, text, &made->v4.sin_addr) == 1) {
    made->v4.sin_family = AF_INET;
    made->v4.sin_port = number;
    return sizeof made->v4;
  }
  if (inet_pton(AF_INET6, text, &made->v6.sin6_addr) != 1) luaL_argerror(L, host, "no address");
  made->v6.sin6_family = AF_INET6;
  made->v6.sin6_port = number;
  return sizeof made->v6;
}

/* hold(host, port, "tcp" | "udp", reuse): a descriptor that is bound, and its port. */
static int hold(lua_State* L) {
  address made;
  const socklen_t size = address_of(L, 1, 2, &made);
  const int kind = strcmp(luaL_optstring(L, 3, "tcp"), "udp") == 0 ? SOCK_DGRAM : SOCK_STREAM;
  const int fd = socket(made.any.sa_family, kind | SOCK_CLOEXEC, 0);
  const int on = 1, off = 0;
  socklen_t got = sizeof made;
  if (fd < 0) return refusal(L);
  if (made.any.sa_family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (lua_toboolean(L, 4)) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, &made.any, size) != 0 || getsockname(fd, &made.any, &got) != 0) {
    const int result = refusal(L);
    close(fd);
    return result;
  }
  lua_pushinteger(L, fd);
  lua_pushinteger(L, ntohs(made.v4.sin_port)); /* in the same place of both */
  return 2;
}

static int do_listen(lua_State* L) { return verdict(L, listen((int)luaL_checkinteger(L, 1), 1024)); }
static int do_close(lua_State* L) { return verdict(L, close((int)luaL_checkinteger(L, 1))); }

static int do_connect(lua_State* L) {
  address made;
  const socklen_t size = address_of(L, 1, 2, &made);
  const int fd = socket(made.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, &made.any, size) != 0) return refusal(L);
  return verdict(L, fd);
}

static int do_accept(lua_State* L) {
  return verdict(L, accept4((int)luaL_checkinteger(L, 1), NULL, NULL, SOCK_CLOEXEC));
}

static int do_send(lua_State* L) {
  size_t size;
  const char* text = luaL_checklstring(L, 2, &size);
  return verdict(L, (int)send((int)luaL_checkinteger(L, 1), text, size, MSG_NOSIGNAL));
}

static int do_receive(lua_State* L) {
  char text[256];
  const ssize_t size = recv((int)luaL_checkinteger(L, 1), text, sizeof text, 0);
  if (size < 0) return refusal(L);
  lua_pushlstring(L, text, (size_t)size);
  return 1;
}

static int is_closed_on_exec(lua_State* L) {
  const int flags = fcntl((int)luaL_checkinteger(L, 1), F_GETFD);
  if (flags < 0) return refusal(L);
  lua_pushboolean(L, (flags & FD_CLOEXEC) != 0);
  return 1;
}

/* poll(fd, seconds): whether it becomes readable. */
static int do_poll(lua_State* L) {
  struct pollfd one = {(int)luaL_checkinteger(L, 1), POLLIN, 0};
  lua_pushboolean(L, poll(&one, 1, (int)(luaL_checknumber(L, 2) * 1000)) == 1);
  return 1;
}

/* What happens meanwhile, in threads that settle() waits for */

typedef struct {
  void (*act)(int number, const char* text);
  double delay;
  int number;
  char text[108];
} deed;

enum { MOST = 16 };
static pthread_t pending[MOST];
static int pending_count;

static void* do_later(void* argument) {
  deed* todo = argument;
  sleep_for(todo->delay);
  todo->act(todo->number, todo->text);
  free(todo);
  return NULL;
}

static void begin(lua_State* L, deed what) {
  deed* copy = malloc(sizeof what);
  sigset_t all, before;
  if (!copy || pending_count == MOST) luaL_error(L, "too many at once");
  *copy = what;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  if (pthread_create(&pending[pending_count], NULL, do_later, copy) == 0) pending_count++;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void let_listen(int fd, const char* text) {
  (void)text;
  listen(fd, 1024);
}
static void let_close(int fd, const char* text) {
  (void)text;
  close(fd);
}
static void let_die(int pid, const char* text) {
  (void)text;
  kill(pid, SIGKILL);
}

/* after(seconds, "listen" | "close" | "kill", descriptor or process) */
static int after(lua_State* L) {
  static const char* const names[] = {"listen", "close", "kill", NULL};
  static void (*const acts[])(int, const char*) = {let_listen, let_close, let_die};
  deed what = {acts[luaL_checkoption(L, 2, NULL, names)], luaL_checknumber(L, 1),
               (int)luaL_checkinteger(L, 3), ""};
  begin(L, what);
  return 0;
}

static int settle(lua_State* L) {
  (void)L;
  while (pending_count > 0) pthread_join(pending[--pending_count], NULL);
  return 0;
}

static void answer_once(int fd, const char* text) {
  struct pollfd one = {fd, POLLIN, 0};
  char question[64];
  int client;
  if (poll(&one, 1, 20000) == 1 && (client = accept(fd, NULL, NULL)) >= 0) {
    if (recv(client, question, sizeof question, 0) > 0) send(client, text, strlen(text), MSG_NOSIGNAL);
    close(client);
  }
  close(fd);
}

/* port_server(path, answer): gives one answer to one client. */
static int port_server(lua_State* L) {
  struct sockaddr_un place = {AF_UNIX, ""};
  deed what = {answer_once, 0, socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), ""};
  strncpy(place.sun_path, luaL_checkstring(L, 1), sizeof place.sun_path - 1);
  strncpy(what.text, luaL_checkstring(L, 2), sizeof what.text - 1);
  if (bind(what.number, (struct sockaddr*)&place, sizeof place) != 0) return refusal(L);
  listen(what.number, 1);
  begin(L, what);
  return 0;
}

/* Signals as lua and luaposix take them: the handler sets a hook, and the hook calls Lua */

static lua_State* main_state;
static double rang_at;

static void call_lua(lua_State* L, lua_Debug* place) {
  (void)place;
  lua_sethook(L, NULL, 0, 0);
  lua_getfield(L, LUA_REGISTRYINDEX, "portend alarm");
  lua_call(L, 0, 0);
}

static void ring(int signal) {
  (void)signal;
  rang_at = seconds_now();
  lua_sethook(main_state, call_lua, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1);
}

static struct timeval timeval_of(double seconds) {
  const struct timeval made = {(time_t)seconds, (suseconds_t)((seconds - (double)(time_t)seconds) * 1e6)};
  return made;
}

/* alarm(function, first, interval), in seconds; alarm() for no more. */
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
  return verdict(L, kill((pid_t)luaL_checkinteger(L, 1), (int)luaL_checkinteger(L, 2)));
}

/* Process */

static int pid(lua_State* L) { return verdict(L, getpid()); }

static int is_root(lua_State* L) {
  lua_pushboolean(L, geteuid() == 0);
  return 1;
}

static int now(lua_State* L) {
  lua_pushnumber(L, seconds_now());
  return 1;
}

static int do_sleep(lua_State* L) {
  sleep_for(luaL_checknumber(L, 1));
  return 0;
}

static int do_setenv(lua_State* L) {
  const char* name = luaL_checkstring(L, 1);
  return verdict(L, lua_isnoneornil(L, 2) ? unsetenv(name) : setenv(name, luaL_checkstring(L, 2), 1));
}

static int allocated(lua_State* L) {
  const struct mallinfo2 info = mallinfo2();
  lua_pushnumber(L, (lua_Number)(info.uordblks + info.hblkhd));
  return 1;
}

static const luaL_Reg functions[] = {{"hold", hold},           {"listen", do_listen},
                                     {"close", do_close},      {"connect", do_connect},
                                     {"accept", do_accept},    {"send", do_send},
                                     {"receive", do_receive},  {"is_closed_on_exec", is_closed_on_exec},
                                     {"poll", do_poll},        {"after", after},
                                     {"settle", settle},       {"port_server", port_server},
                                     {"alarm", do_alarm},      {"rang", rang},
                                     {"kill", do_kill},        {"pid", pid},
                                     {"is_root", is_root},     {"now", now},
                                     {"sleep", do_sleep},      {"setenv", do_setenv},
                                     {"allocated", allocated}, {"sentence_of_c", sentence_of_c},
                                     {"cost_of_c", cost_of_c}, {NULL, NULL}};

__attribute__((visibility("default"))) int luaopen_portend_spec(lua_State* L) {
  const luaL_Reg* each;
#if LUA_VERSION_NUM >= 502
  lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
  main_state = lua_tothread(L, -1);
#else
  if (!lua_pushthread(L)) return luaL_error(L, "to be loaded from the main state");
  main_state = L;
#endif
  lua_newtable(L);
  for (each = functions; each->name; each++) {
    lua_pushcfunction(L, each->func);
    lua_setfield(L, -2, each->name);
  }
  return 1;
}
