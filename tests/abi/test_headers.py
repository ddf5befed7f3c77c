# SPDX-License-Identifier: MIT
"""The public headers, in every language and with every compiler that they support."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

import public

HERE = pathlib.Path(__file__).parent
INCLUDE = pathlib.Path(os.environ["PORTEND_SOURCE"], "include")
C_HEADERS = sorted(path.name for path in INCLUDE.glob("portend/*.h"))
CPP_HEADERS = sorted(path.name for path in INCLUDE.glob("portend/*.hpp"))
STRICT = ["-pedantic", "-Werror", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Wundef", "-fsyntax-only"]
C, CPP = ["c99", "c11"], ["c++17", "c++20"]
ONLY_C = ["-Wstrict-prototypes", "-Wc++-compat"]
ONLY_CPP = ["-Wold-style-cast", "-Wzero-as-null-pointer-constant"]

by_every_compiler = pytest.mark.parametrize(
    "compiler",
    [
        pytest.param(name, marks=pytest.mark.skipif(not shutil.which(name), reason=f"there is no {name}"))
        for name in ["gcc", "clang"]
    ],
)


def problems(compiler, standard, text):
    """Returns what a compiler reports for a source, or for a path."""
    language, warnings = ("c++", ONLY_CPP) if standard in CPP else ("c", ONLY_C)
    words = [compiler, "-x", language, f"-std={standard}", *STRICT, *warnings, f"-I{INCLUDE}"]
    is_path = isinstance(text, pathlib.Path)
    ended = subprocess.run(
        [*words, text if is_path else "-"],
        input=None if is_path else text,
        stderr=subprocess.PIPE,
        text=True,
        timeout=280,
    )
    return ended.stderr or ("" if ended.returncode == 0 else f"exit code {ended.returncode}")


@by_every_compiler
@pytest.mark.parametrize("standard", C + CPP)
@pytest.mark.parametrize("header", C_HEADERS)
def test_a_header_stands_alone(compiler, standard, header):
    """A header included twice has an effect once."""
    line = f"#include <portend/{header}>\n"
    assert problems(compiler, standard, line + line + "extern int used;\n") == ""


@by_every_compiler
@pytest.mark.parametrize("standard", CPP)
@pytest.mark.parametrize("header", CPP_HEADERS)
def test_a_header_of_cpp_stands_alone(compiler, standard, header):
    line = f"#include <portend/{header}>\n"
    assert problems(compiler, standard, line + line) == ""


@by_every_compiler
@pytest.mark.parametrize("standard", ["c11", *CPP])
def test_the_abi_of_1_0_is_kept(compiler, standard):
    assert problems(compiler, standard, HERE / "frozen.c") == ""


def test_the_whole_abi_is_frozen():
    frozen = (HERE / "frozen.c").read_text()
    names = [function.name for function in public.functions(INCLUDE / "portend")]
    names += public.enumerators(INCLUDE / "portend")
    assert len(names) > 90
    assert [name for name in names if not re.search(rf"\b{name}\b", frozen)] == []


CHANGES = {
    "a number": ("PORTEND_ERR_GONE = -10", "PORTEND_ERR_GONE = -12"),
    "a parameter": ("int port,\n                                            int64_t timeout_ms", "long port, int64_t timeout_ms"),
    "a result": ("PORTEND_API int64_t portend_waiter_probes", "PORTEND_API int portend_waiter_probes"),
    "a field": ("portend_reason reason;\n", "portend_reason reason; int more;\n"),
}


@by_every_compiler
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_the_abi_is_noticed(compiler, change, tmp_path):
    before, after = CHANGES[change]
    shutil.copytree(INCLUDE, tmp_path / "include")
    changed = 0
    for path in tmp_path.glob("include/portend/*.h"):
        text = path.read_text()
        changed += before in text
        path.write_text(text.replace(before, after))
    assert changed == 1
    words = [compiler, "-std=c11", "-fsyntax-only", f"-I{tmp_path}/include", HERE / "frozen.c"]
    assert subprocess.run(words, stderr=subprocess.PIPE).returncode != 0
