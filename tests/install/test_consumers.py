# SPDX-License-Identifier: MIT
"""Programs that are built with the installed library, moved elsewhere."""

import os
import subprocess

import pytest
from support import CMAKE, COMPILERS, HERE, VERSION, library_of, only, pkg_config, run, says_its_version

SONAME = "libportend.so." + VERSION.split(".")[0]
WARNINGS = ["-Wall", "-Wextra", "-Werror"]


@pytest.mark.parametrize("compilers", COMPILERS)
def test_c_by_pkg_config(compilers, moved, tmp_path):
    program = tmp_path / "program"
    flags = pkg_config(moved, "--cflags", "--libs")
    run(compilers[0], "-std=c99", *WARNINGS, HERE / "consumer/main.c", "-o", program, *flags)
    assert library_of(program) == [SONAME]
    directory = str(only(moved, SONAME).parent)
    assert says_its_version(program, env={**os.environ, "LD_LIBRARY_PATH": directory})


@pytest.mark.parametrize("compilers", COMPILERS)
def test_c_by_pkg_config_and_the_archive_alone(compilers, moved_archive, tmp_path):
    """A C compiler links the archive: Libs.private names the C++ runtime."""
    program = tmp_path / "program"
    flags = pkg_config(moved_archive, "--static", "--cflags", "--libs")
    run(compilers[0], "-std=c99", *WARNINGS, HERE / "consumer/main.c", "-o", program, *flags)
    assert library_of(program) == []
    assert says_its_version(program)


@pytest.mark.parametrize("compilers", COMPILERS)
def test_cpp_by_pkg_config(compilers, moved, moved_archive, tmp_path):
    for tree, words in [(moved, []), (moved_archive, ["--static"])]:
        program = tmp_path / "program"
        flags = pkg_config(tree, *words, "--cflags", "--libs")
        run(compilers[1], "-std=c++17", *WARNINGS, HERE / "consumer/main.cpp", "-o", program, *flags)
        directory = str(only(moved, SONAME).parent)
        assert says_its_version(program, env={**os.environ, "LD_LIBRARY_PATH": directory})


@pytest.mark.parametrize("compilers", COMPILERS)
@pytest.mark.parametrize("language", ["C", "CXX"])
def test_by_find_package(compilers, language, moved, tmp_path):
    environment = {**os.environ, "CC": compilers[0], "CXX": compilers[1]}
    words = [f"-DLANGUAGE={language}", f"-DCMAKE_PREFIX_PATH={moved}"]
    run(CMAKE, "-S", HERE / "consumer", "-B", tmp_path, *words, env=environment)
    run(CMAKE, "--build", tmp_path)
    assert library_of(tmp_path / "shared") == [SONAME] and library_of(tmp_path / "static") == []
    assert says_its_version(tmp_path / "shared") and says_its_version(tmp_path / "static")


def test_by_find_package_without_headers_of_the_system(moved, tmp_path):
    """The headers come from the package, also with an older CMake that does not know file sets."""
    config = only(moved, "portend-config.cmake").read_text()
    assert config.count('INTERFACE_INCLUDE_DIRECTORIES "${_IMPORT_PREFIX}/include"') == 3


@pytest.mark.parametrize("wanted, found", [("1", True), ("1.0.0", True), ("1.0...<2", True), ("2.0", False), ("0.9", False), ("1.999", False)])
def test_find_package_takes_what_is_compatible(wanted, found, moved, tmp_path):
    command = [CMAKE, "-S", HERE / "consumer", "-B", tmp_path]
    command += [f"-DPORTEND_WANTED={wanted}", f"-DCMAKE_PREFIX_PATH={moved}"]
    ended = subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=60)
    assert (ended.returncode == 0) == found, ended.stderr
    if not found:
        assert "compatible with requested version" in ended.stderr
