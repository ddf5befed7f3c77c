# SPDX-License-Identifier: MIT
# Debian's Python, and not one that happens to come first on PATH (pyenv).
if(NOT Python3_EXECUTABLE AND EXISTS /usr/bin/python3)
  set(Python3_EXECUTABLE /usr/bin/python3)
endif()
find_package(Python3 3.9 QUIET COMPONENTS Interpreter Development.Module)
portend_requires(SWIG_FOUND "swig")
portend_requires(Python3_Interpreter_FOUND "Python 3.9 (python3)")
portend_requires(Python3_Development.Module_FOUND "the headers of Python (python3-dev)")
