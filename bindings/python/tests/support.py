# SPDX-License-Identifier: MIT
"""Helpers of the tests: ports, time and the C library."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Callable, Iterator

from kit import Kit, Port, in_silence

PACKAGE_PATH = os.environ["PYTHONPATH"].split(os.pathsep)[0]


# #: A name that does not exist. No name server is asked for it: a label is empty.
NO_NAME = "no..such.host"

#: Whether the socket table is not used.
BY_CONNECTING = os.environ.get("PORTEND_PROBE") == "connect"


KIT = Kit()


def held(address: str = "::", *how: str) -> Port:
    """A port of 127.0.0.1 and ::1 that the kit keeps bound. It listens on request."""
    return KIT.hold(address, 0, *(how or ("dual", "kept")))


@contextlib.contextmanager
def after(delay: float, action: Callable[[], Any]) -> Iterator[None]:
    """Run an action in another thread while the body waits."""
    timer = threading.Timer(delay, action)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def library() -> ctypes.CDLL:
    """The C library itself, without the package."""
    c = ctypes.CDLL(os.environ["PORTEND_LIBRARY"])
    for name in ("last_error", "version", "strerror", "waiter_message"):
        getattr(c, "portend_" + name).restype = ctypes.c_char_p
    for name in ("occupied", "free", "assert_free"):
        call = getattr(c, "portend_" + name)
        call.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_int64]
    return c


def message_of_c(call: str, *arguments: Any) -> str:
    c = library()
    assert getattr(c, "portend_" + call)(*arguments) < 0
    return c.portend_last_error().decode()


def run_python(
    *arguments: str, env: dict[str, str] | None = None, **options: Any
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=60,
        env={**os.environ, **(env or {})},
        **options,
    )


def start_python(code: str, silent: bool = False) -> subprocess.Popen[str]:
    """Run the code; on request in a network where SILENT_HOST never answers."""
    command = [sys.executable, "-c", code]
    return subprocess.Popen(
        in_silence(*command) if silent else command,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def fds() -> int:
    return len(os.listdir("/proc/self/fd"))


@contextlib.contextmanager
def handler(signum: int, function: Callable[..., Any]) -> Iterator[None]:
    previous = signal.signal(signum, function)
    try:
        yield
    finally:
        signal.signal(signum, previous)


def source_folder() -> Path:
    return Path(__file__).resolve().parent.parent
