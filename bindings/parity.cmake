# SPDX-License-Identifier: MIT
# Fails if the tests of a language lack a behavior of PARITY.md, or name one that it does not list.
#
#   cmake "-DPROOFS=python=/path/tests/test_*.py|go=..." [-DLIST=PARITY.md] -P parity.cmake
#
# A behavior is proved by a test whose name begins with its number:
#   go test   func TestP07_... or t.Run("P07 ...
#   minitest  def test_P07_...
#   busted    it("P07 ...
#   pytest    def test_p07_...
cmake_minimum_required(VERSION 3.23)

string(REPLACE "|" ";" PROOFS "${PROOFS}")
if(NOT LIST)
  set(LIST ${CMAKE_CURRENT_LIST_DIR}/PARITY.md)
endif()

# The rows of the table: | P07 | behavior | languages that cannot have it, or nothing |
file(STRINGS ${LIST} rows REGEX "^\\| P[0-9][0-9] \\|")
set(numbers)
foreach(row IN LISTS rows)
  string(REGEX MATCH "^\\| (P[0-9][0-9]) \\|.*\\|([^|]*)\\|$" whole "${row}")
  if(NOT whole)
    message(FATAL_ERROR "No row of three columns: ${row}")
  endif()
  set(number ${CMAKE_MATCH_1})
  if(number IN_LIST numbers)
    message(FATAL_ERROR "${number} is listed twice")
  endif()
  list(APPEND numbers ${number})
  string(TOLOWER "${CMAKE_MATCH_2}" without_${number})
endforeach()
if(NOT numbers)
  message(FATAL_ERROR "${LIST} lists nothing")
endif()

# Returns the numbers at the beginning of test names in these files.
function(proved_in pattern result)
  # file(GLOB_RECURSE) has no **: it searches for the last part at any depth below the rest.
  string(REGEX REPLACE "/\\*\\*/" "/" pattern "${pattern}")
  file(GLOB_RECURSE files ${pattern})
  set(found)
  foreach(file IN LISTS files)
    file(STRINGS ${file} names REGEX "(def test_|func Test|Run\\(\"|it\\(?[ ]?[\"'])[Pp][0-9][0-9]")
    foreach(name IN LISTS names)
      string(REGEX MATCH "(def test_|func Test|Run\\(\"|it\\(?[ ]?[\"'])([Pp][0-9][0-9])" whole "${name}")
      string(TOUPPER ${CMAKE_MATCH_2} number)
      list(APPEND found ${number})
    endforeach()
  endforeach()
  list(REMOVE_DUPLICATES found)
  set(${result} ${found} PARENT_SCOPE)
endfunction()

set(problems)
foreach(proof IN LISTS PROOFS)
  string(REGEX MATCH "^([a-z]+)=(.*)$" whole "${proof}")
  set(language ${CMAKE_MATCH_1})
  proved_in("${CMAKE_MATCH_2}" proved)
  foreach(number IN LISTS numbers)
    if(NOT number IN_LIST proved AND NOT without_${number} MATCHES "${language}")
      list(APPEND problems "${language} has no test for ${number}")
    endif()
  endforeach()
  foreach(number IN LISTS proved)
    if(NOT number IN_LIST numbers)
      list(APPEND problems "${language} proves ${number}, which is not listed")
    elseif(without_${number} MATCHES "${language}")
      list(APPEND problems "${language} proves ${number}, which the list excludes for it")
    endif()
  endforeach()
  list(LENGTH proved count)
  message(STATUS "${language}: ${count} behaviors proved")
endforeach()
if(problems)
  list(JOIN problems "\n" problems)
  message(FATAL_ERROR "${problems}")
endif()
