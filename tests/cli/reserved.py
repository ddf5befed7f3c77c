# SPDX-License-Identifier: MIT
"""Commands that tests run under `portend reserve`, and their reports."""

import json
import socket
import subprocess
import sys

from support import read_line

PYTHON = sys.executable

# Reports its environment and descriptors, and runs until its stdin is closed.
TELL = """
import json, os, socket, stat, sys
numbers = sorted(int(each) for each in os.listdir("/proc/self/fd"))
kinds = {}
for number in numbers:
    try:
        kinds[number] = stat.S_IFMT(os.fstat(number).st_mode)
    except OSError:
        pass  # the descriptor of the folder itself
sockets = {}
for number, kind in kinds.items():
    if kind != stat.S_IFSOCK:
        continue
    each = socket.socket(fileno=os.dup(number))
    sockets[number] = {
        "address": each.getsockname()[:2],
        "listens": each.type == socket.SOCK_STREAM and each.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN),
        "udp": each.type == socket.SOCK_DGRAM,
        "blocking": os.get_blocking(number),
    }
print(json.dumps({
    "pid": os.getpid(),
    "environment": {key: value for key, value in os.environ.items() if "PORT" in key or key.startswith("LISTEN_")
                    or key == "MARK"},
    "sockets": sockets,
    "descriptors": sorted(kinds),
}), flush=True)
sys.stdin.read()
"""


class Told:
    """The report of such a command."""

    def __init__(self, process):
        told = json.loads(read_line(process.stdout))
        self.process = process
        self.pid = told["pid"]
        self.environment = told["environment"]
        self.descriptors = told["descriptors"]
        self.sockets = {int(number): each for number, each in told["sockets"].items()}
        self.ports = [int(port) for port in self.environment["PORTS"].split()]

    @property
    def port(self):
        (port,) = self.ports
        return port


def tell(start, *words, **options):
    """Starts a command that reports what it got, and keeps it until its stdin is closed."""
    return Told(start("reserve", *words, "--", PYTHON, "-c", TELL, stdin=subprocess.PIPE, **options))


def connected(port, host="127.0.0.1"):
    try:
        return socket.create_connection((host, port))
    except ConnectionRefusedError:
        return None
