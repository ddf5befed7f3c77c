# SPDX-License-Identifier: MIT
"""The kit (README.md) for tests in Python: sockets in another process, and helpers."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import threading
import time
from typing import Any, Callable

import pytest

KIT = os.environ["PORTEND_KIT"]
SILENT_HOST = "10.66.0.9"
SKIPPED = 77


class Kit:
    """One process, started in the network of the calling thread. Threads may use it concurrently."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process = subprocess.Popen([KIT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.pid = self._process.pid

    def tell(self, *words: Any) -> str:
        assert self._process.stdin and self._process.stdout
        with self._lock:
            print(*words, file=self._process.stdin, flush=True)
            word, _, answer = self._process.stdout.readline().rstrip("\n").partition(" ")
        if word != "ok":
            raise OSError(getattr(errno, answer, 0), answer)
        return answer

    def hold(self, address: str = "127.0.0.1", port: int = 0, *how: str) -> Port:
        return Port(self, address, port, *how)

    def ended(self) -> int | None:
        return self._process.poll()

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


class Port:
    """A socket of the kit. It listens and closes on request."""

    def __init__(self, kit: Kit, address: str, port: int, *how: str) -> None:
        self.kit = kit
        self.socket, self.number = map(int, kit.tell("hold", address, port, *how).split())

    def __enter__(self) -> Port:
        return self

    def __exit__(self, *_: object) -> None:
        self.tell("release")

    def tell(self, command: str, *words: Any) -> str:
        return self.kit.tell(command, self.socket, *words)

    def listen(self) -> Port:
        self.tell("listen")
        return self

    def close(self) -> None:
        self.tell("close")


def port_server(kit: Kit, path: str, answer: Any) -> Port:
    """A port server (portend/find.h) with a constant answer; its socket tells what it received."""
    server = kit.hold(path, 0).listen()
    server.tell("serve", "answer", answer)
    return server


def in_silence(*command: str) -> list[str]:
    """The command, in a network where SILENT_HOST never answers. Skips the test if there cannot be one."""
    refused = refusal("silent")
    if refused:
        pytest.skip(refused)
    return [KIT, "network", "silent", *command]


def refusal(*kind: str) -> str:
    """Why the test cannot have its own network."""
    probe = subprocess.run([KIT, "network", *kind, "true"], stderr=subprocess.PIPE, text=True)
    return probe.stderr.strip().removeprefix("skipped: ") if probe.returncode == SKIPPED else ""


def refusal_of_namespaces() -> str:
    """Why the test cannot have its own network, processes and mounts. After chroot(8), no mount is private."""
    if os.geteuid() != 0:
        return "only root can make namespaces"
    probe = subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], stderr=subprocess.PIPE, text=True)
    return refusal() or probe.stderr.strip()


def bound(address: str = "127.0.0.1", port: int = 0, kind: int = socket.SOCK_STREAM, reuse: bool = False) -> Any:
    """A socket of this process that keeps a port and does not listen: connections are refused."""
    held = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, kind)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, reuse)
    held.bind((address, port))
    return held


def listening(address: str = "127.0.0.1", port: int = 0, reuse: bool = False) -> Any:
    server = bound(address, port, reuse=reuse)
    server.listen()
    return server


def port_of(held: Any) -> int:
    return held.getsockname()[1]


def eventually(condition: Callable[[], Any], within: float = 20) -> Any:
    """Waits until the condition is true, and returns its result. The time limit does not affect the
    polling."""
    watch = Stopwatch()
    while not (result := condition()) and watch.seconds < within:
        time.sleep(0.005)
    return result


class Stopwatch:
    def __init__(self) -> None:
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    @property
    def ms(self) -> float:
        return self.seconds * 1000


def pytest_sessionfinish(session: Any, exitstatus: int) -> None:
    """For a conftest.py: counts a file of which every test was skipped as skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus == 0 and not reporter.stats.get("passed"):
        session.exitstatus = SKIPPED


def threads() -> int:
    return len(os.listdir("/proc/self/task"))
