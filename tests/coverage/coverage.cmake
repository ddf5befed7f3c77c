# SPDX-License-Identifier: MIT
# Counts which lines and branches run, for gcovr (preset "coverage"). Must come before the first target.
# flush.c writes the counters of a process that ends by _exit(2) or by a signal of its own.
target_compile_options(portend_flags INTERFACE --coverage -fprofile-update=atomic -fprofile-abs-path)
target_link_options(portend_flags INTERFACE --coverage)

# As an object, since precompiled headers are C++.
add_library(portend_coverage_register OBJECT ${CMAKE_CURRENT_LIST_DIR}/register.c)
set_target_properties(portend_coverage_register PROPERTIES POSITION_INDEPENDENT_CODE ON)
target_sources(portend_flags INTERFACE $<TARGET_OBJECTS:portend_coverage_register>)

add_library(portend_coverage SHARED ${CMAKE_CURRENT_LIST_DIR}/flush.c)
target_link_libraries(portend_flags INTERFACE portend_coverage)
