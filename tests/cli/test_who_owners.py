# SPDX-License-Identifier: MIT
"""portend who for processes with hostile names, and for those of other users."""

import json
import os
import pwd
import subprocess
import sys

import pytest

from kit import port_of
from support import PORTEND, needs_other_users, needs_socket_table, read_line, succeed
from test_json import HOSTILE_NAMES, NAMED_SERVER

OWN_USER = pwd.getpwuid(os.geteuid()).pw_name

pytestmark = needs_socket_table


def harmless(text):
    """Converts a text like the library does."""
    return "".join(c if c.isprintable() and c != "\ufffd" else "?" for c in text)


@pytest.mark.parametrize("name", [*HOSTILE_NAMES, "\u202egnp.exe", "a\u2028b"])
def test_a_hostile_name_of_a_process_does_no_harm(name, start):
    server = start("-c", NAMED_SERVER, name, program=sys.executable, stdin=subprocess.PIPE)
    port = int(read_line(server.stdout))
    header, row = succeed("who", port).splitlines()
    assert row.isprintable() and "\ufffd" not in row
    (listed,) = json.loads(succeed("who", port, "--json"))
    assert listed["process"] == harmless(os.fsencode(name)[:15].decode(errors="replace"))
    assert listed["command_line"].endswith(" " + harmless(os.fsencode(name).decode(errors="replace")))
    server.stdin.close()
    server.wait()


def test_a_very_long_command_line_is_cut(start):
    server = start("-c", NAMED_SERVER, "x", "y" * 10000, program=sys.executable, stdin=subprocess.PIPE)
    port = int(read_line(server.stdout))
    (listed,) = json.loads(succeed("who", port, "--json"))
    assert len(listed["command_line"]) == 4096 + 3 and listed["command_line"].endswith("y...")


@needs_other_users
def test_processes_that_this_user_may_not_see_are_reported(nobody, server):
    port = port_of(server)
    ended = subprocess.run([*nobody, "who", str(port)], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0
    assert ended.stdout.splitlines()[1].split() == [f"127.0.0.1:{port}", "-", "-", OWN_USER, "-", "-"]
    assert ended.stderr == (
        "portend: the processes of 1 of 1 sockets cannot be seen: "
        "they are of other users, or outside of this container.\n"
    )


@needs_other_users
def test_what_this_user_may_not_see_is_null_in_json(nobody, server):
    command = [*nobody, "who", str(port_of(server)), "--json"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    (listed,) = json.loads(ended.stdout)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert (listed["pid"], listed["process"], listed["user"]) == (None, None, OWN_USER)


@needs_other_users
def test_a_wait_of_another_user_works_all_the_same(nobody, server, closed):
    for words in [[f"127.0.0.1:{port_of(server)}", "occupied"], [f"127.0.0.1:{port_of(closed)}", "free"], ["find"]]:
        assert subprocess.run([*nobody, *words], capture_output=True, timeout=60).returncode == 0
    command = [*nobody, f"127.0.0.1:{port_of(server)}", "free", "-t", "0"]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60)
    reason = "accepted by 127.0.0.1" if os.environ.get("PORTEND_PROBE") == "connect" else "a listener on 127.0.0.1"
    assert told.returncode == 1 and f"({reason}" in told.stderr
