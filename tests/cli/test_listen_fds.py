# SPDX-License-Identifier: MIT
"""portend reserve --listen: hands listening sockets over by the convention of systemd."""

import os
import socket
import subprocess

import pytest

from kit import eventually
from reserved import PYTHON, connected, tell
from support import PORTEND, end_of, fail, needs_own_network, read_line

# Takes its first socket like a server that systemd activates.
SERVE_INHERITED = """
import os, socket
assert os.environ.get("LISTEN_PID", str(os.getpid())) == str(os.getpid())
server = socket.socket(fileno=3)
assert server.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
client, _ = server.accept()
client.sendall(b"hello from " + os.environ["PORT"].encode())
"""

ECHO_DATAGRAMS = """
import os, select, socket
sockets = [socket.socket(fileno=3 + i) for i in range(int(os.environ["LISTEN_FDS"]))]
print(os.environ["PORT"], flush=True)
receivers = [each for each in sockets if each.type == socket.SOCK_DGRAM]
for _ in range(2):
    for ready in select.select(receivers, [], [])[0]:
        data, sender = ready.recvfrom(100)
        ready.sendto(data, sender)
"""


def test_sockets_that_listen_stand_from_descriptor_3_on(start):
    told = tell(start, "--listen")
    assert told.environment["LISTEN_FDS"] == "1" and list(told.sockets) == [3]
    assert int(told.environment["LISTEN_PID"]) == told.pid == told.process.pid
    assert told.environment["LISTEN_FDNAMES"] == f"port-{told.port}"
    assert told.sockets[3]["listens"] and told.sockets[3]["blocking"]
    assert told.descriptors == [0, 1, 2, 3]
    for host in ["127.0.0.1", "::1"]:
        connected(told.port, host).close()
    with pytest.raises(OSError):
        socket.create_server(("127.0.0.1", told.port))


def test_each_address_has_its_socket_and_each_port_its_name(start):
    told = tell(start, "--listen", "--host", "localhost", "--name", "WEB", "--name", "db")
    assert told.environment["LISTEN_FDS"] == "4"
    assert told.environment["LISTEN_FDNAMES"] == "WEB:WEB:db:db"
    addresses = [tuple(told.sockets[number]["address"]) for number in range(3, 7)]
    web, db = (int(told.environment[name]) for name in ["WEB_PORT", "DB_PORT"])
    assert addresses == [("127.0.0.1", web), ("::1", web), ("127.0.0.1", db), ("::1", db)]
    assert all(socket["listens"] for socket in told.sockets.values())


def test_a_server_takes_the_socket(start):
    command = ["sh", "-c", 'echo $PORT; exec "$@"', "sh", PYTHON, "-c", SERVE_INHERITED]
    process = start("reserve", "--listen", "--", *command)
    port = int(read_line(process.stdout))
    with connected(port) as client:
        assert client.makefile().read() == f"hello from {port}"
    assert end_of(process)[0] == 0
    assert eventually(lambda: connected(port) is None)


def test_a_server_behind_a_wrapper_takes_it_without_a_pid(start):
    command = ["sh", "-c", 'echo $PORT; "$@"; :', "sh", PYTHON, "-c", SERVE_INHERITED]
    environment = {**os.environ, "LISTEN_PID": "1"}
    process = start("reserve", "--listen", "--no-listen-pid", "--", *command, env=environment)
    port = int(read_line(process.stdout))
    with connected(port) as client:
        assert client.makefile().read() == f"hello from {port}"
    assert end_of(process)[0] == 0
    assert "goes with --listen" in fail(2, "reserve", "--no-listen-pid", "--", "true")


def run_with_descriptors(script):
    return subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("number, words", [(3, ""), (4, "-n 2"), (6, "-n 4")])
def test_a_descriptor_of_the_caller_that_would_be_overwritten_is_named(number, words):
    ended = run_with_descriptors(f"{PORTEND} reserve --listen {words} -- echo ran {number}>&1")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"portend: Descriptor {number} is open: ")
    assert f"{number}>&-" in ended.stderr
    closed = run_with_descriptors(f"exec {number}>&1; {PORTEND} reserve --listen {words} -- echo ran {number}>&-")
    assert (closed.returncode, closed.stdout, closed.stderr) == (0, "ran\n", "")


def test_descriptors_of_the_caller_behind_the_sockets_arrive_untouched(start):
    ended = run_with_descriptors(f'{PORTEND} reserve --listen -n 2 -- sh -c "echo through >&5" 5>&1')
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "through\n", "")


@needs_own_network
@pytest.mark.parametrize("words", [[], ["--host", "localhost"]])
def test_udp_is_handed_over_by_descriptor(words, start):
    process = start("reserve", "--listen", "--udp", *words, "--", PYTHON, "-c", ECHO_DATAGRAMS)
    port = int(read_line(process.stdout))
    for host, family in [("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)]:
        with socket.socket(family, socket.SOCK_DGRAM) as client:
            client.settimeout(60)
            client.connect((host, port))
            client.send(b"to " + host.encode())
            assert client.recv(100) == b"to " + host.encode()
    assert end_of(process)[0] == 0


@needs_own_network
def test_another_address_swallows_no_datagrams(start):
    told = tell(start, "--listen", "--udp", "--host", "127.0.0.1")
    assert [told.sockets[number]["udp"] for number in [3, 4]] == [False, True]
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as client:
        client.connect(("::1", told.port))
        client.send(b"a")
        with pytest.raises(ConnectionRefusedError):
            client.send(b"b")
