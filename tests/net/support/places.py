# SPDX-License-Identifier: MIT
"""Ports with or without servers, and threads that act while a test waits."""

import contextlib
import os
import threading

import kit


def bound(address="127.0.0.1", port=0, reuse=True):
    """A socket that keeps a port and does not listen: connections are refused."""
    return kit.bound(address, port, reuse=reuse)


def listening(address="127.0.0.1", port=0, reuse=True):
    return kit.listening(address, port, reuse)


def unused_port(address="127.0.0.1"):
    with bound(address) as held:
        return kit.port_of(held)


def connections(server):
    """Accepts and closes all waiting connections. Returns their number."""
    server.setblocking(False)
    count = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            server.accept()[0].close()
            count += 1
    return count


class Aside(threading.Thread):
    """Runs a function in a thread. `result()` returns its result, or raises its exception."""

    def __init__(self, function, *arguments):
        super().__init__(daemon=True)
        self._work = lambda: function(*arguments)
        self._outcome = None
        self._failure = None
        self.start()

    def run(self):
        try:
            self._outcome = self._work()
        except BaseException as failure:
            self._failure = failure

    def is_over(self, within):
        self.join(within)
        return not self.is_alive()

    def result(self, within=30):
        self.join(within)
        assert not self.is_alive(), "the thread hangs"
        if self._failure:
            raise self._failure
        return self._outcome


def descriptors():
    """Returns the open files as a sorted list."""
    found = []
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            found.append(os.readlink("/proc/self/fd/" + name))
    return sorted(entry for entry in found if not entry.startswith("/proc/"))
