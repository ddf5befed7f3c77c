# SPDX-License-Identifier: MIT
# Sets portend_lua_versions to the versions of Lua whose headers and interpreters are found. One is enough.
# CMakeLists.txt says what the others lack.
find_package(PkgConfig QUIET)
portend_requires(PKG_CONFIG_FOUND "pkg-config")
portend_requires(SWIG_FOUND "swig")

set(portend_lua_versions)
set(portend_lua_lacks)
foreach(version IN ITEMS 5.1 5.3 5.4 jit)
  if(PKG_CONFIG_FOUND)
    pkg_check_modules(LUA${version} QUIET IMPORTED_TARGET lua${version})
  endif()
  find_program(LUA${version}_INTERPRETER lua${version})
  if(LUA${version}_FOUND AND LUA${version}_INTERPRETER)
    list(APPEND portend_lua_versions ${version})
  elseif(LUA${version}_FOUND)
    list(APPEND portend_lua_lacks "lua${version}")
  else()
    list(APPEND portend_lua_lacks "the headers of lua${version}")
  endif()
endforeach()
portend_requires(portend_lua_versions "any of Lua 5.1, 5.3, 5.4 and LuaJIT (as liblua5.4-dev and lua5.4)")
