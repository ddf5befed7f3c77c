# SPDX-License-Identifier: MIT
# SWIG is needed only to change the interface, because its output is committed.
find_program(PORTEND_GO go)
find_program(PORTEND_PKG_CONFIG NAMES pkg-config pkgconf)
set(go_is_new_enough FALSE)
if(PORTEND_GO)
  execute_process(COMMAND ${PORTEND_GO} version OUTPUT_VARIABLE go_version ERROR_QUIET)
  if(go_version MATCHES "go([0-9]+[.][0-9]+)" AND CMAKE_MATCH_1 VERSION_GREATER_EQUAL 1.19)
    set(go_is_new_enough TRUE)
  endif()
endif()
portend_requires(go_is_new_enough "Go 1.19 (golang-go)")
portend_requires(PORTEND_PKG_CONFIG "pkg-config")
