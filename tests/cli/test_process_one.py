# SPDX-License-Identifier: MIT
"""The program as process 1 of a container. The system ignores signals to process 1 that it does not
handle."""

import contextlib
import functools
import os
import signal
import subprocess

import pytest

from run_support import serving
from support import PATIENCE, PORTEND, end_of, eventually, handles, port_of, read_line, status_of, target_of

FATAL = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]
NAMESPACES = ["unshare", "-fp", "--mount-proc", "--kill-child"]


@functools.cache
def why_not():
    ended = subprocess.run([*NAMESPACES, "true"], capture_output=True, text=True)
    return ended.stderr.strip() if ended.returncode else ""


pytestmark = pytest.mark.skipif(why_not() != "", reason=f"needs a PID namespace: {why_not()}")


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as children:
        return [int(child) for child in children.read().split()]


def has_name(pid, name):
    with contextlib.suppress(OSError), open(f"/proc/{pid}/comm") as comm:
        return comm.read() == name + "\n"
    return False


def child_of(pid):
    """Returns the first child after it runs the program."""
    children = children_of(pid)
    return children[0] if children and has_name(children[0], "portend") else None


def start_as_process_one(start, *words, **options):
    """Returns the process that made the namespace, and the ID of the program outside of it."""
    outside = start(*NAMESPACES, PORTEND, *words, program=None, **options)
    pid = eventually(lambda: child_of(outside.pid), "the program")
    assert status_of(pid, "NSpid")[-1] == "1"
    eventually(lambda: handles(pid, signal.SIGTERM), "its handlers")
    return outside, pid


@pytest.mark.parametrize("command", [[], ["--", "echo", "ran"]])
@pytest.mark.parametrize("number", FATAL)
def test_a_wait_is_stopped_and_says_why_it_is_not_over(number, command, closed, start):
    outside, pid = start_as_process_one(start, target_of(closed), "occupied", "-v", *command)
    read_line(outside.stderr)
    assert read_line(outside.stderr).startswith("After 0.")
    os.kill(pid, number)
    code, out, err = end_of(outside)
    assert (code, out) == (128 + number, b"")
    assert f"Port {port_of(closed)} not bound on 127.0.0.1. (refused by 127.0.0.1, ".encode() in err


@pytest.mark.parametrize("number", FATAL)
def test_a_watch_is_stopped(number, closed, start):
    outside, pid = start_as_process_one(start, "watch", target_of(closed))
    read_line(outside.stdout)
    os.kill(pid, number)
    assert end_of(outside) == (128 + number, b"", b"")


@pytest.mark.parametrize("number", FATAL)
def test_a_quiet_wait_is_stopped_without_a_word(number, closed, start):
    outside, pid = start_as_process_one(start, target_of(closed), "occupied", "-q")
    os.kill(pid, number)
    assert end_of(outside) == (128 + number, b"", b"")


@pytest.mark.parametrize("words", [["free"], ["reserve"]])
def test_the_command_is_process_one_then_and_has_its_own_signals(words, closed, start):
    """A shell reacts to TERM only with a trap."""
    before = [target_of(closed), *words] if words == ["free"] else words
    script = 'trap "echo stopped; exit 7" TERM; echo $$; while :; do sleep 0.01; done'
    outside = start(*NAMESPACES, PORTEND, *before, "--", "sh", "-c", script, program=None)
    assert read_line(outside.stdout) == "1\n"
    (child,) = children_of(outside.pid)
    os.kill(child, signal.SIGTERM)
    assert end_of(outside) == (7, b"stopped\n", b"")


def test_run_without_a_command_reaps_orphans(start):
    """Such as those that docker exec leaves."""
    _, pid = start_as_process_one(start, "run", "-q", "-s", serving())

    def has_orphan():
        return any(has_name(child, "sleep") for child in children_of(pid))

    subprocess.run(["nsenter", "-t", str(pid), "-p", "-m", "sh", "-c", "sleep 0.3 &"], check=True, timeout=PATIENCE)
    eventually(has_orphan, "the orphan")
    eventually(lambda: not has_orphan(), "the end of the orphan")
