# SPDX-License-Identifier: MIT
"""The program is stopped while it waits for a name server."""

import os
import signal
import subprocess

import pytest

from support import library as portend
from support.dns import NameServer, resolver_files
from kit import eventually

FATAL = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]
WORDS = {
    "wait": ["hanging.test:80", "occupied"],
    "watch": ["watch", "hanging.test:80"],
    "find": ["find", "--host", "hanging.test"],
    "reserve": ["reserve", "--host", "hanging.test", "--", "echo", "ran"],
}
NAMESPACES = ["unshare", "-fp", "--mount-proc", "--kill-child"]


def descendant(pid, depth):
    """Returns the descendant at this depth, when it exists."""
    for _ in range(depth):
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as children:
            pid = (children.read().split() or [0])[0]
        if not pid:
            return None
    return int(pid)


def stop(command, number, depth):
    """Stops the program after it has asked for the name. Returns its return code and output."""
    resolver_files()
    names = NameServer()  # never answers
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen(command, **options, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    assert eventually(lambda: names.times_asked("hanging.test") > 0, within=30)
    os.kill(descendant(process.pid, depth), number)
    out, err = process.communicate(timeout=30)
    return process.returncode, out, err


@pytest.mark.parametrize("number", FATAL)
@pytest.mark.parametrize("verb", WORDS)
def test_it_ends_by_the_signal(verb, number):
    code, out, err = stop([portend.PROGRAM, *WORDS[verb]], number, 0)
    assert (code, out) == (-number, "")
    assert err == ("Port 80 not bound on hanging.test. (no answer yet)\n" if verb == "wait" else "")


@pytest.mark.parametrize("number", FATAL)
@pytest.mark.parametrize("verb", WORDS)
def test_process_one_exits_as_a_shell_would(verb, number):
    code, out, err = stop([*NAMESPACES, portend.PROGRAM, *WORDS[verb]], number, 1)
    assert (code, out) == (128 + number, "")
    assert err == ("Port 80 not bound on hanging.test. (no answer yet)\n" if verb == "wait" else "")
