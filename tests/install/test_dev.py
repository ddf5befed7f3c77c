# SPDX-License-Identifier: MIT
"""What ./dev installs for a task: it says so beforehand, and installs nothing else.

Stand-ins take the place of the programs that would install and build."""

import os
import re
import shutil
import subprocess

import pytest
from support import SOURCE

STAND_INS = {
    "dpkg-query": '[ -z "$INSTALLED" ] || echo "$INSTALLED installed"',
    "apt-get": 'echo "$@" >>"$CALLS"; exit "$REFUSED"',
    "cmake": "exit 1",
    "id": 'echo "$USER_ID"',
}

OF_LANGUAGES = {"swig", "golang-go", "ruby-dev", "rake", "lua5.4", "luarocks", "python3-dev", "python3-setuptools"}
OF_OTHERS = {"clang", "nodejs", "abigail-tools", "libbenchmark-dev", "groff", "mariadb-server-core", "debootstrap"}
NEEDED = {
    ("run",): {"cmake", "g++", "libcli11-dev", "ninja-build", "nlohmann-json3-dev"},
    ("test", "--only", "c,cli"): {"g++", "libcmocka-dev", "python3-pytest", "nginx", "zsh"},
    ("test", "--only", "go"): {"g++", "libcmocka-dev", "golang-go"},
    ("test", "--only", "python"): {"g++", "python3-dev", "python3-setuptools", "swig"},
    ("test", "--only", "ruby,lua"): {"g++", "ruby-dev", "rake", "lua5.4", "luarocks", "swig"},
    ("release",): {"g++", "git", "lua5.4", "python3-dev", "python3-setuptools", "ruby-dev", "swig"},
}


@pytest.fixture
def dev(tmp_path):
    """Runs ./dev of a copy, and returns how it ended, and the words that apt-get got."""
    shutil.copy(SOURCE / "dev", tmp_path)
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, text in STAND_INS.items():
        (programs / name).write_text(f"#!/bin/sh\n{text}\n")
        (programs / name).chmod(0o755)
    calls = tmp_path / "calls"
    calls.touch()

    def start(*words, **environment):
        given = {"CALLS": str(calls), "REFUSED": "0", "USER_ID": "0", "INSTALLED": "", **environment}
        given["PATH"] = f"{programs}:{os.environ['PATH']}"
        ended = subprocess.run([tmp_path / "dev", *words], env=given, capture_output=True, text=True, timeout=60)
        return ended, [line.split() for line in calls.read_text().splitlines()]

    return start


def packages_of(said):
    (line,) = re.findall(r"^Installing (.+)$", said, re.MULTILINE)
    return line.split()


@pytest.mark.parametrize("words", NEEDED, ids=" ".join)
def test_a_task_installs_what_it_needs_and_no_more(words, dev):
    ended, calls = dev(*words)
    announced = packages_of(ended.stderr)
    assert calls == [["update"], ["install", "-y", "--no-install-recommends", *announced]]
    assert NEEDED[words] <= set(announced)
    assert not ((OF_LANGUAGES | OF_OTHERS) - NEEDED[words]) & set(announced)


def test_the_image_of_the_program_installs_the_same(dev):
    dockerfile = (SOURCE / "src/cli/Dockerfile").read_text()
    (packages,) = re.findall(r"apt-get install -y --no-install-recommends (.+)$", dockerfile, re.MULTILINE)
    assert packages.split() == packages_of(dev("run")[0].stderr)


def test_it_is_said_before_it_happens(dev):
    ended, calls = dev("test", REFUSED="1")
    assert ended.returncode == 1 and calls == [["update"]]
    assert {"g++", "golang-go", "ruby-dev", "lua5.4", "python3-dev"} <= set(packages_of(ended.stderr))


def test_what_is_installed_is_not_named(dev):
    ended, _ = dev("run", INSTALLED="cmake")
    assert "cmake" not in packages_of(ended.stderr)


def test_only_root_installs(dev):
    ended, calls = dev("run", USER_ID="1000")
    assert ended.returncode == 1 and calls == []
    assert re.fullmatch(r"Missing\. As root: apt-get install .*\bninja-build\b.*\n", ended.stderr)


def test_an_unknown_part_installs_nothing(dev):
    ended, calls = dev("test", "--only", "c,cobol")
    assert ended.returncode == 2 and calls == []
    assert ended.stderr == "dev: cobol is not a part: c, cli, go, ruby, lua or python\n"
