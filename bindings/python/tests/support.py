# SPDX-License-Identifier: MIT
"""What the tests hold ports, time and C with."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest

PACKAGE_PATH = os.environ["PYTHONPATH"].split(os.pathsep)[0]


#: A name that does not exist, and that no name server is asked for: a label is empty.
NO_NAME = "nobody..invalid"


class Port:
    """A port of 127.0.0.1 and ::1 that is held, and listens when it is told to."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET6)
        self._socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        self._socket.bind(("::", 0))
        self.number: int = self._socket.getsockname()[1]

    def listen(self) -> Port:
        self._socket.listen(1024)
        return self

    def close(self) -> None:
        self._socket.close()

    def again(self) -> None:
        """Hold and listen anew after close."""
        self._socket = socket.socket(socket.AF_INET6)
        self._socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("::", self.number))
        self._socket.listen(1024)


@contextlib.contextmanager
def held() -> Iterator[Port]:
    port = Port()
    with contextlib.closing(port):
        yield port


@contextlib.contextmanager
def after(delay: float, action: Callable[[], Any]) -> Iterator[None]:
    """Does something in another thread while the body waits."""
    timer = threading.Timer(delay, action)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


class Stopwatch:
    def __init__(self) -> None:
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began


def library() -> ctypes.CDLL:
    """The C library itself, without the package."""
    c = ctypes.CDLL(os.environ["PORTEND_LIBRARY"])
    for name in ("last_error", "version", "strerror", "waiter_message"):
        getattr(c, "portend_" + name).restype = ctypes.c_char_p
    for name in ("occupied", "free", "assert_free"):
        call = getattr(c, "portend_" + name)
        call.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_int64]
    return c


def sentence_of_c(call: str, *arguments: Any) -> str:
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


def start_python(code: str, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )


def fds() -> int:
    return len(os.listdir("/proc/self/fd"))


def threads() -> int:
    return len(os.listdir("/proc/self/task"))


def wait_until(condition: Callable[[], bool], limit: float = 20) -> None:
    watch = Stopwatch()
    while not condition():
        assert watch.seconds < limit, "the condition never came"
        time.sleep(0.005)


@contextlib.contextmanager
def handler(signum: int, function: Callable[..., Any]) -> Iterator[None]:
    previous = signal.signal(signum, function)
    try:
        yield
    finally:
        signal.signal(signum, previous)


def source_folder() -> Path:
    return Path(__file__).resolve().parent.parent


# Where nobody answers: a network of its own, whose only way out leads nowhere.
_SILENCE = """
ip link set lo up
ip link add silence type veth peer name nowhere
ip link set nowhere up
ip link set silence up arp off
ip address add 10.0.0.1/24 dev silence
exec "$0" -c "$1"
"""
SILENT_HOST = "10.0.0.2"


def start_where_nobody_answers(code: str) -> subprocess.Popen[str]:
    """Skips, where no network can be made."""
    if os.geteuid() != 0:
        pytest.skip("only root can make a network namespace")
    command = ["unshare", "-n", "sh", "-e", "-c", _SILENCE, sys.executable, code]
    return subprocess.Popen(
        command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
