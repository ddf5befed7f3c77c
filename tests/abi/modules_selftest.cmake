# SPDX-License-Identifier: MIT
# modules.cmake must detect each direction that src/README.md does not allow.
cmake_minimum_required(VERSION 3.23)

set(place ${CMAKE_CURRENT_BINARY_DIR}/modules_selftest)

# Checks the verdict of modules.cmake on a tree with one file of this text.
function(expect verdict file text)
  file(REMOVE_RECURSE ${place})
  string(REGEX REPLACE "^cli/" "" in_cli ${file})
  file(WRITE ${place}/${file} "${text}\n")
  file(WRITE ${place}/cli/text.hpp "")
  file(WRITE ${place}/CMakeLists.txt "set(files ${file})")
  file(WRITE ${place}/cli/CMakeLists.txt "set(files ${in_cli})")
  execute_process(RESULT_VARIABLE failed OUTPUT_QUIET ERROR_VARIABLE said
    COMMAND ${CMAKE_COMMAND} -DSOURCE=${place} -P ${CMAKE_CURRENT_LIST_DIR}/modules.cmake)
  string(REGEX REPLACE "[ \n]+" " " said "${said}")
  string(FIND "${said}" "${verdict}" found)
  if(verdict STREQUAL "fine" AND failed OR NOT verdict STREQUAL "fine" AND (NOT failed OR found EQUAL -1))
    message(FATAL_ERROR "Expected '${verdict}' of ${file}:\n${text}\nand it said: ${said}")
  endif()
endfunction()

# Allowed directions.
expect("fine" capi/a.cpp "#include \"wait/b.hpp\"\n#include \"os/c.hpp\"\n#include <portend/portend.h>\n#include <vector>")
expect("fine" wait/a.cpp "#include \"probe/b.hpp\"\n#include \"net/b.hpp\"\n#include \"wait/c.hpp\"")
expect("fine" ports/a.hpp "#include \"net/b.hpp\"")
expect("fine" os/linux/a.cpp "#include \"os/posix/b.hpp\"\n#include \"os/b.hpp\"\n#include <sys/epoll.h>")
expect("fine" cli/a.cpp "#include \"text.hpp\"\n#include <portend/portend.h>\n#include <CLI/CLI.hpp>")

# Forbidden directions.
expect("wait may not include capi" wait/a.cpp "#include \"capi/b.hpp\"")
expect("wait may not include ports" wait/a.cpp "#include \"ports/b.hpp\"")
expect("ports may not include wait" ports/a.hpp "#include \"wait/b.hpp\"")
expect("ports may not include probe" ports/a.cpp "#include \"probe/b.hpp\"")
expect("probe may not include net" probe/a.cpp "#include <vector>\n  # include \"net/b.hpp\"")
expect("net may not include probe" net/a.cpp "#include \"probe/b.hpp\"")
expect("os may not include net" os/posix/a.cpp "#include \"net/b.hpp\"")
expect("cli may not include capi" cli/a.cpp "#include \"capi/b.hpp\"")
expect("cli may not include os" cli/a.cpp "#include \"os/b.hpp\"")

# Headers that only some modules may include.
expect("wait may not include the public headers" wait/a.cpp "#include <portend/status.h>")
expect("net may not include portend" net/a.cpp "#include \"portend/status.h\"")
expect("only os may include system headers (<sys/socket.h>)" wait/a.cpp "#include <sys/socket.h>")
expect("only os may include system headers (<unistd.h>)" capi/a.cpp "#include <unistd.h>")
expect("os may not include os/linux" os/a.hpp "#include \"os/linux/b.hpp\"")
expect("os/posix may not include os/linux" os/posix/a.cpp "#include \"os/linux/b.hpp\"")
expect("os/portable may not include os/linux" os/portable/a.cpp "#include \"os/linux/b.hpp\"")
expect("probe may not include os/posix" probe/a.cpp "#include \"os/posix/b.hpp\"")

# Files outside of the modules.
expect("is in none of the modules" util/a.cpp "")
expect("is in none of the modules" a.cpp "")
expect("is in none of the modules" os/plan9/a.cpp "")
expect("\"b.hpp\" is in no module" wait/a.cpp "#include \"b.hpp\"")
expect("\"../os/b.hpp\" is in no module" cli/a.cpp "#include \"../os/b.hpp\"")
expect("names no file" wait/a.cpp "#include WHATEVER")
file(REMOVE_RECURSE ${place})

# A source that no list contains.
file(WRITE ${place}/os/a.cpp "")
file(WRITE ${place}/CMakeLists.txt "set(os os/b.cpp)")
execute_process(RESULT_VARIABLE failed OUTPUT_QUIET ERROR_VARIABLE said
  COMMAND ${CMAKE_COMMAND} -DSOURCE=${place} -P ${CMAKE_CURRENT_LIST_DIR}/modules.cmake)
if(NOT failed OR NOT said MATCHES "is in no list")
  message(FATAL_ERROR "A source in no list was not noticed: ${said}")
endif()
file(REMOVE_RECURSE ${place})
