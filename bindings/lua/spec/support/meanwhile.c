/* SPDX-License-Identifier: MIT */
/* What happens while a test waits: in other threads, and by signals. */
#define _GNU_SOURCE
#include "support.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* In threads that settle() waits for */

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
  portend_spec_sleep(todo->delay);
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
  if (bind(what.number, (struct sockaddr*)&place, sizeof place) != 0) return portend_spec_refusal(L);
  listen(what.number, 1);
  begin(L, what);
  return 0;
}

/* Signals as lua and luaposix take them: the handler sets a hook, and the hook calls Lua */

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
  return portend_spec_verdict(L, kill((pid_t)luaL_checkinteger(L, 1), (int)luaL_checkinteger(L, 2)));
}

const luaL_Reg portend_spec_meanwhile[] = {
    {"after", after},  {"settle", settle}, {"port_server", port_server}, {"alarm", do_alarm}, {"rang", rang},
    {"kill", do_kill}, {NULL, NULL}};
