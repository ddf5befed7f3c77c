# SPDX-License-Identifier: MIT
find_package(Python3 3.9 QUIET COMPONENTS Interpreter Development.Module)
portend_requires(SWIG_FOUND "swig")
portend_requires(Python3_Interpreter_FOUND "Python 3.9 (python3)")
portend_requires(Python3_Development.Module_FOUND "the headers of Python (python3-dev)")
