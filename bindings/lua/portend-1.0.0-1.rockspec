-- SPDX-License-Identifier: MIT
rockspec_format = "3.0"
package = "portend"
version = "1.0.0-1"
source = {
  url = "https://github.com/portend/portend/releases/download/v1.0.0/portend-lua-1.0.0.tar.gz",
  dir = "portend-lua-1.0.0",
}
description = {
  summary = "Waits for TCP ports to open or close, and finds free local ports",
  homepage = "https://github.com/portend/portend",
  license = "MIT",
  labels = { "network", "tcp", "port" },
}
dependencies = { "lua >= 5.1, < 5.5" }
build = {
  -- Not builtin: one file needs C++20, and flags of builtin are for all files.
  type = "make",
  build_target = "native.so",
  build_variables = {
    CC = "$(CC)",
    CFLAGS = "$(CFLAGS)",
    LIBFLAG = "$(LIBFLAG)",
    LUA_INCDIR = "$(LUA_INCDIR)",
  },
  copy_directories = { "luals" },
  install_variables = {
    INST_LIBDIR = "$(LIBDIR)",
    INST_LUADIR = "$(LUADIR)",
  },
}
