# SPDX-License-Identifier: MIT
# Builds the project for each prefix and installs it below DESTDIR, as a package would: the tests of
# installed bindings use what is there. A second run builds what has changed.
#
#   cmake -DSOURCE=... -DBUILD=... -DOPTIONS="-D...|..." -P install.cmake
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

foreach(prefix IN ITEMS /usr /usr/local)
  cmake_path(GET prefix FILENAME name)
  # No test debugs or measures these. Without optimization, and in few translation units, they are built in a fifth of
  # the time.
  run(${CMAKE_COMMAND} -S ${SOURCE} -B ${BUILD}/build -G Ninja -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS=-O0
    -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=0
    -DPORTEND_BUILD_TESTS=OFF -DCMAKE_INSTALL_PREFIX=${prefix} ${OPTIONS})
  run(${CMAKE_COMMAND} --build ${BUILD}/build -j 2)
  file(REMOVE_RECURSE ${BUILD}/${name})
  run(${CMAKE_COMMAND} -E env DESTDIR=${BUILD}/${name} ${CMAKE_COMMAND} --install ${BUILD}/build)
endforeach()
