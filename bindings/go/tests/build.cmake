# SPDX-License-Identifier: MIT
# Compiles the tests of the Go package, with and without the race detector, and a program that uses the
# package.
#
#   cmake -DGO=go -DINCLUDE=include -DRACE=ON -DRACE_TESTS=... -DPLAIN_TESTS=... -DSOURCE=...go -DPROGRAM=...
#     -P build.cmake
cmake_minimum_required(VERSION 3.23)

# Go's cache does not track headers outside of the package, so their hash is part of the flags.
file(GLOB headers ${INCLUDE}/portend/*.h)
set(text "")
foreach(header IN LISTS headers)
  file(READ ${header} content)
  string(APPEND text "${content}")
endforeach()
string(SHA256 hash "${text}")
set(ENV{CGO_CFLAGS} "-O2 -g -DPORTEND_HEADERS_${hash}")

function(compile output)
  execute_process(COMMAND ${GO} test -c ${ARGN} -o ${output} . COMMAND_ERROR_IS_FATAL ANY)
endfunction()

compile(${PLAIN_TESTS})
if(RACE)
  compile(${RACE_TESTS} -race)
else()
  file(COPY_FILE ${PLAIN_TESTS} ${RACE_TESTS})
endif()
execute_process(COMMAND ${GO} build -o ${PROGRAM} ${SOURCE} COMMAND_ERROR_IS_FATAL ANY)
