# SPDX-License-Identifier: MIT
# The check must detect a missing number, an unknown number, and an exception that is not needed.
cmake_minimum_required(VERSION 3.23)

file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/parity_selftest)
set(place ${CMAKE_CURRENT_BINARY_DIR}/parity_selftest)
file(WRITE ${place}/list.md "| P01 | one | |\n| P02 | two | Lua, Go |\n")

function(expect verdict language tests)
  file(WRITE ${place}/tests.txt "${tests}")
  execute_process(RESULT_VARIABLE failed OUTPUT_QUIET ERROR_VARIABLE said
    COMMAND ${CMAKE_COMMAND} -DLIST=${place}/list.md "-DPROOFS=${language}=${place}/tests.txt"
      -P ${CMAKE_CURRENT_LIST_DIR}/parity.cmake)
  if(verdict STREQUAL "fine" AND failed OR NOT verdict STREQUAL "fine" AND NOT said MATCHES "${verdict}")
    message(FATAL_ERROR "Expected '${verdict}' of:\n${tests}\nand it said: ${said}")
  endif()
endfunction()

expect("fine" python "def test_p01_one():\n    async def test_p02_two():\n")
expect("fine" ruby "  def test_P01_one\n  def test_P02_two\n")
expect("fine" go "func TestP01_one(t *testing.T) {\n")
expect("fine" lua "it(\"P01 one\", function()\n")
expect("python has no test for P02" python "def test_p01_one():\n# test_p02 is a comment\n")
expect("go has no test for P01" go "func Test_one(t *testing.T) {\n")
expect("lua proves P02, which the list excludes for it" lua "it('P01 one'\nit('P02 two'\n")
expect("ruby proves P03, which is not listed" ruby "def test_P01_one\ndef test_P02_two\ndef test_P03_x\n")
file(REMOVE_RECURSE ${place})
