# SPDX-License-Identifier: MIT
"""A wait in a foreign event loop, which does other work meanwhile."""

import re

import pytest
from support import COMPILED, EXAMPLES, PATIENCE, needs, run

FOLDER = EXAMPLES / "event-loops"
DELAY_MS = 150


def lacks(*command):
    """Returns why a library of a language cannot be used; nothing if it can."""
    try:
        return run(command).returncode != 0
    except FileNotFoundError:
        return True


def needs_module(*command, name):
    return pytest.mark.skipif(lacks(*command), reason=f"{name} is not installed")


LOOPS = [
    pytest.param([COMPILED / "example_libuv"], 1, id="libuv"),
    pytest.param(["python3", "asyncio_service.py"], 2, id="asyncio", marks=needs("python")),
    pytest.param(
        ["python3", "trio_service.py"],
        1,
        id="trio",
        marks=[needs("python"), needs_module("python3", "-c", "import trio", name="python3-trio")],
    ),
    pytest.param(
        ["lua5.4", "luv_wait.lua"],
        1,
        id="luv",
        marks=[needs("lua"), needs_module("lua5.4", "-e", "require 'luv'", name="lua-luv")],
    ),
    pytest.param(
        ["lua5.4", "cqueues_wait.lua"],
        1,
        id="cqueues",
        marks=[needs("lua"), needs_module("lua5.4", "-e", "require 'cqueues'", name="lua-cqueues")],
    ),
]


@pytest.mark.parametrize("command, count", LOOPS)
def test_the_loop_continues_during_a_wait(command, count, servers, start):
    ports = [servers() for _ in range(count)]
    process = start([*command, *(f"127.0.0.1:{port.number}" for port in ports)], cwd=FOLDER)
    assert process.stdout.readline() == "waiting\n"
    for port in ports:
        port.kit.tell("after", DELAY_MS, "listen", port.socket)
    out, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert int(re.search(r"\d+", out)[0]) >= 1, out


def test_a_target_that_is_none_is_an_error():
    ended = run([COMPILED / "example_libuv", "no target"])
    assert ended.returncode == 2 and "no target" in ended.stderr
