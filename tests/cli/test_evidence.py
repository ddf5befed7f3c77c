# SPDX-License-Identifier: MIT
"""Options for evidence: --owner, --stable, --connect, --no-connect; the states bindable and drained."""

import os
import signal
import socket
import subprocess

import pytest

from kit import bound, listening
from support import PATIENCE, PORTABLE, fail, needs_other_users, needs_socket_table, read_line, run, succeed, target_of
from test_json import NAMED_SERVER


@needs_socket_table
def test_only_the_owner_and_its_descendants_count(server):
    succeed(target_of(server), "occupied", "--owner", os.getpid(), "-t", "0")
    with subprocess.Popen(["sleep", "60"]) as other:
        told = fail(1, target_of(server), "occupied", "--owner", other.pid, "-t", "50ms")
        other.kill()
    assert "not the required owner" in told


@needs_other_users
@needs_socket_table
def test_an_owner_that_this_user_cannot_see_is_distinguished_from_another_one(nobody, server):
    command = [*nobody, target_of(server), "occupied", "--owner", str(os.getpid()), "-t", "60"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert ended.returncode == 4
    assert "this user cannot see which process has its listener" in ended.stderr


@needs_other_users
@needs_socket_table
def test_a_listener_of_a_process_that_this_user_sees_belongs_to_no_other_one(nobody, start):
    *become, _ = nobody
    server = start(*become, "/usr/bin/python3", "-c", NAMED_SERVER, "x", program=None, stdin=subprocess.PIPE)
    port = int(read_line(server.stdout))
    stranger = start("60", program="sleep")
    command = [*nobody, f"127.0.0.1:{port}", "occupied", "--owner", str(stranger.pid), "-t", "50ms"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert ended.returncode == 1
    assert "not the required owner" in ended.stderr


def test_a_connection_is_made_only_if_it_is_asked_for(server):
    succeed(target_of(server), "occupied", "-t", "0")
    server.setblocking(False)
    if not PORTABLE:
        with pytest.raises(BlockingIOError):
            server.accept()
    succeed(target_of(server), "occupied", "--connect", "-t", "5")
    connection, _ = server.accept()
    assert connection.recv(1) == b""  # closed, not reset
    connection.close()


@needs_socket_table
@pytest.mark.skipif(os.environ.get("PORTEND_PROBE") == "connect", reason="the socket table is not to be used")
def test_without_connections_the_socket_table_decides(server, closed):
    succeed(target_of(server), "occupied", "--no-connect", "-t", "0")
    told = fail(1, target_of(closed), "occupied", "--no-connect", "-t", "0")
    assert "no listener on 127.0.0.1" in told
    assert "192.0.2.1" in fail(4, "192.0.2.1:80", "occupied", "--no-connect", "-t", "0")


def test_a_server_that_closes_at_once_is_not_stable(tmp_path):
    code = "import socket,sys\ns=socket.create_server(('127.0.0.1',0))\nprint(s.getsockname()[1],flush=True)\n" \
           "while 1: s.accept()[0].close()"
    with subprocess.Popen(["python3", "-c", code], stdout=subprocess.PIPE, text=True) as proxy:
        target = f"127.0.0.1:{proxy.stdout.readline().strip()}"
        try:
            assert "closed it early" in fail(1, target, "occupied", "--stable", "200ms", "-t", "500ms")
            succeed(target, "occupied", "--connect", "-t", "5")
        finally:
            proxy.kill()


LATE = """
import socket, threading
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
while True:
    threading.Timer(0.3, server.accept()[0].close).start()
"""


def test_a_server_that_closes_later_is_stable_for_a_shorter_time_only():
    with subprocess.Popen(["python3", "-c", LATE], stdout=subprocess.PIPE, text=True) as proxy:
        target = f"127.0.0.1:{proxy.stdout.readline().strip()}"
        try:
            assert "closed it early" in fail(1, target, "occupied", "--stable", "5s", "-t", "1s")
            succeed(target, "occupied", "--stable", "20ms", "-t", "10")
        finally:
            proxy.kill()


PRE_FORK = """
import os, signal, socket
server = socket.create_server(("127.0.0.1", 0))
workers = []
for _ in range(2):
    workers.append(os.fork())
    if workers[-1] == 0:
        signal.pause()
print(server.getsockname()[1], *workers, flush=True)
signal.pause()
"""


@needs_socket_table
def test_the_master_and_each_worker_own_the_listener_that_they_share():
    with subprocess.Popen(["python3", "-c", PRE_FORK], stdout=subprocess.PIPE, text=True) as master:
        port, *workers = map(int, master.stdout.readline().split())
        try:
            for owner in master.pid, *workers:
                succeed(f"127.0.0.1:{port}", "occupied", "--owner", owner, "-t", "5")
            os.kill(workers[0], signal.SIGKILL)
            succeed(f"127.0.0.1:{port}", "occupied", "--owner", workers[1], "-t", "5")
        finally:
            for worker in workers:
                os.kill(worker, signal.SIGKILL)
            master.kill()


def test_a_server_that_keeps_connections_is_stable(server):
    succeed(target_of(server), "occupied", "--stable", "100ms", "-t", "10")


@pytest.mark.parametrize("words", [["--connect", "--no-connect"], ["--stable", "1", "--no-connect"]])
@pytest.mark.parametrize("command", [["occupied"], ["watch"]])
def test_options_that_contradict_each_other_are_refused(words, command):
    order = ["localhost:80", "occupied"] if command == ["occupied"] else ["watch", "localhost:80"]
    result = run(*order, *words)
    assert result.returncode == 2 and words[-1] in result.stderr


def test_a_port_that_is_bound_is_free_and_not_bindable():
    with bound("127.0.0.1", reuse=False) as held:
        succeed(target_of(held), "free", "-t", "0")
        told = fail(1, target_of(held), "bindable", "-t", "0")
        assert "from being bound" in told or "listens" in told or "has it bound" in told
        target = target_of(held)
    succeed(target, "bindable", "-t", "0")


@pytest.mark.skipif(PORTABLE, reason="without Linux connections are not listed")
def test_a_port_drains_when_its_last_connection_ends():
    with listening() as server:
        client = socket.create_connection(server.getsockname())
        accepted, _ = server.accept()
        fail(1, target_of(server), "drained", "-t", "0")
        accepted.close()
        client.close()
        succeed(target_of(server), "drained", "-t", "30")


def test_several_states_in_one_command(server, closed):
    succeed(target_of(server), "occupied", target_of(closed), "free", "-t", "5")
    told = fail(1, target_of(server), "free", target_of(closed), "occupied", "-t", "0")
    assert len(told.strip().splitlines()) == 2
