# SPDX-License-Identifier: MIT
"""Runs a command with a redis: by `portend run`, and by hand (find a port, start the server, and connect
every millisecond until that works)."""

import os
import shutil
import socket
import subprocess
import sys
import time

from measuring import SKIPPED, Samples, Table, own_network, require, rounds

PORTEND = os.environ["PORTEND"]
OPTIONS = "--save '' --appendonly no --loglevel warning"


def began(command, **environment):
    """Returns when the command has run, in milliseconds."""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=os.environ | environment)
    return time.monotonic_ns() / 1e6


def clock(words):
    """Returns when a command after these words runs."""
    command = [*words, sys.executable, "-S", "-c", "import time; print(time.monotonic_ns() / 1e6)"]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def by_hand():
    start = time.monotonic_ns() / 1e6
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    server = subprocess.Popen(
        ["sh", "-c", f"exec redis-server --port {port} {OPTIONS}"], stdout=subprocess.DEVNULL
    )
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except ConnectionRefusedError:
            require(server.poll() is None, "redis-server has ended")
            time.sleep(0.001)
    took = began(["true"], PORT=str(port)) - start
    server.kill()
    server.wait()
    return took


def by_run():
    start = time.monotonic_ns() / 1e6
    line = f"exec redis-server --port $PORT {OPTIONS}"
    return clock([PORTEND, "run", "-q", "-s", line, "--"]) - start


def interpreter():
    """Returns how much longer the command of by_run takes than `true`."""
    start = time.monotonic_ns() / 1e6
    ended = clock([])
    plain = time.monotonic_ns() / 1e6
    return (ended - start) - (began(["true"]) - plain)


def main():
    own_network()
    if shutil.which("redis-server") is None:
        print("skipped: redis-server is not there")
        return sys.exit(SKIPPED)
    samples = Samples()
    for _ in range(rounds(40)):
        samples.add("hand", by_hand())
        samples.add("run", by_run())
        samples.add("interpreter", interpreter())
    run = samples("run") - samples("interpreter")
    table = Table("a command with a redis", "ms")
    table.note("until the command runs", run, "by hand", samples("hand"))
    table.at_most("added by run", max(run - samples("hand"), 0), 15)
    return table.show()


main()
