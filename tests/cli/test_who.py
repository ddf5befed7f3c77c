# SPDX-License-Identifier: MIT
"""portend who: who listens on this machine."""

import json
import os
import pwd
import shutil
import socket
import stat
import subprocess
import sys
import tempfile

import pytest

from kit import listening, port_of
from support import PORTEND, fail, needs_other_users, needs_own_network, needs_socket_table, read_line, run, succeed
from test_json import HOSTILE_NAMES, NAMED_SERVER

KEYS = ["address", "port", "dual_stack", "pid", "process", "user"]

OWN_NAME = open("/proc/self/comm").read().strip()
OWN_USER = pwd.getpwuid(os.geteuid()).pw_name

pytestmark = needs_socket_table


def rows_of(text):
    header, *rows = [line.split() for line in text.splitlines()]
    assert header == ["ADDRESS", "PID", "PROCESS", "USER"]
    return rows


def test_a_listener_is_named_with_its_process_and_user(server):
    port = port_of(server)
    assert rows_of(succeed("who", port)) == [[f"127.0.0.1:{port}", str(os.getpid()), OWN_NAME, OWN_USER]]


def test_the_columns_are_aligned(server):
    with listening("::1"):
        lines = run("who").stdout.splitlines()
    places = {name: lines[0].index(name) for name in ["PID", "PROCESS", "USER"]}
    for line in lines:
        assert all(line[place - 1] == " " and line[place] != " " for place in places.values()), line


@needs_own_network
def test_all_listeners_are_there_sorted_by_port_and_address():
    sockets = [listening(host) for host in ["127.0.0.1", "::1", "127.0.0.1", "0.0.0.0"]]
    sockets.append(listening("127.0.0.3", port_of(sockets[0])))
    listed = [(each["port"], ":" in each["address"], each["address"]) for each in json.loads(succeed("who", "--json"))]
    assert listed == sorted(listed)
    assert sorted((port, address) for port, _, address in listed) == sorted(
        (port_of(each), each.getsockname()[0]) for each in sockets
    )
    for each in sockets:
        each.close()


def test_ports_can_be_given(server):
    with listening() as other, listening() as third:
        ports = [port_of(other), port_of(server)]
        rows = rows_of(succeed("who", *ports, ports[0]))
        assert [row[0] for row in rows] == [f"127.0.0.1:{port}" for port in sorted(ports)]
        assert str(port_of(third)) not in str(rows)


def test_a_listener_of_both_families_is_shown_once():
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as both:
        port = port_of(both)
        assert [row[0] for row in rows_of(succeed("who", port))] == [f"*:{port}"]
        (listed,) = json.loads(succeed("who", port, "--json"))
        assert (listed["address"], listed["dual_stack"]) == ("::", True)
    with listening("::1") as six:
        assert [row[0] for row in rows_of(succeed("who", port_of(six)))] == [f"[::1]:{port_of(six)}"]


def test_nobody_is_exit_code_1_and_a_sentence(closed):
    port = port_of(closed)
    assert fail(1, "who", port) == f"Nobody listens on port {port}."
    ended = run("who", port, "--json")
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "[]\n", f"Nobody listens on port {port}.\n")


@needs_own_network
def test_nobody_at_all_is_exit_code_1_and_a_sentence():
    assert fail(1, "who") == "Nobody listens on this machine."


def test_a_port_without_a_listener_is_told_among_others(closed, server):
    ended = run("who", port_of(closed), port_of(server))
    assert ended.returncode == 0 and len(rows_of(ended.stdout)) == 1
    assert ended.stderr == f"Nobody listens on port {port_of(closed)}.\n"


def test_json_has_its_keys(server):
    port = port_of(server)
    (listed,) = json.loads(succeed("who", port, "--json"))
    assert list(listed) == KEYS
    assert list(listed.values()) == ["127.0.0.1", port, False, os.getpid(), OWN_NAME, OWN_USER]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_of_a_process_does_no_harm(name, start):
    server = start("-c", NAMED_SERVER, name, program=sys.executable, stdin=subprocess.PIPE)
    port = int(read_line(server.stdout))
    header, row = succeed("who", port).splitlines()
    assert row.isprintable() and "\ufffd" not in row
    (listed,) = json.loads(succeed("who", port, "--json"))
    expected = os.fsencode(name)[:15].decode(errors="replace").split("\n")[0]
    assert listed["process"] == expected


@pytest.fixture
def nobody():
    """A way to run the program as the user nobody, who may not look into other processes."""
    directory = tempfile.mkdtemp()
    os.chmod(directory, 0o755)
    program = shutil.copy(PORTEND, directory)
    os.chmod(program, os.stat(program).st_mode | stat.S_IROTH | stat.S_IXOTH)
    yield ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", program]
    shutil.rmtree(directory)


@needs_other_users
def test_what_this_user_may_not_see_is_said(nobody, server):
    port = port_of(server)
    ended = subprocess.run([*nobody, "who", str(port)], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0
    assert rows_of(ended.stdout) == [[f"127.0.0.1:{port}", "-", "-", OWN_USER]]
    assert ended.stderr == (
        "portend: the processes of 1 of 1 listeners may not be seen by this user, "
        "or are outside of this container.\n"
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
    by_connecting = os.environ.get("PORTEND_PROBE") == "connect"
    reason = "accepted by 127.0.0.1" if by_connecting else "listening on 127.0.0.1)"
    assert told.returncode == 1 and f"({reason}" in told.stderr
