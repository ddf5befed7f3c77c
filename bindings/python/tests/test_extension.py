# SPDX-License-Identifier: MIT
"""Looks into the built module."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from portend import _native
from support import source_folder

#: What macros of the public API stand for, such as Py_DECREF, Py_None and Py_True.
MACROS = re.compile(r"_Py_(Dealloc|\w+Struct)|_PyObject_New|_PyWeakref_\w+Type")
#: SWIG's runtime refuses unknown attributes by it. Python's headers declare it.
OF_SWIG = {"_PyType_Lookup"}


def test_no_private_function_of_python_is_used() -> None:
    if not shutil.which("nm"):
        pytest.skip("nm (binutils) is not installed")
    command = ["nm", "-D", "--undefined-only", str(_native.__file__)]
    used = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "PyEval_SaveThread" in used
    private = set(re.findall(r"\b_Py\w+", used)) - OF_SWIG
    assert [name for name in private if not MACROS.fullmatch(name)] == []
    ours = (source_folder() / "native.i").read_text()
    assert not re.search(r"\b_Py", ours)
