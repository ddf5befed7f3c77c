# SPDX-License-Identifier: MIT
"""A thousand targets in one command: the messages do not take longer than the wait."""

import contextlib
import os
import resource
import socket
import time

import pytest

from support import PATIENCE, PORTABLE, run

COUNT = 1000
TIMEOUT = 1

# The allowed factor on a busy machine. A separate search for the owner of each target took ten times the
# timeout.
BUSY = 6


@pytest.fixture(scope="module")
def listeners():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < COUNT + 100:
        pytest.skip(f"needs {COUNT + 100} descriptors, and may have {hard}")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(before[0], COUNT + 100), hard))
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1] for _ in range(COUNT)]
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def wait_for_all(listeners, *options):
    began = time.monotonic()
    ended = run(*[f"127.0.0.1:{port}" for port in listeners], "free", "-t", TIMEOUT, *options, timeout=PATIENCE)
    assert ended.returncode == 1 and ended.stdout == ""
    assert TIMEOUT <= time.monotonic() - began < TIMEOUT + BUSY
    return ended.stderr.splitlines()


def test_the_message_keeps_the_deadline(listeners):
    lines = wait_for_all(listeners)
    assert len(lines) == COUNT
    assert [line.split(" not free on ")[0] for line in lines] == [f"Port {port}" for port in listeners]
    if not PORTABLE:
        assert all(f"pid {os.getpid()}, listens on 127.0.0.1" in line for line in lines)


def test_no_message_is_made_for_nothing(listeners):
    assert wait_for_all(listeners, "-q") == []
