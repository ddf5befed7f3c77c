/* SPDX-License-Identifier: MIT */
/* Sockets, blocking and close-on-exec. */
#define _GNU_SOURCE
#include "support.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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
  if (fd < 0) return portend_spec_refusal(L);
  if (made.any.sa_family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (lua_toboolean(L, 4)) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, &made.any, size) != 0 || getsockname(fd, &made.any, &got) != 0) {
    const int result = portend_spec_refusal(L);
    close(fd);
    return result;
  }
  lua_pushinteger(L, fd);
  lua_pushinteger(L, ntohs(made.v4.sin_port)); /* in the same place of both */
  return 2;
}

static int do_listen(lua_State* L) {
  return portend_spec_verdict(L, listen((int)luaL_checkinteger(L, 1), 1024));
}
static int do_close(lua_State* L) { return portend_spec_verdict(L, close((int)luaL_checkinteger(L, 1))); }

static int do_connect(lua_State* L) {
  address made;
  const socklen_t size = address_of(L, 1, 2, &made);
  const int fd = socket(made.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, &made.any, size) != 0) return portend_spec_refusal(L);
  return portend_spec_verdict(L, fd);
}

static int do_accept(lua_State* L) {
  return portend_spec_verdict(L, accept4((int)luaL_checkinteger(L, 1), NULL, NULL, SOCK_CLOEXEC));
}

static int do_send(lua_State* L) {
  size_t size;
  const char* text = luaL_checklstring(L, 2, &size);
  return portend_spec_verdict(L, (int)send((int)luaL_checkinteger(L, 1), text, size, MSG_NOSIGNAL));
}

static int do_receive(lua_State* L) {
  char text[256];
  const ssize_t size = recv((int)luaL_checkinteger(L, 1), text, sizeof text, 0);
  if (size < 0) return portend_spec_refusal(L);
  lua_pushlstring(L, text, (size_t)size);
  return 1;
}

static int is_closed_on_exec(lua_State* L) {
  const int flags = fcntl((int)luaL_checkinteger(L, 1), F_GETFD);
  if (flags < 0) return portend_spec_refusal(L);
  lua_pushboolean(L, (flags & FD_CLOEXEC) != 0);
  return 1;
}

/* poll(fd, seconds): whether it becomes readable. */
static int do_poll(lua_State* L) {
  struct pollfd one = {(int)luaL_checkinteger(L, 1), POLLIN, 0};
  lua_pushboolean(L, poll(&one, 1, (int)(luaL_checknumber(L, 2) * 1000)) == 1);
  return 1;
}

const luaL_Reg portend_spec_sockets[] = {{"hold", hold},          {"listen", do_listen},
                                         {"close", do_close},     {"connect", do_connect},
                                         {"accept", do_accept},   {"send", do_send},
                                         {"receive", do_receive}, {"is_closed_on_exec", is_closed_on_exec},
                                         {"poll", do_poll},       {NULL, NULL}};
