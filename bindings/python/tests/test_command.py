# SPDX-License-Identifier: MIT
"""``python -m portend``."""

from __future__ import annotations

import time
from typing import Any

import portend
import pytest
from kit import Port, Stopwatch
from support import NO_NAME, after, run_python, message_of_c


def run(*arguments: str) -> tuple[int, str, str]:
    done = run_python("-m", "portend", *arguments)
    return done.returncode, done.stdout, done.stderr


SILENT_SUCCESS = (0, "", "")


def test_success_says_nothing(server: int, closed: int) -> None:
    assert run(f"localhost:{server}", "occupied") == SILENT_SUCCESS
    assert run(f"[::1]:{closed}", "free", "-t", "5") == SILENT_SUCCESS


def test_a_timeout_says_so_on_stderr(server: int, closed: int) -> None:
    code, out, err = run(f"127.0.0.1:{closed}", "occupied", "-t", "0")
    assert (code, out) == (1, "")
    assert err == message_of_c("occupied", b"127.0.0.1", closed, 0) + "\n"
    code, out, err = run(f"localhost:{server}", "free", "--timeout", "0.1")
    assert (code, out) == (1, "")
    assert err.startswith(f"Port {server} not free on localhost.")


@pytest.mark.parametrize(
    "option", [["-t", "0"], ["-t0"], ["--timeout=0"], ["--time=0"]]
)
def test_options_stand_anywhere(option: list[str], closed: int) -> None:
    words = [f"localhost:{closed}", "occupied"]
    for place in range(3):
        arguments = words[:place] + option + words[place:]
        assert run(*arguments)[0] == 1, arguments


def test_without_a_timeout_it_waits_forever(port: Port) -> None:
    watch = Stopwatch()
    with after(0.5, port.listen):
        assert run(f"localhost:{port.number}", "occupied") == SILENT_SUCCESS
    assert watch.seconds >= 0.5


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["localhost:80"],
        ["localhost:80", "sys"],
        ["localhost:80", "platform"],
        ["localhost:80", "Timeout"],
        ["localhost", "free"],
        ["localhost:70000", "free"],
        ["localhost:http", "free"],
        ["::1:80", "free"],
        [":80", "free"],
        ["localhost:80", "free", "-t", "soon"],
    ],
)
def test_usage_errors_are_2(arguments: list[str]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("usage: portend ")
    assert "Traceback" not in err


def test_a_name_that_does_not_exist_is_3() -> None:
    code, out, err = run(f"{NO_NAME}:80", "free")
    assert (code, out) == (3, "")
    assert err == message_of_c("free", NO_NAME.encode(), 80, -1) + "\n"


def test_help_goes_to_stdout() -> None:
    code, out, err = run("--help")
    assert (code, err) == (0, "")
    for word in ("host:port", "state", "--timeout", "Exit codes"):
        assert word in out


def test_the_function_that_programs_call(closed: int, capsys: Any) -> None:
    address = portend.HostPort.from_addr(("::1", closed))
    portend._main([address, "free"])
    with pytest.raises(SystemExit) as end:
        portend._main([address, "occupied", "-t", ".1"])
    assert end.value.code == 1
    assert f"Port {closed} not bound on ::1." in capsys.readouterr().err


def test_it_starts_quickly(closed: int) -> None:
    """It must not import asyncio and other large modules."""
    code = "import portend, sys; print('asyncio' in sys.modules, 'ssl' in sys.modules)"
    began = time.monotonic()
    assert run_python("-c", code).stdout == "False False\n"
    assert time.monotonic() - began < 10
