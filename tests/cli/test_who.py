# SPDX-License-Identifier: MIT
"""portend who: which processes listen, and what else keeps a port in use."""

import json
import os
import pwd
import socket
import subprocess
import sys

import pytest

from kit import bound, listening, port_of
from support import (
    PORTEND,
    eventually,
    fail,
    needs_own_network,
    needs_socket_table,
    read_line,
    run,
    succeed,
)
from terminal import Terminal

KEYS = ["address", "port", "dual_stack", "pid", "process", "user"]
KEYS += ["kind", "peer_address", "peer_port", "parent_pid", "command_line", "remaining_ms"]
HEADINGS = ["ADDRESS", "PID", "PROCESS", "USER", "PARENT", "COMMAND"]
HEADINGS_OF_ALL = ["ADDRESS", "PEER", "STATE", "PID", "PROCESS", "USER", "PARENT", "COMMAND"]

BY_CONNECTING = os.environ.get("PORTEND_PROBE") == "connect"
OWN_NAME = open("/proc/self/comm").read().strip()
OWN_USER = pwd.getpwuid(os.geteuid()).pw_name
OWN_COMMAND = open("/proc/self/cmdline").read().rstrip("\0").replace("\0", " ")
OWN = f"{OWN_NAME} (pid {os.getpid()}, user {OWN_USER})"

pytestmark = needs_socket_table


def rows_of(text, headings=None):
    """Returns the columns of each row, except for the command, which has spaces."""
    headings = headings or HEADINGS
    header, *rows = text.splitlines()
    assert header.split() == headings
    return [row.split(maxsplit=len(headings) - 1)[:-1] for row in rows]


def own_row(address, state=()):
    return [address, *state, str(os.getpid()), OWN_NAME, OWN_USER, str(os.getppid())]


def connected():
    """Returns a listener and both ends of a connection to it, all in this process."""
    server = listening()
    client = socket.create_connection(server.getsockname())
    return server, client, server.accept()[0]


def reason_of(port, *options):
    """Returns why a port without a listener is in use."""
    message = fail(1, "who", port, *options)
    assert message.startswith(f"Nothing listens on port {port}. (") and message.endswith(")")
    return message.partition(" (")[2][:-1]


def test_a_listener_is_named_with_its_process(server):
    port = port_of(server)
    table = succeed("who", port)
    assert rows_of(table) == [own_row(f"127.0.0.1:{port}")]
    assert table.splitlines()[1].endswith("  " + OWN_COMMAND)


def test_the_columns_are_aligned(server):
    with listening("::1"):
        lines = run("who").stdout.splitlines()
    places = {name: lines[0].index(name) for name in HEADINGS[1:]}
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


def test_ranges_can_be_given(server):
    with listening() as other:
        first, last = sorted([port_of(other), port_of(server)])

        def own_addresses(*ranges):
            addresses = [row[0] for row in rows_of(run("who", *ranges).stdout)]
            return [address for address in addresses if address in own]  # other programs may listen in between

        own = [f"127.0.0.1:{first}", f"127.0.0.1:{last}"]
        assert own_addresses(f"{first}-{last}") == own
        assert own_addresses(f"{first}-{last}", first, f"{last}-65535", f"{first}-{first}") == own


@needs_own_network
def test_a_range_without_a_listener_is_reported():
    assert fail(1, "who", "1-1023") == "Nothing listens on ports 1 to 1023."
    server, client, accepted = connected()
    first, last = sorted([port_of(server), port_of(client)])
    server.close()
    with client, accepted:
        whole = f"Nothing listens on ports {first} to {last}."
        assert fail(1, "who", f"{first}-{last}") == whole + " (2 sockets do not listen: --all lists them)"
        part = f"Nothing listens on ports {first} to {last - 1}."
        assert fail(1, "who", f"{first}-{last - 1}") == part + " (1 socket does not listen: --all lists it)"


@needs_own_network
def test_services_have_names():
    if os.geteuid() != 0:
        pytest.skip("only root may listen on port 80")
    with listening(port=80):
        assert [row[0] for row in rows_of(succeed("who", "http"))] == ["127.0.0.1:80"]
        assert run("who", "http-alt", "http").stderr.startswith("Nothing listens on port 8080. (")
    assert fail(1, "who", "http").startswith("Nothing listens on port 80. (")


def test_a_listener_of_both_families_is_shown_once():
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as both:
        port = port_of(both)
        assert [row[0] for row in rows_of(succeed("who", port))] == [f"*:{port}"]
        (listed,) = json.loads(succeed("who", port, "--json"))
        assert (listed["address"], listed["dual_stack"]) == ("::", True)
    with listening("::1") as six:
        assert [row[0] for row in rows_of(succeed("who", port_of(six)))] == [f"[::1]:{port_of(six)}"]


def test_no_listener_is_exit_code_1_and_a_reason(closed):
    port = port_of(closed)
    unused = "no TCP socket in this network namespace uses it"
    bound_by = f"{OWN} has it bound without listening, as a reservation does, on 127.0.0.1, command "
    reason = reason_of(port)
    assert reason == unused if BY_CONNECTING else reason.startswith(bound_by)
    ended = run("who", port, "--json")
    assert (ended.returncode, ended.stdout) == (1, "[]\n")
    assert ended.stderr == f"Nothing listens on port {port}. ({reason})\n"
    closed.close()
    assert reason_of(port) == unused
    assert reason_of(port, "--udp") == "no socket in this network namespace uses it"


@needs_own_network
def test_no_listener_at_all_is_exit_code_1_and_a_message():
    assert fail(1, "who") == "Nothing listens in this network namespace."


