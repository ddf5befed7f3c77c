# SPDX-License-Identifier: MIT
from __future__ import annotations

import errno
import re
import socket

import portend
import pytest
from portend import _native
from portend._errors import failure
from support import library, run_python, source_folder

HEADER = source_folder() / "../../include/portend/status.h"


def test_p38_the_version_is_that_of_c() -> None:
    numbers = re.findall(
        r"define PORTEND_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", HEADER.read_text()
    )
    assert len(numbers) == 3
    assert portend.__version__ == ".".join(numbers)
    assert portend.__version__ == library().portend_version().decode()


def test_p38_the_package_has_the_version_of_the_library() -> None:
    project = (source_folder() / "pyproject.toml").read_text()
    assert f'\nversion = "{portend.__version__}"\n' in project


def statuses() -> dict[str, int]:
    """The statuses in the header."""
    found = re.findall(r"  PORTEND_(ERR_\w+) = (-\d+)", HEADER.read_text())
    return {name: int(value) for name, value in found}


def test_p41_every_status_of_c_is_there() -> None:
    ours = {name: getattr(_native, name) for name in dir(_native) if name[:4] == "ERR_"}
    assert ours == statuses()
    assert len(ours) == 11


def test_p41_every_status_is_a_distinct_error() -> None:
    kinds = set()
    for status in statuses().values():
        error = failure(status, "The system refused: it (errno 24).")
        kinds.add((type(error), getattr(error, "errno", None)))
        assert "The system refused" in str(error)
    assert len(kinds) == len(statuses())


def test_p41_a_status_of_a_later_version_is_an_error_too() -> None:
    error = failure(-99, "")
    assert type(error) is RuntimeError
    assert str(error) == _native.strerror(-99)


def test_p41_errors_are_what_python_programs_catch() -> None:
    for kind in (
        portend.Timeout,
        portend.PortNotFree,
        portend.NoPort,
        portend.Canceled,
        portend.ProcessGone,
    ):
        assert kind.__bases__ == (TimeoutError if kind is portend.Timeout else OSError,)
        assert kind.__module__ == "portend"
    assert type(failure(_native.ERR_RESOLVE, "x")) is socket.gaierror
    assert type(failure(_native.ERR_SYSTEM, "x", errno.EACCES)) is PermissionError


def test_p41_what_the_system_refuses_keeps_its_errno(closed: int) -> None:
    code = f"""if 1:
        import portend, resource, socket
        made = [socket.socket()]
        top = made[0].fileno() + 1
        resource.setrlimit(resource.RLIMIT_NOFILE, (top, top))
        for call in (portend.free, portend.occupied, portend.Checker().assert_free):
            try:
                call("127.0.0.1", {closed})
            except OSError as error:
                print(type(error).__name__, error.errno)
        resource.setrlimit
        made.pop().close()
    """
    said = run_python("-c", code)
    assert said.stdout.split("\n")[:3] == [f"OSError {errno.EMFILE}"] * 3, said.stderr


def test_the_stub_names_what_the_native_part_has() -> None:
    stub = (source_folder() / "portend/_native.pyi").read_text()
    for kind in re.split(r"\nclass ", stub)[1:]:
        name = re.match(r"\w+", kind)[0]  # type: ignore[index]
        described = set(re.findall(r"def (\w+)\(", kind)) - {"__init__"}
        swig = set("acquire append disown own this thisown next".split())
        assert {
            member
            for member in dir(getattr(_native, name))
            if not member.startswith("_") and member not in swig - described
        } == described
    plain = set(re.findall(r"^(?:def )?(\w+)[:(]", stub, re.M)) - {"class"}
    assert {name for name in dir(_native) if name[0] != "_" and name != "Native"} == (
        plain | set(re.findall(r"^class (\w+)", stub, re.M))
    )


@pytest.mark.parametrize("name", portend.__all__)
def test_everything_public_is_documented(name: str) -> None:
    assert getattr(portend, name).__doc__
    assert getattr(portend, name).__module__ == "portend"
