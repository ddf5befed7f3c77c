# SPDX-License-Identifier: MIT
"""A plain build on a machine that has only a compiler and CMake."""

import os
import subprocess

import pytest
from support import CMAKE, SOURCE, WITHOUT_BINDINGS, run

HIDDEN = ["CLI11", "nlohmann_json", "PkgConfig", "Python3"]
PACKAGES = {
    "The command line": ["libcli11-dev", "nlohmann-json3-dev"],
    "The tests": ["pkg-config"],
    "The manual pages": ["python3"],
}


def options(*more):
    return [*(f"-DCMAKE_DISABLE_FIND_PACKAGE_{name}=ON" for name in HIDDEN), *WITHOUT_BINDINGS, *more]


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A configured build, and the output of CMake."""
    build = tmp_path_factory.mktemp("plain")
    return build, run(CMAKE, "-S", SOURCE, "-B", build, *options())


@pytest.mark.parametrize("title", PACKAGES)
def test_it_says_in_one_line_what_it_leaves_out(title, plain):
    (line,) = [line for line in plain[1].splitlines() if line.startswith(f"-- {title}: ")]
    assert "left out, not found: " in line
    assert all(f"(Debian: {package})" in line for package in PACKAGES[title])
    assert "CMake Warning" not in plain[1]


def test_it_builds_the_library_and_nothing_else(plain):
    targets = run(CMAKE, "--build", plain[0], "--target", "help")
    assert "portend_static" in targets
    assert not [name for name in ("portend_program", "portend_manual", "kit", "c_wait") if name in targets.split()]
    # One object is enough: test_subproject.py compiles the library.
    run(CMAKE, "--build", plain[0] / "src", "--target", "capi/status.o")


@pytest.mark.parametrize("part, package", [("PROGRAM", "libcli11-dev"), ("TESTS", "pkg-config"), ("MANUAL", "python3")])
def test_it_fails_if_a_part_was_asked_for(part, package, tmp_path):
    command = [CMAKE, "-S", SOURCE, "-B", tmp_path, *options(f"-DPORTEND_BUILD_{part}=ON")]
    ended = subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=280)
    assert ended.returncode != 0
    said = " ".join(ended.stderr.split())
    assert f"PORTEND_BUILD_{part} is ON, but not found: " in said and f"(Debian: {package})" in said


def test_without_cmocka_the_tests_are_left_out(tmp_path):
    """pkg-config is installed, and finds no library."""
    words = ["-S", SOURCE, "-B", tmp_path, "-DPORTEND_BUILD_MANUAL=OFF", *WITHOUT_BINDINGS]
    said = run(CMAKE, *words, env={**os.environ, "PKG_CONFIG_LIBDIR": "/nonexistent"})
    assert "-- The tests: left out, not found: cmocka (Debian: libcmocka-dev), libuv (Debian: libuv1-dev)" in said


@pytest.mark.skipif(not os.path.exists("/usr/bin/python3"), reason="there is no Python of the system")
def test_the_python_of_the_system_is_used_even_if_another_comes_first(tmp_path):
    """The packages of the system, such as pytest, belong to that Python."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python3").symlink_to("/usr/bin/python3")
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    words = ["-DPORTEND_BUILD_MANUAL=ON", "-DPORTEND_BUILD_TESTS=OFF", *WITHOUT_BINDINGS]
    run(CMAKE, "-S", SOURCE, "-B", tmp_path, *words, env={**os.environ, "PATH": path})
    assert "_Python3_EXECUTABLE:INTERNAL=/usr/bin/python3\n" in (tmp_path / "CMakeCache.txt").read_text()