def test_a_port_without_a_listener_is_reported_among_others(closed, server):
    ended = run("who", port_of(closed), port_of(server))
    assert ended.returncode == 0 and len(rows_of(ended.stdout)) == 1
    assert ended.stderr.startswith(f"Nothing listens on port {port_of(closed)}. (")


def test_an_outgoing_connection_keeps_a_port():
    server, client, accepted = connected()
    with server, client, accepted:
        has = f"{OWN} has a connection with 127.0.0.1:{port_of(server)}, command "
        assert reason_of(port_of(client)).startswith(has)


def test_a_closed_connection_keeps_the_port_of_its_server():
    server, client, accepted = connected()
    port, peer = port_of(server), port_of(client)
    server.close()
    accepted.close()
    assert reason_of(port) == f"a connection with 127.0.0.1:{peer}, closed by its process, has not ended yet"
    client.close()
    reason = reason_of(port)
    assert reason.startswith(f"a closed connection with 127.0.0.1:{peer} stays in TIME_WAIT for ")
    assert reason.endswith(" more seconds; a server that sets SO_REUSEADDR may bind the port")
    (row,) = rows_of(succeed("who", port, "--all"), HEADINGS_OF_ALL)
    assert row[:3] == [f"127.0.0.1:{port}", f"127.0.0.1:{peer}", "time-wait"]
    (listed,) = json.loads(succeed("who", port, "--all", "--json"))
    assert listed["kind"] == "time_wait" and 0 < listed["remaining_ms"] <= 60000
    assert (listed["pid"], listed["process"], listed["user"], listed["command_line"]) == (None,) * 4


def test_all_sockets_are_listed_if_asked_for():
    server, client, accepted = connected()
    with server, client, accepted:
        address, peer = f"127.0.0.1:{port_of(server)}", f"127.0.0.1:{port_of(client)}"
        rows = rows_of(succeed("who", port_of(server), "--all"), HEADINGS_OF_ALL)
        assert [row for row in rows if "time-wait" not in row] == [
            own_row(address, ["-", "listening"]),
            own_row(address, [peer, "connected"]),
        ]
        # Another program may have used the port of the client before.
        rows = rows_of(succeed("who", port_of(client), "--all"), HEADINGS_OF_ALL)
        assert [row for row in rows if "time-wait" not in row] == [own_row(peer, [address, "connected"])]
        assert len(rows_of(succeed("who", port_of(server)))) == 1


def test_a_child_that_outlived_its_server_is_named(start):
    """The server listens, makes a child that keeps the socket, and ends."""
    script = """
import os, socket
server = socket.create_server(("127.0.0.1", 0))
read, write = os.pipe()
if os.fork() == 0:
    os.close(write)
    os.read(read, 1)  # until the server has ended
    print(server.getsockname()[1], os.getpid(), flush=True)
    os.read(0, 1)
"""
    server = start("-c", script, program=sys.executable, stdin=subprocess.PIPE)
    port, child = map(int, read_line(server.stdout).split())
    server.wait()
    (row,) = rows_of(succeed("who", port))
    assert row[1] == str(child) and row[4] != str(server.pid)


@needs_own_network
def test_a_reservation_is_named(start):
    if BY_CONNECTING:
        pytest.skip("/proc/net/tcp does not list sockets that are only bound")
    script = "import os; print(os.environ['PORT'], flush=True); os.read(0, 1)"
    owner_process = start("reserve", "--", sys.executable, "-c", script, stdin=subprocess.PIPE)
    port = int(read_line(owner_process.stdout))
    reason = reason_of(port)
    assert f"(pid {owner_process.pid}, user {OWN_USER}) has it bound without listening, as a reservation does, on " in reason
    assert {socket["kind"] for socket in json.loads(succeed("who", port, "--all", "--json"))} == {"bound"}


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_udp_sockets_are_listed_if_asked_for(address):
    with bound(address, kind=socket.SOCK_DGRAM) as receiver:
        port = port_of(receiver)
        shown = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
        headings = ["ADDRESS", "STATE", *HEADINGS[1:]]
        assert rows_of(succeed("who", port, "--udp"), headings) == [own_row(shown, ["udp"])]
        (listed,) = json.loads(succeed("who", port, "--udp", "--json"))
        assert (listed["kind"], listed["address"], listed["pid"]) == ("udp", address, os.getpid())
        assert run("who", port).returncode == 1


def test_several_listeners_of_one_port_are_listed():
    with socket.socket() as first, socket.socket() as second:
        for each in [first, second]:
            each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            each.bind(("127.0.0.1", port_of(first) if each is second else 0))
            each.listen()
        assert rows_of(succeed("who", port_of(first))) == [own_row(f"127.0.0.1:{port_of(first)}")] * 2


def test_json_has_its_keys(server):
    port = port_of(server)
    (listed,) = json.loads(succeed("who", port, "--json"))
    assert list(listed) == KEYS
    assert list(listed.values()) == [
        *["127.0.0.1", port, False, os.getpid(), OWN_NAME, OWN_USER],
        *["listening", None, None, os.getppid(), OWN_COMMAND, None],
    ]


def test_lines_are_as_wide_as_the_terminal(server):
    port = port_of(server)
    whole = succeed("who", port).splitlines()
    assert len(whole[1]) > 60
    with Terminal(PORTEND, "who", port, columns=60) as terminal:
        eventually(lambda: not terminal.read(0.1), "the end of the program")
        lines = terminal.text.split("\r\n")
    assert lines[:2] == [whole[0], whole[1][:57] + "..."]
