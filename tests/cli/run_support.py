# SPDX-License-Identifier: MIT
"""Servers for `portend run`, and checks for their processes."""

import os
import shlex
import sys
import time

from support import PATIENCE

SERVER = """
import os, signal, socket, sys, time
{before}
server = socket.create_server(("127.0.0.1", {port}))
{after}
while True:
    time.sleep(60)
"""
OWN_PORT = "int(os.environ['PORT'])"

# For bash: asks the server to continue, and waits until it closes. For the server: waits for that. If only
# connecting shows whether the server listens, it also gets connections without a request.
MEET = "exec 3<>/dev/tcp/127.0.0.1/$PORT; echo >&3; cat <&3"
MET = "any(server.accept()[0].recv(1) for _ in iter(int, 1))"


def serving(before="", after="", port=OWN_PORT, note="$PORT"):
    """A line for -s: a server in Python. The line mentions its variable, so that only that port counts."""
    script = SERVER.format(before=before, after=after, port=port)
    return f"exec {shlex.quote(sys.executable)} -c {shlex.quote(script)} {note}"


def running(marker):
    """The processes with this in their command line."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                words = file.read()
        except OSError:
            continue
        if marker.encode() in words and int(pid) != os.getpid():
            found.append(int(pid))
    return found


def assert_gone(marker):
    deadline = time.monotonic() + PATIENCE
    while running(marker):
        assert time.monotonic() < deadline, running(marker)
        time.sleep(0.01)
