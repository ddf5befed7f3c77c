# SPDX-License-Identifier: MIT
"""Helpers of the program's tests."""

import os
import select
import shutil
import subprocess
import tempfile
import time

import kit
import pytest
from kit import bound, listening, port_of  # noqa: F401 (for the tests)

PORTEND = os.environ["PORTEND"]

# Longer than any machine needs; a test that reaches it has failed.
PATIENCE = 60

# The resolver itself refuses an empty label, without asking a name server.
NO_SUCH_HOST = "no..such..host"

PORTABLE = "PORTEND_PORTABLE" in os.environ

needs_own_network = pytest.mark.skipif(
    "PORTEND_OWN_NETWORK" not in os.environ, reason="needs a network namespace of its own"
)
needs_silent_host = pytest.mark.skipif(
    "PORTEND_SILENT_HOST" not in os.environ, reason="needs a network of its own, with a host that is silent"
)
needs_socket_table = pytest.mark.skipif(
    PORTABLE, reason="the portable build has no means to tell who listens"
)
# A user namespace that an ordinary user made has no other users.
ALONE = all(line.split()[2] == "1" for line in open("/proc/self/uid_map"))
def refused(*command):
    """Whether a way to run a program is refused, for example in a container."""
    return subprocess.run([*command, "true"], capture_output=True).returncode != 0


needs_process_namespace = pytest.mark.skipif(
    refused("unshare", "--pid", "--fork", "--mount-proc"),
    reason="a process namespace is refused, as without root, in a container or after chroot(8)",
)
needs_every_signal = pytest.mark.skipif(
    os.environ.get("PORTEND_SANITIZE") == "thread",
    reason="the thread sanitizer of gcc 12 loses signals that arrive when they are unblocked",
)
needs_strace = pytest.mark.skipif(
    shutil.which("strace") is None or subprocess.run(["strace", "true"], capture_output=True).returncode != 0,
    reason="needs strace(1), and the right to use it",
)
needs_other_users = pytest.mark.skipif(os.geteuid() != 0 or ALONE, reason="needs root, to become another user")


def without_leak_sanitizer(environment=os.environ):
    """The leak sanitizer, if the program has it, needs a descriptor at its end, and does not work under ptrace(2)."""
    return {**environment, "ASAN_OPTIONS": "detect_leaks=0"}


def run(*arguments, **options):
    """Runs the program to its end."""
    options = {"capture_output": True, "text": True, "timeout": PATIENCE, **options}
    return subprocess.run([PORTEND, *map(str, arguments)], **options)


def succeed(*arguments, **options):
    """Runs the program, which must succeed without output on stderr. Returns its output."""
    result = run(*arguments, **options)
    assert (result.returncode, result.stderr) == (0, ""), result
    return result.stdout


def fail(code, *arguments, **options):
    """Runs the program, which must fail with this code and message. Returns the message."""
    result = run(*arguments, **options)
    assert result.returncode == code and result.stdout == "", result
    assert result.stderr.endswith("\n"), result
    return result.stderr[:-1]


def traced(calls, faults, *words):
    """Runs the program under strace(1). Returns the lines about these calls, and how the program ended."""
    with tempfile.NamedTemporaryFile("r") as log:
        options = ["-o", log.name, "-e", f"trace={calls}", *(word for fault in faults for word in ["-e", f"inject={fault}"])]
        command = ["strace", *options, PORTEND, *map(str, words)]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, env=without_leak_sanitizer())
        return log.read(), ended


def target_of(held):
    host, port = held.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def can_be_bound(port, host="127.0.0.1"):
    try:
        bound(host, port=port).close()
    except OSError:
        return False
    return True


def eventually(condition, what):
    """Waits until a condition holds, and returns its result."""
    result = kit.eventually(condition, PATIENCE)
    assert result, f"not within {PATIENCE} s: {what}"
    return result


def status_of(pid, field):
    """Returns a field of /proc/PID/status."""
    with open(f"/proc/{pid}/status") as status:
        return next(line for line in status if line.startswith(field + ":")).split()[1:]


def handles(pid, number):
    """Whether a process has a handler for a signal."""
    return int(status_of(pid, "SigCgt")[0], 16) >> (number - 1) & 1


def ignores(pid, number):
    return int(status_of(pid, "SigIgn")[0], 16) >> (number - 1) & 1


def is_probing(pid):
    """Whether a wait for a closed port continues: the program has slept between probes."""
    return int(status_of(pid, "voluntary_ctxt_switches")[0]) >= 5


def read_line(stream):
    """Reads a line of a pipe as soon as it is there."""
    line = b""
    deadline = time.monotonic() + PATIENCE
    while not line.endswith(b"\n"):
        ready, _, _ = select.select([stream], [], [], max(0, deadline - time.monotonic()))
        assert ready, f"no line within {PATIENCE} s, only {line}"
        byte = os.read(stream.fileno(), 1)
        assert byte, f"the stream ended after {line}"
        line += byte
    return line.decode()


def stop(process):
    """Ends a process as its user does, so that it can clean up; kills it if that takes longer than a second."""
    process.terminate()
    try:
        process.wait(1)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def end_of(process):
    """Waits for a process. Returns its return code and output."""
    out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, out, err
