# SPDX-License-Identifier: MIT
# Each file is a separate test for each version, run by busted on the modules of the build tree.
find_program(LUACHECK_EXECUTABLE luacheck)
find_program(LDOC_EXECUTABLE ldoc)
find_program(LUAROCKS_EXECUTABLE luarocks)

function(portend_lua_test subject version file)
  set(interpreter ${LUA${version}_INTERPRETER})
  set(name bindings.lua.${subject}.lua${version})
  portend_binding_test(${name} ${interpreter} ${CMAKE_CURRENT_SOURCE_DIR}/spec/support/run.lua
    ${CMAKE_CURRENT_SOURCE_DIR}/spec/${file}_spec.lua)
  portend_lua_place(${version} place)
  set_tests_properties(${name} PROPERTIES TIMEOUT 100 ENVIRONMENT "PORTEND_KIT=$<TARGET_FILE:kit>;PORTEND_LUA=${interpreter};PORTEND_SOURCES=${CMAKE_CURRENT_SOURCE_DIR};PORTEND_MODULES=${CMAKE_CURRENT_BINARY_DIR}/${version};PORTEND_PLACE=${place};PORTEND_INSTALLED=${portend_installed};PORTEND_WRAPPER=${CMAKE_CURRENT_BINARY_DIR}/native_wrap.c;LUACHECK=${LUACHECK_EXECUTABLE};LDOC=${LDOC_EXECUTABLE};LUAROCKS=${LUAROCKS_EXECUTABLE}")
endfunction()

file(GLOB files CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}/spec spec/*_spec.lua)
foreach(version IN LISTS portend_lua_versions)
  execute_process(COMMAND ${LUA${version}_INTERPRETER} -e "require 'busted.runner'" RESULT_VARIABLE lacks_busted
    OUTPUT_QUIET ERROR_QUIET)
  if(lacks_busted)
    portend_not_tested(bindings.lua.lua${version} "missing: busted (lua-busted)")
    continue()
  endif()
  portend_lua_module(portend_lua_spec_${version} ${version} spec/support/signals.c
    spec/support/sockets.c spec/support/system.c)
  target_link_libraries(portend_lua_spec_${version} PRIVATE portend_swig_flags)
  set_target_properties(portend_lua_spec_${version} PROPERTIES OUTPUT_NAME portend_spec
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/${version})

  foreach(file IN LISTS files)
    string(REGEX REPLACE "_spec[.]lua$" "" file ${file})
    portend_lua_test(${file} ${version} ${file})
  endforeach()
  set_tests_properties(bindings.lua.install.lua${version} PROPERTIES FIXTURES_REQUIRED portend_installed)
  portend_uses_packages(bindings.lua.rock.lua${version})
  set_tests_properties(bindings.lua.cost.lua${version} PROPERTIES RUN_SERIAL ON)  # others would take its time

  # The same tests, as if the socket table could not be read.
  set(by_connecting waiting looking many options interruption)
  foreach(file IN LISTS by_connecting)
    portend_lua_test(${file}_by_connecting ${version} ${file})
    set_property(TEST bindings.lua.${file}_by_connecting.lua${version} APPEND PROPERTY ENVIRONMENT PORTEND_PROBE=connect)
  endforeach()

  # Lua 5.1 is like LuaJIT, and 5.3 like 5.4. What depends little on the version runs for one, except in the full run.
  set(slow interruption_by_connecting)
  if(NOT version STREQUAL "5.4")
    list(TRANSFORM by_connecting APPEND _by_connecting)
    set(slow rock ${by_connecting})
  endif()
  if(version MATCHES "^5[.][13]$")
    list(APPEND slow ${files})
    list(TRANSFORM slow REPLACE "_spec[.]lua$" "")
    list(REMOVE_ITEM slow arguments install statuses waiting)
  endif()
  foreach(subject IN LISTS slow)
    set_tests_properties(bindings.lua.${subject}.lua${version} PROPERTIES LABELS slow)
  endforeach()
endforeach()
