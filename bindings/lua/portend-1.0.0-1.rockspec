-- SPDX-License-Identifier: MIT
rockspec_format = "3.0"
package = "portend"
version = "1.0.0-1"
source = {
  url = "git+https://github.com/portend/portend.git",
  tag = "v1.0.0",
  dir = "portend/bindings/lua",
}
description = {
  summary = "Waits for TCP ports to open or close, and finds free local ports",
  homepage = "https://github.com/portend/portend",
  license = "MIT",
  labels = { "network", "tcp", "port" },
}
dependencies = { "lua >= 5.1, < 5.5" }
external_dependencies = {
  PORTEND = { header = "portend/portend.h", library = "portend" },
}
build = {
  type = "make",
  build_target = "native.so",
  build_variables = {
    CFLAGS = "$(CFLAGS)",
    LIBFLAG = "$(LIBFLAG)",
    LUA_INCDIR = "$(LUA_INCDIR)",
    PORTEND_INCDIR = "$(PORTEND_INCDIR)",
    PORTEND_LIBDIR = "$(PORTEND_LIBDIR)",
  },
  install_variables = {
    INST_LIBDIR = "$(LIBDIR)",
    INST_LUADIR = "$(LUADIR)",
  },
}
