# SPDX-License-Identifier: MIT
# Installs the project for each prefix below DESTDIR, as a package does, for the tests of installed bindings.
# Files of an existing build are copied, since only their location depends on the prefix.
#
#   cmake -DSOURCE=... -DBUILT=... -DBUILD=... -DOPTIONS="-D...|..." -P install.cmake
#
# Then BUILD/usr/usr is a tree for the prefix /usr, and BUILD/local/usr/local one for /usr/local.
cmake_minimum_required(VERSION 3.23)

string(REPLACE "|" ";" OPTIONS "${OPTIONS}")

function(run)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE said ERROR_VARIABLE said RESULT_VARIABLE failed)
  if(failed)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\n${said}")
  endif()
endfunction()

file(GLOB libraries RELATIVE ${BUILT} ${BUILT}/src/libportend*)
file(GLOB_RECURSE modules RELATIVE ${BUILT} ${BUILT}/bindings/*/native.so ${BUILT}/bindings/python/portend/_native*.so)
list(FILTER modules EXCLUDE REGEX "^bindings/(installed|packages)/")

foreach(prefix IN ITEMS /usr /usr/local)
  cmake_path(GET prefix FILENAME name)
  set(build ${BUILD}/build-${name})
  run(${CMAKE_COMMAND} -S ${SOURCE} -B ${build} -G Ninja -DPORTEND_BUILD_TESTS=OFF -DPORTEND_BUILD_PROGRAM=OFF
    -DPORTEND_BUILD_MANUAL=OFF -DCMAKE_SKIP_RPATH=ON -DCMAKE_INSTALL_PREFIX=${prefix} ${OPTIONS})
  foreach(file IN LISTS libraries modules)
    cmake_path(GET file PARENT_PATH folder)
    file(COPY ${BUILT}/${file} DESTINATION ${build}/${folder})
    if(file IN_LIST modules)
      file(RPATH_REMOVE FILE ${build}/${file})
    endif()
  endforeach()
  file(REMOVE_RECURSE ${BUILD}/${name})
  run(${CMAKE_COMMAND} -E env DESTDIR=${BUILD}/${name} ${CMAKE_COMMAND} --install ${build})
endforeach()
