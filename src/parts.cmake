# SPDX-License-Identifier: MIT
# The parts besides the library. Each PORTEND_BUILD_... is AUTO (built if all it needs is found), ON (an error
# if something is missing) or OFF.
set(automatic OFF)
if(PROJECT_IS_TOP_LEVEL)
  set(automatic AUTO)
endif()

# Debian's Python has the packages of Debian; another Python may be first on PATH (pyenv).
if(NOT Python3_EXECUTABLE AND EXISTS /usr/bin/python3)
  set(Python3_EXECUTABLE /usr/bin/python3)
endif()

# portend_lacks(CONDITION NAME PACKAGE): records what is not found, and the Debian package that contains it.
macro(portend_lacks condition name package)
  if(NOT ${condition})
    list(APPEND lacking "${name} (Debian: ${package})")
  endif()
endmacro()

# portend_part(NAME TITLE): sets PORTEND_BUILD_<NAME>, depending on `lacking`.
macro(portend_part name title)
  if(lacking AND PORTEND_BUILD_${name} STREQUAL "AUTO")
    list(JOIN lacking ", " lacking)
    message(STATUS "${title}: left out, not found: ${lacking}")
    set(PORTEND_BUILD_${name} OFF)
  elseif(lacking AND PORTEND_BUILD_${name})
    list(JOIN lacking ", " lacking)
    message(FATAL_ERROR "PORTEND_BUILD_${name} is ON, but not found: ${lacking}")
  endif()
  set(lacking)
endmacro()

foreach(part IN ITEMS "PROGRAM;the command line" "TESTS;the tests" "MANUAL;the manual pages")
  list(GET part 0 name)
  list(GET part 1 what)
  set(PORTEND_BUILD_${name} ${automatic} CACHE STRING "Build ${what}: AUTO (if all is found for it), ON or OFF")
  set_property(CACHE PORTEND_BUILD_${name} PROPERTY STRINGS AUTO ON OFF)
endforeach()

set(lacking)
if(PORTEND_BUILD_PROGRAM)
  find_package(CLI11 QUIET)
  find_package(nlohmann_json QUIET)
  portend_lacks(CLI11_FOUND CLI11 libcli11-dev)
  portend_lacks(nlohmann_json_FOUND nlohmann_json nlohmann-json3-dev)
  portend_part(PROGRAM "The command line")
endif()

if(PORTEND_BUILD_TESTS)
  find_package(PkgConfig QUIET)
  if(PKG_CONFIG_FOUND)
    pkg_check_modules(cmocka QUIET IMPORTED_TARGET cmocka)
    pkg_check_modules(libuv QUIET IMPORTED_TARGET libuv)
    portend_lacks(cmocka_FOUND cmocka libcmocka-dev)
    portend_lacks(libuv_FOUND libuv libuv1-dev)
  endif()
  find_program(PORTEND_PYTHON3 NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH)
  portend_lacks(PKG_CONFIG_FOUND pkg-config pkg-config)
  portend_lacks(PORTEND_PYTHON3 "Python 3 with pytest" python3-pytest)
  portend_part(TESTS "The tests")
endif()

if(PORTEND_BUILD_MANUAL)
  find_package(Python3 COMPONENTS Interpreter QUIET)
  portend_lacks(Python3_Interpreter_FOUND "Python 3" python3)
  portend_part(MANUAL "The manual pages")
endif()
