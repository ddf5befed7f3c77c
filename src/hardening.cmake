# SPDX-License-Identifier: MIT
# Hardening flags for what is installed: relocations are resolved at start and read-only, stacks are
# protected, calls of the C library are checked, and the program is loaded at a random address. Not used with
# a sanitizer.
add_library(portend_hardening INTERFACE)
if(NOT PORTEND_HARDEN OR PORTEND_SANITIZE)
  return()
endif()

include(CheckCXXSourceCompiles)
include(CheckPIESupported)
check_pie_supported(LANGUAGES CXX)

# Level 3 needs support of the compiler and the C library. It has no effect without optimization.
set(CMAKE_REQUIRED_FLAGS "-O2 -D_FORTIFY_SOURCE=3")
check_cxx_source_compiles("#include <cstdlib>\n#if __USE_FORTIFY_LEVEL < 3\n#error\n#endif\nint main() {}"
  PORTEND_HAS_FORTIFY_3)
unset(CMAKE_REQUIRED_FLAGS)
set(level 2)
if(PORTEND_HAS_FORTIFY_3)
  set(level 3)
endif()
target_compile_options(portend_hardening INTERFACE -fstack-protector-strong
  "$<$<CONFIG:Release,RelWithDebInfo,MinSizeRel>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=${level}>")
if(NOT APPLE)
  target_link_options(portend_hardening INTERFACE -Wl,-z,relro -Wl,-z,now)
endif()
