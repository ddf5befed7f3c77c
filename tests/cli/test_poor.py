# SPDX-License-Identifier: MIT
"""Environments without descriptors, /proc, IPv6, loopback or privileges: everything that can work works."""

import os
import pathlib
import subprocess
import sys

import pytest

from support import PORTABLE, PORTEND

SCRIPT = pathlib.Path(__file__).with_name("poor.py")
LITTLE_MEMORY, NO_PROC = "little memory", "no /proc"
ENVIRONMENTS = {
    "64 descriptors": (["sh"], "ulimit -n 64"),
    NO_PROC: (["unshare", "-m", "sh"], "mount -t tmpfs none /proc"),
    "no IPv6": (
        ["unshare", "-n", "sh"],
        "ip link set lo up; for file in /proc/sys/net/ipv6/conf/*/disable_ipv6; do echo 1 > $file; done",
    ),
    "loopback is down": (["unshare", "-n", "sh"], ":"),
    LITTLE_MEMORY: (["sh"], "ulimit -v 400000"),
    "no stack to speak of": (["sh"], "ulimit -s 256"),
}


def is_refused(shell):
    """Returns why a namespace is refused; empty if it is not."""
    ended = subprocess.run([*shell, "-c", ":"], capture_output=True, text=True)
    return ended.stderr.strip() if ended.returncode != 0 else None


@pytest.mark.skipif(PORTABLE, reason="the portable build has no means to tell who listens")
@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_it_works_all_the_same(name):
    if name == NO_PROC and os.environ.get("PORTEND_PROBE") == "connect":
        pytest.skip("without the socket table and /proc no socket can be listed")
    if name in [LITTLE_MEMORY, NO_PROC] and "PORTEND_SANITIZE" in os.environ:
        pytest.skip("a sanitizer reserves much more memory, and reads its own state from /proc")
    shell, preparation = ENVIRONMENTS[name]
    refusal = is_refused(shell)
    if refusal:
        pytest.skip(f"namespaces are refused here ({refusal})")
    loopback = "down" if name == "loopback is down" else "up"
    words = ["-c", f'{preparation}; exec "$@"', "-", sys.executable, SCRIPT, PORTEND, loopback]
    ended = subprocess.run([*shell, *map(str, words)], capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.skipif(PORTABLE, reason="the portable build has no means to tell who listens")
def test_it_works_for_an_ordinary_user(nobody, tmp_path):
    *become, program = nobody
    script = pathlib.Path(program).with_name("poor.py")
    script.write_text(SCRIPT.read_text())
    script.chmod(0o644)
    ended = subprocess.run([*become, sys.executable, str(script), program, "up"], capture_output=True, text=True, timeout=120)
    if ended.returncode != 0 and "setpriv" in ended.stderr:
        pytest.skip(f"another user is refused here ({ended.stderr.strip()})")
    assert ended.returncode == 0, ended.stdout + ended.stderr
