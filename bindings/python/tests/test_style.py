# SPDX-License-Identifier: MIT
"""Runs the linters of Debian."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support import run_python, source_folder


def tool(name: str, *arguments: str, cwd: Path = source_folder()) -> None:
    if run_python("-m", name, "--version").returncode != 0:
        pytest.skip(f"{name} is not installed")
    said = run_python("-m", name, *arguments, cwd=cwd)
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sources. mypy remembers there what it knows of the standard
    library, which takes it most of its time."""
    folder = tmp_path_factory.mktemp("package")
    shutil.copytree(source_folder() / "portend", folder / "portend")
    return folder


STRICT = ["--strict", "--cache-dir", "cache"]


def test_mypy_finds_nothing(package: Path) -> None:
    tool("mypy", *STRICT, "portend", cwd=package)


USE = """
import asyncio
from datetime import timedelta
import portend
from portend import aio

portend.occupied("localhost", 80, timeout=timedelta(seconds=3))
portend.free("localhost", "http", timeout=None)
number: int = portend.find_port()
for event in portend.watch(["db:80", ("db", 81)]):
    print(event.target.host, event.state is portend.State.FREE)
with portend.Finder(prefer=[1]).reserve() as reservation:
    reservation.sockets()[0].listen()
asyncio.run(aio.wait_all(["db:80"], 3))
portend.occupied("localhost", 80.5)  # error
portend.client_host(80)  # error
"""


def test_the_types_are_there_for_programs(package: Path) -> None:
    (package / "program.py").write_text(USE)
    if run_python("-m", "mypy", "--version").returncode != 0:
        pytest.skip("mypy is not installed")
    said = run_python("-m", "mypy", *STRICT, "program.py", cwd=package)
    wrong = {
        number
        for number, line in enumerate(USE.split("\n"), 1)
        if line.endswith("# error")
    }
    problems = [line for line in said.stdout.split("\n") if ": error:" in line]
    assert {int(line.split(":")[1]) for line in problems} == wrong, said.stdout


def test_black_changes_nothing() -> None:
    tool("black", "--check", "--quiet", ".")


def test_flake8_finds_nothing() -> None:
    tool("flake8", ".")
