# SPDX-License-Identifier: MIT
"""The library as two files: compiled separately, used from C, and with reproducible bytes."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest
from support import BUILD, CMAKE, COMPILERS, HERE, LESS, SOURCE, VERSION, run, says_its_version

AMALGAMATION = BUILD / "src/amalgamation"
CARRIED = AMALGAMATION / "libportend_small.a"
WARNINGS = ["-Wall", "-Wextra", "-Werror"]
QUICK = ["arguments", "free", "occupied", "probe", "settings", "states", "status", "target", "urls", "waiter"]
ALL = sorted(path.stem for path in (SOURCE / "tests/c").glob("*.c"))


# The build compiles it once by g++ (portend_small) and once by clang++ (tests/sanitized), and any warning is an error.
# To compile it again takes half a minute, so only ./dev test --full does.
OTHER = pytest.mark.skipif("PORTEND_FULL" not in os.environ, reason="takes half a minute more: ./dev test --full")
SUBJECTS = [pytest.param(each, marks=[] if each in QUICK else OTHER) for each in ALL]
FLAGS = ["-std=c++20", "-pthread", "-Wall", "-Wextra"]
# What tests/support/CMakeLists.txt tells the tests about the library.
PORTABLE = ["-DPORTEND_TEST_PORTABLE"] if os.environ["PORTEND_PORTABLE"] == "1" else []
ABOUT_THE_BUILD = ['-DPORTEND_TEST_SANITIZERS=""', *PORTABLE]


@pytest.mark.parametrize("compilers", COMPILERS)
@OTHER
def test_it_needs_no_other_flags_and_has_no_warnings(compilers, tmp_path):
    object_file, program = tmp_path / "portend.o", HERE / "consumer/main.c"
    assert run(compilers[1], *FLAGS, "-c", AMALGAMATION / "portend.cpp", "-o", object_file) == ""
    header = tmp_path / "include/portend"
    header.mkdir(parents=True)
    shutil.copy(AMALGAMATION / "portend.h", header)
    run(compilers[0], "-c", program, f"-I{header.parent}", "-o", tmp_path / "main.o")
    run(compilers[1], "-pthread", tmp_path / "main.o", object_file, "-o", tmp_path / "main")
    assert says_its_version(tmp_path / "main")


@pytest.fixture
def include(tmp_path):
    """The single header, under each name that the test programs include."""
    folder = tmp_path / "include/portend"
    folder.mkdir(parents=True)
    for path in (SOURCE / "include/portend").glob("*.h"):
        shutil.copy(AMALGAMATION / "portend.h", folder / path.name)
    return folder.parent


@pytest.mark.parametrize("compilers", COMPILERS)
def test_a_c_program_uses_it(compilers, include, tmp_path):
    program = HERE / "consumer/main.c"
    run(compilers[0], "-std=c99", "-pedantic", *WARNINGS, f"-I{include}", "-c", program, "-o", tmp_path / "main.o")
    run(compilers[1], "-pthread", tmp_path / "main.o", CARRIED, "-o", tmp_path / "main")
    assert says_its_version(tmp_path / "main")


@pytest.mark.parametrize("compilers", COMPILERS)
def test_a_cpp_program_uses_it(compilers, include, tmp_path):
    """The classes of C++ are a third file."""
    for name in "portend.hpp", "server.hpp":
        shutil.copy(AMALGAMATION / "portend.hpp", include / "portend" / name)
    program, other = HERE / "consumer/main.cpp", "#include <portend/server.hpp>\nportend::server* nothing = nullptr;\n"
    flags = ["-std=c++17", "-pedantic", *WARNINGS, f"-I{include}"]
    run(compilers[1], *flags, "-fsyntax-only", "-xc++", "-", input=other)
    run(compilers[1], *flags, program, "-pthread", CARRIED, "-o", tmp_path / "main")
    assert says_its_version(tmp_path / "main")


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_c_tests_pass_with_it(subject, include, tmp_path):
    support = [SOURCE / "tests/support/handles.c", BUILD / "tests/support/libtest_support.a"]
    libraries = [CARRIED, "-lcmocka", "-luv", "-lstdc++", "-lm", "-pthread"]
    flags = ["-std=c11", "-D_GNU_SOURCE", *ABOUT_THE_BUILD, f"-I{SOURCE}/tests", f"-I{include}"]
    program = tmp_path / subject
    run("gcc", *flags, SOURCE / f"tests/c/{subject}.c", *support, *libraries, "-o", program)
    ended = subprocess.run([program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=280)
    if ended.returncode == 77:
        pytest.skip(re.search("^skipped: (.*)", ended.stdout, re.M)[1])
    assert ended.returncode == 0 and "[  PASSED  ]" in ended.stdout, ended.stdout


def test_it_exports_nothing_on_request(tmp_path):
    """The program that carries the library chooses PORTEND_API."""
    text = "#define PORTEND_API\n" + '#include "portend.h"\n'
    said = run("gcc", "-E", "-", input=text, cwd=AMALGAMATION)
    assert "portend_occupied" in said and "visibility" not in said


def test_written_twice_it_has_the_same_bytes(tmp_path):
    """A build of the portable library must write the same bytes."""
    run(CMAKE, "-S", SOURCE, "-B", tmp_path, *LESS, "-DPORTEND_PORTABLE=ON")
    run(CMAKE, "--build", tmp_path, "--target", "portend_amalgamation")
    for name in "portend.cpp", "portend.h", "portend.hpp":
        assert (tmp_path / "src/amalgamation" / name).read_bytes() == (AMALGAMATION / name).read_bytes()


@pytest.mark.parametrize("name", ["portend.cpp", "portend.h", "portend.hpp"])
def test_it_says_its_version_and_its_license(name):
    text = (AMALGAMATION / name).read_text()
    assert text.startswith(f"/*\n * portend {VERSION}: ")
    plain = text.replace("\n * ", "\n").replace("\n *\n", "\n\n")
    assert pathlib.Path(SOURCE / "LICENSE").read_text() in plain
    assert str(SOURCE) not in text and str(BUILD) not in text


@pytest.mark.parametrize("ending", [".h", ".hpp"])
def test_the_header_has_all_public_headers(ending):
    text = (AMALGAMATION / f"portend{ending}").read_text()
    assert "#include <portend/" not in text
    for path in (SOURCE / "include/portend").glob("*" + ending):
        assert text.count(f"/* ---- portend/{path.name} ---- */") == 1
