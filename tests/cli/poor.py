# SPDX-License-Identifier: MIT
"""Checks that must hold in every environment. Run it inside: python3 poor.py PROGRAM up|down (loopback)."""

import os
import socket
import subprocess
import sys

PROGRAM, LOOPBACK = sys.argv[1:]


def ends(code, *arguments):
    """Returns the output of the program, which must end with this code; a failure must have a message."""
    ended = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=60)
    assert ended.returncode == code, (arguments, ended)
    assert (ended.stderr == "") == (code == 0), (arguments, ended)
    return ended.stdout + ended.stderr


def check():
    with socket.socket() as held, socket.socket() as listener:
        held.bind(("127.0.0.1", 0))
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        closed, busy = (f"localhost:{each.getsockname()[1]}" for each in (held, listener))
        up = LOOPBACK == "up"
        ends(0 if up else 1, busy, "occupied", "-t", 20 if up else 0.3)
        ends(1 if up else 0, busy, "free", "-t", 0.3 if up else 20)
        ends(0, closed, "free", "-t", 20)
        assert " not bound on localhost. (" in ends(1, closed, "occupied", "-t", 0.3)
        assert 0 < int(ends(0, "find")) < 65536
        assert ends(0, "reserve", "--", "sh", "-c", "echo $PORT").strip().isdigit()
        who = subprocess.run([PROGRAM, "who", str(listener.getsockname()[1])], capture_output=True, text=True, timeout=60)
        assert (who.returncode, str(listener.getsockname()[1]) in who.stdout) == (0, True), who
        assert ("/proc is not mounted" in who.stderr) == (not os.path.exists("/proc/self")), who


check()
