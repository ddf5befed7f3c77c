# SPDX-License-Identifier: MIT
# Each file is a separate test, run by pytest on the package of the build tree.
execute_process(COMMAND ${Python3_EXECUTABLE} -c "import pytest" RESULT_VARIABLE lacks_pytest ERROR_QUIET)
if(lacks_pytest)
  portend_not_tested(bindings.python "missing: pytest (python3-pytest)")
  return()
endif()

function(portend_python_test name file)
  portend_binding_test(${name} ${Python3_EXECUTABLE} -m pytest -q -p no:cacheprovider -rs
    ${CMAKE_CURRENT_SOURCE_DIR}/tests/test_${file}.py)
  set_tests_properties(${name} PROPERTIES
    ENVIRONMENT "PORTEND_KIT=$<TARGET_FILE:kit>;PORTEND_LIBRARY=$<TARGET_FILE:portend>;PORTEND_INSTALLED=${portend_installed};PYTHONDONTWRITEBYTECODE=1"
    ENVIRONMENT_MODIFICATION "PYTHONPATH=path_list_prepend:${PROJECT_SOURCE_DIR}/tests/kit;PYTHONPATH=path_list_prepend:${CMAKE_CURRENT_BINARY_DIR}")
endfunction()

file(GLOB files CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}/tests tests/test_*.py)
foreach(file IN LISTS files)
  string(REGEX REPLACE "^test_(.*)[.]py$" "\\1" file ${file})
  portend_python_test(bindings.python.${file} ${file})
endforeach()
portend_uses_packages(bindings.python.install)
portend_uses_packages(bindings.python.packages)
# It installs five times by pip. The test `install` uses an installed library.
set_tests_properties(bindings.python.packages PROPERTIES TIMEOUT 900 LABELS slow)

# The same tests, as if the socket table could not be read.
foreach(file IN ITEMS waiting looking many options interruption aio dropin)
  portend_python_test(bindings.python.${file}_by_connecting ${file})
  set_property(TEST bindings.python.${file}_by_connecting APPEND PROPERTY ENVIRONMENT PORTEND_PROBE=connect)
endforeach()
set_tests_properties(bindings.python.interruption_by_connecting PROPERTIES LABELS slow)
portend_tests_compute(bindings.python.style)
