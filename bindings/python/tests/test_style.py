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


def test_mypy_finds_nothing(tmp_path: Path) -> None:
    shutil.copytree(source_folder() / "portend", tmp_path / "portend")
    tool(
        "mypy", "--strict", "--cache-dir", f"{tmp_path}/cache", "portend", cwd=tmp_path
    )


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


def test_the_types_are_there_for_programs(tmp_path: Path) -> None:
    shutil.copytree(source_folder() / "portend", tmp_path / "portend")
    (tmp_path / "program.py").write_text(USE)
    arguments = ["--strict", "--cache-dir", f"{tmp_path}/cache", "program.py"]
    if run_python("-m", "mypy", "--version").returncode != 0:
        pytest.skip("mypy is not installed")
    said = run_python("-m", "mypy", *arguments, cwd=tmp_path)
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
