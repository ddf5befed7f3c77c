# SPDX-License-Identifier: MIT
"""Helpers for tests of the installed library."""

import os
import pathlib
import shlex
import shutil
import subprocess

import pytest

HERE = pathlib.Path(__file__).parent
SOURCE = pathlib.Path(os.environ["PORTEND_SOURCE"])
BUILD = pathlib.Path(os.environ["PORTEND_BUILD"])
VERSION = os.environ["PORTEND_VERSION"]
CMAKE = os.environ["CMAKE"]

# What a test of the build itself leaves out.
WITHOUT_BINDINGS = [f"-DPORTEND_BINDINGS_{language}=OFF" for language in ("GO", "RUBY", "LUA", "PYTHON")]
LESS = [f"-DPORTEND_BUILD_{part}=OFF" for part in ("TESTS", "PROGRAM", "MANUAL")] + WITHOUT_BINDINGS

COMPILERS = [
    pytest.param((c, cxx), id=c, marks=pytest.mark.skipif(not shutil.which(cxx), reason=f"there is no {cxx}"))
    for c, cxx in [("gcc", "g++"), ("clang", "clang++")]
]


def run(*command, **options):
    """Runs a command, which must succeed, and returns its output."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "timeout": 3500, **options}
    ended = subprocess.run([*map(str, command)], **options)
    assert ended.returncode == 0, f"{shlex.join(map(str, command))}:\n{ended.stdout}"
    return ended.stdout


def install(build, destination):
    """Installs below a directory, and writes nothing outside of it."""
    run(CMAKE, "--install", build, env={**os.environ, "DESTDIR": str(destination)})


def files_of(tree):
    return sorted(str(path.relative_to(tree)) for path in tree.rglob("*") if not path.is_dir())


def only(tree, name):
    """Returns the only file of that name."""
    (found,) = tree.rglob(name)
    return found


def pkg_config(tree, *words):
    environment = {**os.environ, "PKG_CONFIG_LIBDIR": str(only(tree, "portend.pc").parent)}
    return shlex.split(run("pkg-config", *words, "portend", env=environment))


def library_of(program):
    """Returns the libportend that a program was linked with; nothing if none."""
    needed = [line for line in run("readelf", "-d", program).splitlines() if "(NEEDED)" in line]
    return [line.split("[")[1].rstrip("]") for line in needed if "portend" in line]


def says_its_version(*command, **options):
    return run(*command, **options) == f"portend {VERSION}\n"
