# SPDX-License-Identifier: MIT
# Each file is a separate test, run by minitest on the package of the build tree.
execute_process(COMMAND ${Ruby_EXECUTABLE} -e "require 'minitest'" RESULT_VARIABLE lacks_minitest ERROR_QUIET)
if(lacks_minitest)
  portend_not_tested(bindings.ruby "missing: minitest (ruby-minitest)")
  return()
endif()

function(portend_ruby_test name file)
  portend_binding_test(${name} ${Ruby_EXECUTABLE} -w -I ${CMAKE_CURRENT_BINARY_DIR}/lib
    ${CMAKE_CURRENT_SOURCE_DIR}/test/${file}_test.rb)
  set_tests_properties(${name} PROPERTIES ENVIRONMENT
    "PORTEND_KIT=$<TARGET_FILE:kit>;PORTEND_LIBRARY=$<TARGET_FILE:portend>;PORTEND_INSTALLED=${portend_installed};PORTEND_TREE=${CMAKE_CURRENT_BINARY_DIR}")
endfunction()

file(GLOB files CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}/test test/*_test.rb)
foreach(file IN LISTS files)
  string(REGEX REPLACE "_test[.]rb$" "" file ${file})
  portend_ruby_test(bindings.ruby.${file} ${file})
endforeach()
set_tests_properties(bindings.ruby.install PROPERTIES FIXTURES_REQUIRED portend_installed)
portend_uses_packages(bindings.ruby.gem)
# It installs by RubyGems. The test `install` uses an installed library.
set_tests_properties(bindings.ruby.gem PROPERTIES LABELS slow)

# The same tests, as if the socket table could not be read.
foreach(file IN ITEMS waiting looking many interruption loop)
  portend_ruby_test(bindings.ruby.${file}_by_connecting ${file})
  set_property(TEST bindings.ruby.${file}_by_connecting APPEND PROPERTY ENVIRONMENT PORTEND_PROBE=connect)
endforeach()
set_tests_properties(bindings.ruby.interruption_by_connecting PROPERTIES LABELS slow)
portend_tests_compute(bindings.ruby.documentation bindings.ruby.style)
