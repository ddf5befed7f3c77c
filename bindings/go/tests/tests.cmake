# SPDX-License-Identifier: MIT
# Each *_test.go is a separate test, with the library of the build tree and the race detector.
set(go_tests ${CMAKE_CURRENT_BINARY_DIR}/portend.test)
set(go_tests_race ${CMAKE_CURRENT_BINARY_DIR}/portend.race.test)
set(go_race ON)
if(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|aarch64|arm64|ppc64le|s390x)$")
  set(go_race OFF)
  message(STATUS "Go package: tested without the race detector, which ${CMAKE_SYSTEM_PROCESSOR} does not have")
endif()

file(GENERATE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/pkgconfig/portend.pc CONTENT
"Name: portend
Description: the library of the build tree
Version: ${PROJECT_VERSION}
Cflags: -I${PROJECT_SOURCE_DIR}/include
Libs: -L$<TARGET_FILE_DIR:portend> -Wl,-rpath,$<TARGET_FILE_DIR:portend> -lportend
")

# Downloads nothing and leaves nothing in the home folder. The tests use the library of the build tree.
set(go_environment GOENV=off GOFLAGS=-tags=portend_system GOPROXY=off GOSUMDB=off GOTOOLCHAIN=local GO111MODULE=on CGO_ENABLED=1
  CC=${CMAKE_C_COMPILER} GOCACHE=${CMAKE_CURRENT_BINARY_DIR}/cache GOPATH=${CMAKE_CURRENT_BINARY_DIR}/gopath
  PKG_CONFIG=${PORTEND_PKG_CONFIG} PKG_CONFIG_PATH=${CMAKE_CURRENT_BINARY_DIR}/pkgconfig
  PORTEND_GO=${PORTEND_GO} PORTEND_INSTALLED=${portend_installed} PORTEND_KIT=$<TARGET_FILE:kit>)

function(portend_go_test name)
  portend_binding_test(bindings.go.${name} ${ARGN})
  set_tests_properties(bindings.go.${name} PROPERTIES ENVIRONMENT "${go_environment}"
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} FIXTURES_REQUIRED portend_go_tests)
endfunction()

portend_go_test(build ${CMAKE_COMMAND} -DGO=${PORTEND_GO} -DRACE=${go_race} -DPLAIN_TESTS=${go_tests}
  -DRACE_TESTS=${go_tests_race} -DSOURCE=${PROJECT_SOURCE_DIR}/tests/net/probes/probe.go
  -DPROGRAM=${CMAKE_CURRENT_BINARY_DIR}/probe -DINCLUDE=${PROJECT_SOURCE_DIR}/include -P ${CMAKE_CURRENT_SOURCE_DIR}/tests/build.cmake)
set_tests_properties(bindings.go.build PROPERTIES FIXTURES_REQUIRED "" FIXTURES_SETUP portend_go_tests TIMEOUT 900
  PROCESSORS 6 COST 1000)

function(portend_go_subject name file tests)
  portend_go_test(${name} sh ${CMAKE_CURRENT_SOURCE_DIR}/tests/run.sh ${tests} ${file}_test.go ${ARGN})
endfunction()

file(GLOB files CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} *_test.go)
list(REMOVE_ITEM files cost_test.go support_test.go race_test.go norace_test.go)
foreach(file IN LISTS files)
  string(REPLACE "_test.go" "" file ${file})
  portend_go_subject(${file} ${file} ${go_tests_race})
endforeach()
portend_uses_packages(bindings.go.install)

# Costs are measured without the race detector, as users run it.
portend_go_subject(thousands_without_race_detector thousands ${go_tests})
portend_go_subject(cost cost ${go_tests} -test.bench Occupied -test.benchtime 2000x)
set_tests_properties(bindings.go.cost PROPERTIES RUN_SERIAL ON)  # others would take its time
portend_tests_compute(bindings.go.install bindings.go.style)

# The same tests, as if the socket table could not be read.
foreach(file IN ITEMS waiting looking many interruption)
  portend_go_subject(${file}_by_connecting ${file} ${go_tests_race})
  set_property(TEST bindings.go.${file}_by_connecting APPEND PROPERTY ENVIRONMENT PORTEND_PROBE=connect)
endforeach()
set_tests_properties(bindings.go.interruption_by_connecting PROPERTIES LABELS slow)

# Checks that the committed files are what SWIG and the amalgamation write now.
portend_go_test(generated ${PORTEND_GO} test -count=1 -v ./internal/native)
set_property(TEST bindings.go.generated APPEND PROPERTY ENVIRONMENT
  PORTEND_AMALGAMATION=${PROJECT_BINARY_DIR}/src/amalgamation)
if(SWIG_FOUND)
  set_property(TEST bindings.go.generated APPEND PROPERTY ENVIRONMENT SWIG=${SWIG_EXECUTABLE})
endif()
