# SPDX-License-Identifier: MIT
"""Measures how much longer a wait that is satisfied at once takes in Python than in C.

    export PYTHONPATH=build/dev/bindings/python
    export PORTEND_LIBRARY=build/dev/src/libportend.so
    python3 bindings/python/bench/overhead.py

The calls alternate, and the fastest tenth of each is reported: other activity of the
machine makes a call slower, and never faster.
"""

from __future__ import annotations

import ctypes
import os
import socket
import statistics
import time
from typing import Callable

import portend

ROUNDS = 5000


def seconds_of(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def fastest_tenth(times: list[float]) -> float:
    return statistics.quantiles(times, n=10)[0]


def calls(port: int) -> dict[str, Callable[[], object]]:
    c = ctypes.CDLL(os.environ["PORTEND_LIBRARY"])
    c.portend_occupied.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_int64]
    waiter = portend.Waiter()
    waiter.occupied("127.0.0.1", port)
    return {
        "ctypes itself": c.portend_version,
        "C: portend_occupied": lambda: c.portend_occupied(b"127.0.0.1", port, 1000),
        "portend.occupied": lambda: portend.occupied("127.0.0.1", port, 1),
        "Waiter.wait_all, made once": lambda: waiter.wait_all(1),
    }


def main() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as server:
        server.setblocking(False)
        measured = calls(server.getsockname()[1])
        rounds: dict[str, list[float]] = {name: [] for name in measured}
        for _ in range(ROUNDS):
            for name, call in measured.items():
                rounds[name].append(seconds_of(call))
                take_all(server)
        tell({name: fastest_tenth(times) * 1e6 for name, times in rounds.items()})


def take_all(server: socket.socket) -> None:
    """Accept connections that were reset before they were accepted."""
    try:
        while True:
            server.accept()[0].close()
    except BlockingIOError:
        pass


def tell(microseconds: dict[str, float]) -> None:
    own, c, *others = microseconds.values()
    print(f"{'C: portend_occupied':<30}{c - own:8.1f} us")
    for name, taken in zip(list(microseconds)[2:], others):
        print(f"{name:<30}{taken:8.1f} us{taken - c + own:+8.1f} us above it")


if __name__ == "__main__":
    main()
