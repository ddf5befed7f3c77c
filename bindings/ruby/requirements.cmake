# SPDX-License-Identifier: MIT
# Debian's Ruby; another Ruby may be first on PATH (rbenv).
if(NOT Ruby_EXECUTABLE AND EXISTS /usr/bin/ruby)
  set(Ruby_EXECUTABLE /usr/bin/ruby)
endif()
find_package(Ruby 3.1 QUIET)
foreach(dir IN LISTS Ruby_INCLUDE_DIRS)
  if(EXISTS ${dir}/ruby.h)
    set(ruby_header ${dir}/ruby.h)
  endif()
endforeach()
portend_requires(SWIG_FOUND "swig")
portend_requires(Ruby_FOUND "Ruby 3.1 (ruby)")
portend_requires(ruby_header "the headers of Ruby (ruby-dev)")
