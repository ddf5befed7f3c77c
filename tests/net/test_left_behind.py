# SPDX-License-Identifier: MIT
"""What remains in the kernel after probing ten thousand open targets by connecting."""

import contextlib
import socket
import threading

import pytest
from kit import port_of
from support import library as portend
from support.library import Waiter
from support.network import Neighbor, count_openings, openings, run
from support.places import Aside

TARGETS = 10000
TIME_WAIT = "06"  # in /proc/net/tcp


@pytest.fixture(autouse=True)
def by_connecting(monkeypatch):
    monkeypatch.setenv("PORTEND_PROBE", "connect")


class Server:
    """Accepts connections to the whole network of an address, and closes after its client."""

    def __init__(self):
        self._socket = socket.create_server(("0.0.0.0", 0), backlog=4096)
        self._socket.setblocking(False)
        self._is_over = threading.Event()
        self._work = Aside(self._serve)
        self.port = port_of(self._socket)

    def _serve(self):
        connections = []
        while connections or not self._is_over.wait(0.001):
            with contextlib.suppress(BlockingIOError):
                while True:
                    connections.append(self._socket.accept()[0])
                    connections[-1].setblocking(False)
            connections = [connection for connection in connections if not self._is_closed(connection)]

    @staticmethod
    def _is_closed(connection):
        with contextlib.suppress(BlockingIOError):
            connection.recv(1)
            connection.close()
            return True
        return False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._is_over.set()
        self._work.result()
        self._socket.close()


def time_waits(port, own):
    """Returns the number of sockets in TIME_WAIT with this local port, or this remote port."""
    with open("/proc/thread-self/net/tcp", encoding="ascii") as table:
        rows = [line.split() for line in table.readlines()[1:]]
    ends = [row[1] if own else row[2] for row in rows if row[3] == TIME_WAIT]
    return sum(int(end.split(":")[1], 16) == port for end in ends)


def wait_for_all(network, port):
    hosts = [f"{network}.{number // 200}.{number % 200 + 1}" for number in range(TARGETS)]
    with Waiter(*[(host, port, portend.OCCUPIED) for host in hosts], attempt_limit=5000) as waiter:
        assert waiter.run(60000) == portend.OK


def assert_little_is_left(begun, of_clients, of_server):
    """A probe that this machine delays by more than 100 ms becomes a connection, and stays in TIME_WAIT at
    its client."""
    assert begun >= TARGETS
    assert of_clients <= begun
    assert of_server == 0


def test_a_server_of_this_machine_keeps_no_time_wait():
    with Server() as server:
        count_openings(server.port)
        wait_for_all("127.1", server.port)
        begun = openings()
    assert_little_is_left(begun, time_waits(server.port, own=False), time_waits(server.port, own=True))


def test_a_server_of_another_machine_keeps_no_time_wait():
    far = Neighbor()
    with far:
        run("ip", "route", "add", "local", "10.77.0.0/16", "dev", "lo")
        server = Server()
        count_openings(server.port)
    run("ip", "route", "add", "10.77.0.0/16", "via", far.address)
    with server:
        wait_for_all("10.77", server.port)
    with far:
        begun, of_server = openings(), time_waits(server.port, own=True)
    assert_little_is_left(begun, time_waits(server.port, own=False), of_server)
