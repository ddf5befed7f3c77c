/* SPDX-License-Identifier: MIT */
/* Operations on descriptors that the library has opened. */
#define _GNU_SOURCE
#include "support.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static int do_listen(lua_State* L) {
  return portend_spec_verdict(L, listen((int)luaL_checkinteger(L, 1), 1024));
}
static int do_close(lua_State* L) { return portend_spec_verdict(L, close((int)luaL_checkinteger(L, 1))); }

static int do_accept(lua_State* L) {
  return portend_spec_verdict(L, accept4((int)luaL_checkinteger(L, 1), NULL, NULL, SOCK_CLOEXEC));
}

static int do_send(lua_State* L) {
  size_t size;
  const char* text = luaL_checklstring(L, 2, &size);
  return portend_spec_verdict(L, (int)send((int)luaL_checkinteger(L, 1), text, size, MSG_NOSIGNAL));
}

static int is_closed_on_exec(lua_State* L) {
  const int flags = fcntl((int)luaL_checkinteger(L, 1), F_GETFD);
  if (flags < 0) return portend_spec_refusal(L);
  lua_pushboolean(L, (flags & FD_CLOEXEC) != 0);
  return 1;
}

/* poll(fd, seconds): whether the descriptor becomes readable. */
static int do_poll(lua_State* L) {
  struct pollfd one = {(int)luaL_checkinteger(L, 1), POLLIN, 0};
  lua_pushboolean(L, poll(&one, 1, (int)(luaL_checknumber(L, 2) * 1000)) == 1);
  return 1;
}

const luaL_Reg portend_spec_sockets[] = {{"listen", do_listen}, {"close", do_close},
                                         {"accept", do_accept}, {"send", do_send},
                                         {"poll", do_poll},     {"is_closed_on_exec", is_closed_on_exec},
                                         {NULL, NULL}};
