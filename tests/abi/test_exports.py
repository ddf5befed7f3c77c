# SPDX-License-Identifier: MIT
"""The symbols that the libraries and the program export."""

import os
import pathlib
import re
import subprocess

import pytest

import public

HERE = pathlib.Path(__file__).parent
SOURCE = pathlib.Path(os.environ["PORTEND_SOURCE"])
INCLUDE = SOURCE / "include/portend"
DECLARED = [function.name for function in public.functions(INCLUDE)]
NODE = "@@PORTEND_1.0"


def symbols(*options):
    """Returns kind and name of each symbol that a file defines for others."""
    words = ["nm", "--defined-only", "--extern-only", *options]
    said = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout
    lines = [line.split() for line in said.splitlines()]
    return [(words[1], words[2]) for words in lines if len(words) == 3]


def compare(shown):
    """Compares the exports of a library with the declarations in the headers, both ways."""
    problems = [f"{name} is exported, but no header declares it" for name in sorted(set(shown) - set(DECLARED))]
    problems += [f"{name} is declared, but not exported" for name in sorted(set(DECLARED) - set(shown))]
    assert not problems, "\n".join(["", *problems])


def shown_by_the_library():
    names = [name for _, name in symbols("-D", os.environ["PORTEND_LIBRARY"])]
    return [name for name in names if not name.startswith("PORTEND_")]  # the version node itself


def test_the_shared_library_exports_what_the_headers_declare():
    compare([name.split("@")[0] for name in shown_by_the_library()])


def test_each_name_has_the_version_that_added_it():
    assert [name for name in shown_by_the_library() if not name.endswith(NODE)] == []


def test_the_package_of_debian_lists_what_the_library_exports():
    """Without its line, dpkg-gensymbols gives a name the revision of the package, which lintian refuses."""
    _, *lines = (SOURCE / "debian/libportend1.symbols").read_text().splitlines()
    listed = [line.split()[0] for line in lines]
    assert listed == sorted(["PORTEND_1.0@PORTEND_1.0", *(name.replace("@@", "@") for name in shown_by_the_library())])


def test_a_difference_is_noticed():
    with pytest.raises(AssertionError, match="portend_new is exported, but no header declares it"):
        compare([*DECLARED, "portend_new"])
    with pytest.raises(AssertionError, match=f"{DECLARED[0]} is declared, but not exported"):
        compare(DECLARED[1:])


# Kinds of symbols that a compiler emits for each file that needs them, and the linker keeps once: of the C++
# library, of this library's namespace, and of a sanitizer.
SHARED_KINDS = "WVu"
OF_THE_COMPILER = re.compile(r"_ZT?[A-Z]*\d*S[tabsiod]|_ZZ?N?K?S[tabsiod]|_ZN?K?9__gnu_cxx|DW\.ref\.|__clang_call_terminate")
OWN = re.compile(r"portend_\w+|_Z\w*N?K?(7portend\d|\d+portend_).*")
OF_A_SANITIZER = re.compile(r"__(odr_)?[at]san|[at]san\.module|___(asan|tsan)_|__sanitizer")


def may_clash(kind, name):
    """Whether a program that links the archive could define the same name."""
    if OWN.match(name) or OF_A_SANITIZER.match(name):
        return False
    return kind not in SHARED_KINDS or not OF_THE_COMPILER.match(name)


def test_no_name_in_the_archive_can_clash_with_one_of_a_program():
    shown = symbols(os.environ["PORTEND_ARCHIVE"])
    assert {name for _, name in shown} > set(DECLARED)
    clashing = sorted({f"{kind} {name}" for kind, name in shown if may_clash(kind, name)})
    assert not clashing, "\n".join(["neither portend_* nor in namespace portend:", *clashing])


@pytest.mark.parametrize(
    "kind, name, may",
    [
        ("T", "portend_free", False),
        ("T", "_ZN7portend2os6SocketC1Ev", False),
        ("W", "_ZN14portend_serverC1Ev", False),  # without optimization
        ("V", "_ZTVN7portend2os6SocketE", False),
        ("W", "_ZNSt6vectorIiSaIiEED1Ev", False),
        ("T", "_ZNSt6vectorIiSaIiEED1Ev", True),
        ("T", "run_work", True),
        ("T", "_Z4helpv", True),
        ("W", "_ZN4main5thingEv", True),
    ],
)
def test_a_name_that_may_clash_is_noticed(kind, name, may):
    assert may_clash(kind, name) == may


@pytest.mark.skipif("PORTEND_PROGRAM" not in os.environ, reason="the program is not built")
def test_the_program_exports_nothing_of_its_own():
    """The linker exports what the program shares with the C++ library by copy relocations."""
    shown = [(kind, name) for kind, name in symbols("-D", os.environ["PORTEND_PROGRAM"]) if "@" not in name]
    own = [name for kind, name in shown if kind not in SHARED_KINDS or not OF_THE_COMPILER.match(name)]
    own = [name for name in own if not OF_A_SANITIZER.match(name)]
    assert own == [] or os.environ["PORTEND_SANITIZE"]
