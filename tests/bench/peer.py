# SPDX-License-Identifier: MIT
"""Debian's python3-portend, with the same commands as waiter.cpp; and "find COUNT", which prints the
processor time of finding a port, in nanoseconds. Run it by python3 -I."""

import sys
import time

import portend

DEBIAN = "/usr/lib/python3/dist-packages/"
FOREVER = float("inf")


def wait(state, host, port, timeout_ms, _interval):
    call = {"occupied": portend.occupied, "free": portend.free}[state]
    cpu, began = time.process_time_ns(), time.monotonic_ns()
    try:
        call(host, int(port), timeout=FOREVER if timeout_ms == "-1" else int(timeout_ms) / 1000)
        status = 0
    except OSError:  # portend.Timeout, or a failure to look a name up
        status = -1
    ended = time.monotonic_ns()
    return f"{status} {began} {ended} {time.process_time_ns() - cpu}"


def find(count):
    cpu = time.process_time_ns()
    for _ in range(int(count)):
        portend.find_available_local_port()
    return str((time.process_time_ns() - cpu) // int(count))


def main():
    if not portend.__file__.startswith(DEBIAN):
        sys.exit(f"this is not Debian's python3-portend: {portend.__file__}")
    for line in sys.stdin:
        words = line.split()
        print(find(words[1]) if words[0] == "find" else wait(*words), flush=True)


if __name__ == "__main__":
    main()
